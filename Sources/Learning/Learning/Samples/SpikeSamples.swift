import Compute
import SpikeDatasets
import SpikeTrains

/// Spikes over time with their classes: recordings in steps.
public struct SpikeSamples: SampleSource {
    public let spikes: SpikeDataset
    /// Whether transforms by chance take part, others in each epoch.
    public let isAugmented: Bool

    public init(_ spikes: SpikeDataset, isAugmented: Bool = false) {
        (self.spikes, self.isAugmented) = (spikes, isAugmented)
    }

    public var name: String { spikes.name }
    public var count: Int { spikes.count }
    public var shape: SampleShape {
        SampleShape(
            inputCount: spikes.inputCount, stepCount: spikes.stepCount, targets: .classes(spikes.classCount))
    }

    public func batch(
        _ indices: [Int], stepCount: Int, random: RandomStream, parallelism: Parallelism
    ) throws -> SampleBatch {
        let augmentation = RandomStream(seed: random.seed, purpose: .augmentation, epoch: random.epoch)
        return SampleBatch(
            input: isAugmented
                ? try spikes.augmentedRaster(indices, random: augmentation, parallelism: parallelism)
                : spikes.raster(indices),
            targets: .classes(indices.map { Int(spikes.labels[$0]) }))
    }
}
