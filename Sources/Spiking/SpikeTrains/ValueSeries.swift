/// What the inputs of a network give at each step.
public enum InputSignal: String, Sendable, Hashable, Codable, CaseIterable {
    case spikes
    /// Real numbers x, in place of the spikes: z = Σ w x in (1). They are on all channels, and go out by full projections only.
    case values
}

/// Real numbers over time, for a batch of samples: what neurons are given where there are no spikes.
public struct ValueSeries: Sendable, Hashable {
    public let sampleCount: Int
    public let stepCount: Int
    public let inputCount: Int
    /// `[sample][step][input]`
    public let values: [Float]

    /// Numbers that products with weights are sure to be finite of.
    public static let range: ClosedRange<Float> = -65_536...65_536

    /// - Throws: ``SpikeTrainError/values(found:expected:)`` where there are not as many numbers, or one is not in ``range``.
    public init(
        _ values: [Float], sampleCount: Int, stepCount: Int, inputCount: Int
    ) throws(SpikeTrainError) {
        var size = 1
        for factor in [sampleCount, stepCount, inputCount] {
            let (product, isBeyond) = size.multipliedReportingOverflow(by: max(factor, 0))
            size = isBeyond ? .max : product
        }
        guard values.count == size, min(sampleCount, stepCount, inputCount) >= 0 else {
            throw .values(
                found: "\(values.count) numbers",
                expected: "\(sampleCount) samples × \(stepCount) steps × \(inputCount) inputs")
        }
        if let place = values.firstIndex(where: { !Self.range.contains($0) }) {
            throw .values(
                found: "\(values[place]) at element \(place)",
                expected: "numbers of at most \(Int(Self.range.upperBound)) in magnitude; scale them")
        }
        (self.values, self.sampleCount) = (values, sampleCount)
        (self.stepCount, self.inputCount) = (stepCount, inputCount)
    }

    private init(_ values: [Float], sampleCount: Int, like other: ValueSeries) {
        (self.values, self.sampleCount) = (values, sampleCount)
        (stepCount, inputCount) = (other.stepCount, other.inputCount)
    }

    /// Some samples, in the order wanted.
    package func gathered(_ samples: [Int]) -> ValueSeries {
        let size = stepCount * inputCount
        return ValueSeries(
            samples.flatMap { values[$0 * size..<($0 + 1) * size] }, sampleCount: samples.count, like: self)
    }

    /// Every sample `count` times, one after the other.
    package func repeatingSamples(_ count: Int) -> ValueSeries {
        count == 1 ? self : gathered((0..<sampleCount * count).map { $0 / count })
    }
}
