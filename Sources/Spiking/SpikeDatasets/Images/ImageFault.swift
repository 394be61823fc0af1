/// What is wrong with images in memory, or with what is asked of them.
public enum ImageFault: Error, Equatable, Sendable, CustomStringConvertible {
    /// An image has no pixel, or more than can be counted.
    case shape(height: Int, width: Int)
    /// Another number of pixels than the labels' images have.
    case pixelCount(found: Int, images: Int, height: Int, width: Int)
    /// A label that is no class.
    case label(Int, position: Int, classCount: Int)
    /// More classes than a label of one byte can tell apart.
    case classCount(Int)
    /// No image has this position.
    case position(Int, count: Int)
    /// Parts that are larger than the whole.
    case split(trainCount: Int, testCount: Int, count: Int)
    /// A preview's images, positions and spikes are not of the same images.
    case preview(images: Int, positions: Int, samples: Int, pixels: Int, neurons: Int)

    public var description: String {
        switch self {
        case .shape(let height, let width):
            "found \(height) × \(width) pixels an image, expected at least 1 × 1"
        case .pixelCount(let found, let images, let height, let width):
            "found \(found) pixels, expected those of \(images) images (one a label) of \(height) × \(width)"
        case .label(let label, let position, let classCount):
            "label \(position) is \(label), expected one of \(classCount) classes, counted from 0"
        case .classCount(let found):
            "found \(found) classes, expected at most 256"
        case .position(let found, let count):
            "found position \(found), expected one of \(count) images, counted from 0"
        case .split(let trainCount, let testCount, let count):
            "found parts of \(trainCount) and \(testCount), expected together at most \(count) images"
        case .preview(let images, let positions, let samples, let pixels, let neurons):
            "found \(positions) positions and spikes of \(samples) × \(neurons), "
                + "expected those of \(images) images of \(pixels) pixels"
        }
    }
}
