import Compute
import SpikeDatasets
import SpikeTrains

/// Images with their classes, encoded as they are wanted.
public struct ImageSamples: SampleSource {
    public let images: ImageDataset
    public let encoder: any SpikeEncoder

    public init(_ images: ImageDataset, encoder: any SpikeEncoder) {
        self.images = images
        self.encoder = encoder
    }

    public var name: String { images.name }
    public var count: Int { images.count }
    public var shape: SampleShape {
        SampleShape(inputCount: images.inputCount, targets: .classes(images.classCount))
    }

    public func batch(
        _ indices: [Int], stepCount: Int, random: RandomStream, parallelism: Parallelism
    ) throws -> SampleBatch {
        SampleBatch(
            input: try encoder.encode(
                pixels: images.gather(indices), inputCount: images.inputCount, sampleIndices: indices,
                stepCount: stepCount, random: random, parallelism: parallelism),
            targets: .classes(indices.map { Int(images.labels[$0]) }))
    }
}
