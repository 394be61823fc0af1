/// Mean and standard deviation of curves over random draws, point by point.
public struct SampleStatistics: Codable, Hashable, Sendable {
    public let mean: [Double]
    /// With n − 1; zeros for a single draw.
    public let standardDeviation: [Double]

    /// - Parameter samples: `[draw][point]`, at least one draw, all of the same length.
    public init(_ samples: [[Double]]) {
        precondition(!samples.isEmpty, "no draws to take the mean of")
        let count = Double(samples.count)
        let mean = samples[0].indices.map { point in samples.reduce(0) { $0 + $1[point] } / count }
        self.mean = mean
        standardDeviation = mean.indices.map { point in
            let squares = samples.reduce(0) { sum, sample in
                let deviation = sample[point] - mean[point]
                return sum + deviation * deviation
            }
            return samples.count > 1 ? (squares / (count - 1)).squareRoot() : 0
        }
    }
}
