import QuantumCircuits
import DeviceNoise

/// Probabilities of spike patterns as they would be without readout errors: the inverse confusion matrix, channel by channel.
///
/// p(read) = Cᵀ p(true), with C the tensor product of the channels' confusion matrices, so p(true) = (Cᵀ)⁻¹ p(read). Measured
/// frequencies can come out slightly negative; ``projected(_:)`` gives the nearest probabilities.
public struct ReadoutMitigation: Sendable, Hashable {
    /// The least |determinant| of a channel's confusion matrix, 1 − p(1|0) − p(0|1), that is inverted. An error of a probability read
    /// grows to its inverse.
    public static let smallestDeterminant = 1e-6

    public let channels: [ReadoutConfusion]

    /// - Throws: ``ReadoutMitigationError/singular(channel:determinant:)``.
    public init(_ channels: [ReadoutConfusion]) throws(ReadoutMitigationError) {
        for (index, channel) in channels.enumerated() {
            let determinant = channel.determinant
            guard abs(determinant) >= Self.smallestDeterminant else {
                throw .singular(channel: index, determinant: determinant)
            }
        }
        self.channels = channels
    }

    /// Probabilities of the true patterns, from those of the patterns read.
    ///
    /// - Parameter read: 2^N values, pattern by pattern, channel 0 the most significant bit.
    /// - Returns: 2^N values that add up as `read` does, some below 0 perhaps.
    public func mitigated(_ read: [Double]) -> [Double] {
        precondition(read.count == 1 << channels.count, "one probability for each pattern")
        return channels.enumerated().reduce(read) { values, entry in
            let (channel, confusion) = entry
            let bit = 1 << (channels.count - 1 - channel)
            var result = values
            for pattern in values.indices where pattern & bit == 0 {
                let (silent, spike) = confusion.mitigated(values[pattern], values[pattern | bit])
                result[pattern] = silent
                result[pattern | bit] = spike
            }
            return result
        }
    }

    /// The probability that one channel fires, from the one read: (p − p(1|0)) / (1 − p(1|0) − p(0|1)).
    public func mitigatedFiring(_ read: Double, channel: Int) -> Double {
        channels[channel].mitigated(1 - read, read).spike
    }

    /// By how much the standard error of a channel's firing probability grows.
    public func errorFactor(channel: Int) -> Double { 1 / abs(channels[channel].determinant) }

    /// The probabilities nearest to some values that add up to 1, in the Euclidean distance (Smolin, Gambetta and Smith,
    /// Physical Review Letters 108, 070502, 2012): the most negative ones are put to 0, what is missing shared among the others.
    public static func projected(_ values: [Double]) -> [Double] {
        var result = values
        var missing = 0.0
        var left = values.count
        for index in values.indices.sorted(by: { values[$0] < values[$1] }) {
            if values[index] + missing / Double(left) < 0 {
                missing += values[index]
                result[index] = 0
                left -= 1
            } else {
                result[index] += missing / Double(left)
            }
        }
        return result
    }
}

extension ReadoutConfusion {
    /// det C = 1 − p(1|0) − p(0|1): 1 reads what is true, 0 nothing at all.
    public var determinant: Double { 1 - falseSpike - missedSpike }

    fileprivate func mitigated(_ silent: Double, _ spike: Double) -> (silent: Double, spike: Double) {
        (
            ((1 - missedSpike) * silent - missedSpike * spike) / determinant,
            ((1 - falseSpike) * spike - falseSpike * silent) / determinant
        )
    }
}
