import Compute

/// The mean of a few independent measurements and its confidence interval, by Student's t: mean ± t_{1−α/2, n−1} · s/√n, with
/// α = 5 % shared out among the comparisons that it is for (Bonferroni).
///
/// Exact for normal measurements. Accuracies that crowd at 100 % are not normal; then the interval is a convention,
/// and it has no width where all measurements agree.
public struct MeanInterval: Sendable, Hashable {
    public let mean: Double
    public let low: Double
    public let high: Double
    /// Measurements n.
    public let count: Int

    /// - Parameters:
    ///   - values: with fewer than two, the interval is all of `range`.
    ///   - range: what a measurement can be; the interval is cut at its ends.
    ///   - comparisons: that are to hold together with 95 %.
    public init(
        _ values: [Double], range: ClosedRange<Double> = -Double.infinity...Double.infinity,
        comparisons: Int = 1
    ) {
        count = values.count
        mean = values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count)
        guard let error = SampleStatistics.standardError(of: values) else {
            (low, high) = (range.lowerBound, range.upperBound)
            return
        }
        let half = StudentLaw.quantile(tail: 0.05 / Double(max(comparisons, 1)), freedom: count - 1) * error
        low = max(mean - half, range.lowerBound)
        high = min(mean + half, range.upperBound)
    }
}

extension MeanInterval: Codable {
    private enum CodingKeys: CodingKey {
        case mean, low, high, count
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        count = try container.decode(Int.self, forKey: .count)
        mean = try container.decodeIfPresent(Double.self, forKey: .mean) ?? .nan
        low = try container.decodeIfPresent(Double.self, forKey: .low) ?? -.infinity
        high = try container.decodeIfPresent(Double.self, forKey: .high) ?? .infinity
    }

    /// An end that is nowhere, as of a single measurement, is written as null.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(count, forKey: .count)
        for (key, value) in [(CodingKeys.mean, mean), (.low, low), (.high, high)] {
            try container.encode(value.isFinite ? value : nil, forKey: key)
        }
    }
}
