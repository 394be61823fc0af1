import Compute
import Glibc

/// The law of the intervals between the spikes of a train whose intervals are independent: p(n) of n = 1 … N steps.
public struct IntervalLaw: Sendable, Hashable {
    /// p(1), p(2), …: what lies beyond the last is not there, and they add up to 1.
    public let probabilities: [Double]

    /// - Parameter weights: of intervals 1, 2, …; numbers of at least 0 in proportion to the probabilities.
    /// - Throws: ``SpikeFitError/law(_:)`` where they are no such numbers, or all 0.
    public init(_ weights: [Double]) throws(SpikeFitError) {
        let total = weights.reduce(0, +)
        guard weights.allSatisfy({ $0 >= 0 }), total > 0, total.isFinite else {
            throw .law("found weights that are negative, no numbers or all 0")
        }
        probabilities = weights.map { $0 / total }
    }

    /// How often each interval comes in a train.
    ///
    /// - Throws: ``SpikeFitError/law(_:)`` for a train without intervals.
    public init(of intervals: [Int]) throws(SpikeFitError) {
        var counts = [Double](repeating: 0, count: intervals.max() ?? 0)
        for interval in intervals { counts[interval - 1] += 1 }
        guard !intervals.isEmpty else { throw .law("found no intervals") }
        try self.init(counts)
    }

    /// N
    public var longest: Int { probabilities.count }

    /// Steps.
    public var mean: Double {
        probabilities.enumerated().reduce(0) { $0 + Double($1.offset + 1) * $1.element }
    }

    /// −Σ p log p, nats.
    public var entropy: Double { probabilities.reduce(0) { $1 > 0 ? $0 - $1 * log($1) : $0 } }

    /// Σ p log (p/q), the nats a spike that a model q misses: infinite where q rules out what happens.
    ///
    /// - Parameter model: q(1), q(2), …; what is not there is 0.
    public func missedNats(of model: [Double]) -> Double {
        probabilities.enumerated().reduce(0) { sum, entry in
            guard entry.element > 0 else { return sum }
            let found = entry.offset < model.count ? model[entry.offset] : 0
            return sum + entry.element * log(entry.element / found)
        }
    }

    /// Independent intervals.
    ///
    /// - Parameter part: another number gives others, of the same seed.
    public func intervals(count: Int, seed: UInt64, part: Int = 0) -> [Int] {
        var cumulative = probabilities
        for index in cumulative.indices.dropFirst() { cumulative[index] += cumulative[index - 1] }
        var random = RandomStream(seed: seed, purpose: .analysis, population: 5).generator(sample: part)
        return (0..<count).map { _ in
            let place = Double.random(in: 0..<1, using: &random)
            var (low, high) = (0, cumulative.count - 1)
            while low < high {
                let middle = (low + high) / 2
                if cumulative[middle] > place { high = middle } else { low = middle + 1 }
            }
            return low + 1
        }
    }
}
