/// Mean and standard deviation of curves over random draws, point by point.
public struct SampleStatistics: Hashable, Sendable {
    public let mean: [Double]
    /// With n − 1, one for each point; nil, in JSON null, for a single draw: it has none, and not 0.
    public let standardDeviation: [Double]?

    /// - Parameter samples: `[draw][point]`, at least one draw, all of the same length.
    public init(_ samples: [[Double]]) {
        precondition(!samples.isEmpty, "no draws to take the mean of")
        mean = samples[0].indices.map { point in Self.mean(of: samples.map { $0[point] }) }
        let deviations = samples[0].indices.compactMap { point in
            Self.standardDeviation(of: samples.map { $0[point] })
        }
        standardDeviation = samples.count > 1 ? deviations : nil
    }

    /// The mean of some numbers; NaN of none.
    public static func mean(of values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

    /// √(Σ (x − mean)² / (n − 1)); nil for fewer than two numbers: one number does not vary, and says nothing about how much
    /// others would.
    public static func standardDeviation(of values: [Double]) -> Double? {
        guard values.count > 1 else { return nil }
        let mean = mean(of: values)
        return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot()
    }

    /// The deviation of the mean of some numbers, that of the numbers over √n; nil for fewer than two.
    public static func standardError(of values: [Double]) -> Double? {
        standardDeviation(of: values).map { $0 / Double(values.count).squareRoot() }
    }

    /// The number below which a share of the numbers lies, by linear interpolation between them, as NumPy takes it; NaN of none.
    ///
    /// - Parameters:
    ///   - sorted: the numbers in ascending order.
    ///   - share: 0…1.
    public static func quantile(ofSorted sorted: [Double], _ share: Double) -> Double {
        guard let last = sorted.last else { return .nan }
        let place = share * Double(sorted.count - 1)
        let below = Int(place)
        guard below + 1 < sorted.count else { return last }
        return sorted[below] + (place - Double(below)) * (sorted[below + 1] - sorted[below])
    }
}

extension SampleStatistics: Codable {
    /// A deviation that is not there is written as null, so that every reader meets the field.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(mean, forKey: .mean)
        try container.encode(standardDeviation, forKey: .standardDeviation)
    }
}
