import Files

/// Values given to an encoder, a decoder or a raster that do not fit together.
public enum SpikeTrainError: DescribedError, Equatable {
    /// Another number of pixels than the samples' inputs.
    case pixelCount(found: Int, samples: Int, inputs: Int)
    /// A firing probability outside 0…1.
    case ceiling(Double)
    /// A raster with a negative size, without channels, or larger than the machine's memory.
    case shape(samples: Int, steps: Int, neurons: Int, channels: Int)
    /// A place that a raster does not have; `shape` is the raster's.
    case place(sample: Int, step: Int, neuron: Int, channel: Int, shape: [Int])
    /// Spikes of several channels where those of one are expected.
    case channelCount(found: Int)
    /// Classes, or neurons a class, that cannot be.
    case classes(Int, neuronsPerClass: Int)
    /// A raster of other neurons than the decoder's or the statistics'.
    case neuronCount(found: [Int], expected: [Int])
    /// Another number of sample positions than samples.
    case sampleCount(found: Int, expected: Int)
    /// Rasters of one batch with different samples or steps.
    case rowCounts([Int])
    /// Real numbers that are no series.
    case values(found: String, expected: String)
    /// Random numbers that are for something else.
    case purpose(found: String, expected: String)

    public var category: ErrorCategory { .badInput }

    public var description: String {
        switch self {
        case .pixelCount(let found, let samples, let inputs):
            "encoder: found \(found) pixels, expected those of \(samples) samples of \(inputs) inputs"
        case .ceiling(let found):
            "rate encoder: found \(found) as the largest firing probability, expected 0 to 1"
        case .shape(let samples, let steps, let neurons, let channels):
            "raster: found \(samples) samples, \(steps) steps, \(neurons) neurons and \(channels) channels, "
                + "expected none below 0, at least one channel, and no more spikes than the memory holds"
        case .place(let sample, let step, let neuron, let channel, let shape):
            "raster: found sample \(sample), step \(step), neuron \(neuron), channel \(channel), expected places "
                + "below \(shape.map(String.init).joined(separator: ", "))"
        case .channelCount(let found):
            "raster: found spikes of \(found) channels, expected those of one"
        case .classes(let classes, let neuronsPerClass):
            "decoder: found \(classes) classes of \(neuronsPerClass) neurons, expected at least one of each"
        case .neuronCount(let found, let expected):
            "raster: found \(found.map(String.init).joined(separator: ", ")) neurons, "
                + "expected \(expected.map(String.init).joined(separator: ", "))"
        case .sampleCount(let found, let expected):
            "decoder: found positions of \(found) samples, expected those of \(expected)"
        case .rowCounts(let counts):
            "statistics: found layers of \(counts.map(String.init).joined(separator: ", ")) rows, "
                + "expected the same samples and steps of each"
        case .values(let found, let expected): "series: found \(found), expected \(expected)"
        case .purpose(let found, let expected):
            "random numbers: found those for \(found), expected those for \(expected)"
        }
    }
}
