import Compute
import Foundation
import Neurons

/// The mean of a few independent measurements and its 95 % confidence interval, by Student's t:
/// mean ± t_{0.975, n−1} · s/√n.
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
    public init(_ values: [Double], range: ClosedRange<Double> = -Double.infinity...Double.infinity) {
        count = values.count
        mean = values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count)
        guard let error = SampleStatistics.standardError(of: values) else {
            (low, high) = (range.lowerBound, range.upperBound)
            return
        }
        let half = Self.studentQuantile(count - 1) * error
        low = max(mean - half, range.lowerBound)
        high = min(mean + half, range.upperBound)
    }

    /// t_{0.975} of Student's distribution.
    ///
    /// From a table up to ten degrees of freedom ν, beyond by the expansion in 1/ν of Abramowitz and Stegun, 26.7.5,
    /// which is off by less than 1e-4 there.
    package static func studentQuantile(_ freedom: Int) -> Double {
        precondition(freedom > 0)
        let table = [12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281]
        if freedom <= table.count { return table[freedom - 1] }
        let (z, n) = (1.959964, Double(freedom))
        let (z3, z5, z7, z9) = (pow(z, 3), pow(z, 5), pow(z, 7), pow(z, 9))
        let first = (z3 + z) / (4 * n)
        let second = (5 * z5 + 16 * z3 + 3 * z) / (96 * n * n)
        let third = (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * n * n * n)
        let fourth = (79 * z9 + 776 * z7 + 1482 * z5 - 1920 * z3 - 945 * z) / (92160 * n * n * n * n)
        return z + first + second + third + fourth
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
