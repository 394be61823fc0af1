import Files
import SpikeTrains

/// Some images of a data set beside the spikes that an encoder makes of them, to be looked at.
public struct ImagePreview: Sendable {
    /// The images shown, in order.
    public let images: ImageDataset
    /// The position of each in its data set.
    public let positions: [Int]
    /// The spikes, shape `[image][step][pixel]`.
    public let raster: SpikeRaster
    /// What the spikes are, `rate encoding, seed 1` for one.
    public let caption: String

    /// - Throws: ``DatasetError/images(dataset:_:)`` where these are not of the same images.
    public init(
        images: ImageDataset, positions: [Int], raster: SpikeRaster, caption: String
    ) throws(DatasetError) {
        guard positions.count == images.count, raster.sampleCount == images.count,
            raster.neuronCount == images.inputCount
        else {
            throw .images(
                dataset: images.name,
                .preview(
                    images: images.count, positions: positions.count, samples: raster.sampleCount,
                    pixels: images.inputCount, neurons: raster.neuronCount))
        }
        self.images = images
        self.positions = positions
        self.raster = raster
        self.caption = caption
    }

    /// Class and place of one image.
    public func title(of image: Int) -> String {
        let label = Int(images.labels[image])
        return "\(images.name) \(positions[image]): \(images.classNames[label]) (class \(label))"
    }

    /// How much one image fires.
    public func spikeSummary(of image: Int) -> String {
        let spikes = (0..<raster.stepCount).reduce(0) { $0 + spikeCount(of: image, step: $1) }
        let places = max(1, raster.stepCount * raster.neuronCount)
        let rate = String(printf: "%.3f", Double(spikes) / Double(places))
        return "\(spikes) spikes in \(raster.stepCount) steps, \(rate) a pixel and step; \(caption)"
    }

    func spikeCount(of image: Int, step: Int) -> Int {
        raster.activeNeurons(sample: image, step: step).count
    }
}
