import Compute
import SpikeDatasets

/// Series of numbers with their classes, given in place of spikes.
public struct SeriesSamples: SampleSource {
    public let series: SeriesDataset

    public init(_ series: SeriesDataset) { self.series = series }

    public var name: String { series.name }
    public var count: Int { series.count }
    public var shape: SampleShape {
        SampleShape(
            inputCount: series.inputCount, signal: .values, stepCount: series.stepCount,
            targets: .classes(series.classCount))
    }

    public func batch(
        _ indices: [Int], stepCount: Int, random: RandomStream, parallelism: Parallelism
    ) throws -> SampleBatch {
        SampleBatch(
            input: series.values.gathered(indices), targets: .classes(indices.map { Int(series.labels[$0]) }))
    }
}
