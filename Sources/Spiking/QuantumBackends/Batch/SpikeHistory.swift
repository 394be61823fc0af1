import QuantumCircuits

/// The spikes of one shot: T steps of N channels.
///
/// As text, one digit a spike, step outer and channel inner, the first step first.
public struct SpikeHistory: Hashable, Sendable {
    /// T·N at most.
    public static let maximumBitCount = 128

    /// The digits of the text as a number.
    private var bits: UInt128
    private var steps: UInt8
    private let channels: UInt8

    init(channelCount: Int) {
        bits = 0
        steps = 0
        channels = UInt8(channelCount)
    }

    /// - Parameter patterns: of each step, channel 0 the most significant bit.
    public init(patterns: [Int], channelCount: Int) {
        precondition(patterns.count * channelCount <= Self.maximumBitCount, "the history is too long")
        self.init(channelCount: channelCount)
        for pattern in patterns { append(pattern) }
    }

    /// The history of a text such as `0110`; nil where it is no such text of this many steps and channels.
    public init?(_ text: String, stepCount: Int, channelCount: Int) {
        let digits = text.utf8
        guard digits.count == stepCount * channelCount, digits.count <= Self.maximumBitCount,
            digits.allSatisfy({ $0 == UInt8(ascii: "0") || $0 == UInt8(ascii: "1") })
        else { return nil }
        bits = digits.reduce(0) { $0 << 1 | UInt128($1 & 1) }
        steps = UInt8(stepCount)
        channels = UInt8(channelCount)
    }

    public var stepCount: Int { Int(steps) }
    public var channelCount: Int { Int(channels) }

    /// The spikes of a step, channel 0 the most significant bit.
    public func pattern(step: Int) -> Int {
        precondition((0..<stepCount).contains(step), "no step \(step)")
        return Int(bits >> ((stepCount - 1 - step) * channelCount) & (1 << channelCount - 1))
    }

    public func fires(step: Int, channel: Int = 0) -> Bool {
        Instrument.bit(of: channel, in: pattern(step: step), channels: channelCount)
    }

    /// The first steps of the history.
    public func prefix(_ count: Int) -> SpikeHistory {
        precondition((0...stepCount).contains(count), "no \(count) steps")
        var prefix = self
        prefix.bits = bits >> ((stepCount - count) * channelCount)
        prefix.steps = UInt8(count)
        return prefix
    }

    mutating func append(_ pattern: Int) {
        bits = bits << channelCount | UInt128(pattern)
        steps += 1
    }
}

extension SpikeHistory: Comparable {
    public static func < (left: SpikeHistory, right: SpikeHistory) -> Bool { left.bits < right.bits }
}

extension SpikeHistory: CustomStringConvertible {
    public var description: String {
        let digits = String(bits, radix: 2)
        let count = stepCount * channelCount
        return count == 0 ? "" : String(repeating: "0", count: count - digits.count) + digits
    }
}
