import Compute
import SpikeDatasets
import SpikeTrains

/// Spikes over time with their classes: recordings in steps.
public struct SpikeSamples: SampleSource {
    public let spikes: SpikeDataset

    public init(_ spikes: SpikeDataset) { self.spikes = spikes }

    public var name: String { spikes.name }
    public var count: Int { spikes.count }
    public var shape: SampleShape {
        SampleShape(
            inputCount: spikes.inputCount, stepCount: spikes.stepCount, targets: .classes(spikes.classCount))
    }

    public func batch(
        _ indices: [Int], stepCount: Int, random: RandomStream, parallelism: Parallelism
    ) throws -> SampleBatch {
        SampleBatch(
            input: spikes.raster(indices), targets: .classes(indices.map { Int(spikes.labels[$0]) }))
    }
}
