/// Labelled grey-scale images of one size, held as one block of pixels.
public struct ImageDataset: Sendable, Hashable {
    /// The catalogue name of the data set it comes from, `fashion-mnist` for one.
    public let name: String
    /// Pixels of a row.
    public let width: Int
    /// Rows of an image.
    public let height: Int
    /// One name a class, in the order of the labels.
    public let classNames: [String]
    /// Intensities 0…255, shape `[image][row][column]`.
    public let pixels: [UInt8]
    /// The class of each image, `0 ..< classCount`.
    public let labels: [UInt8]

    /// - Parameters:
    ///   - pixels: intensities, shape `[image][row][column]`, `labels.count × height × width` of them.
    ///   - labels: the class of each image, below `classNames.count`.
    /// - Throws: ``DatasetError/images(dataset:_:)``.
    public init(
        name: String, width: Int, height: Int, classNames: [String], pixels: [UInt8], labels: [UInt8]
    ) throws(DatasetError) {
        do throws(ImageFault) {
            try Self.check(
                width: width, height: height, classCount: classNames.count, pixelCount: pixels.count,
                labels: labels)
        } catch {
            throw .images(dataset: name, error)
        }
        self.init(
            checkedName: name, width: width, height: height, classNames: classNames, pixels: pixels,
            labels: labels)
    }

    private static func check(
        width: Int, height: Int, classCount: Int, pixelCount: Int, labels: [UInt8]
    ) throws(ImageFault) {
        let (size, isLarge) = height.multipliedReportingOverflow(by: width)
        guard width > 0, height > 0, !isLarge else { throw .shape(height: height, width: width) }
        let (total, isBeyond) = size.multipliedReportingOverflow(by: labels.count)
        guard !isBeyond, pixelCount == total else {
            throw .pixelCount(found: pixelCount, images: labels.count, height: height, width: width)
        }
        guard classCount <= 256 else { throw .classCount(classCount) }
        if let position = labels.firstIndex(where: { Int($0) >= classCount }) {
            throw .label(Int(labels[position]), position: position, classCount: classCount)
        }
    }

    /// A part of a set that was checked, or images that are made to fit.
    package init(
        checkedName name: String, width: Int, height: Int, classNames: [String], pixels: [UInt8],
        labels: [UInt8]
    ) {
        self.name = name
        self.width = width
        self.height = height
        self.classNames = classNames
        self.pixels = pixels
        self.labels = labels
    }

    /// Images in the set.
    public var count: Int { labels.count }

    /// Pixels of an image: the inputs of a network that sees it whole.
    public var inputCount: Int { width * height }

    /// Classes that the labels choose from.
    public var classCount: Int { classNames.count }

    /// The pixels of one image, row by row.
    ///
    /// - Throws: ``DatasetError/images(dataset:_:)`` for a position without image.
    public func image(at index: Int) throws(DatasetError) -> [UInt8] {
        try pixels(at: CollectionOfOne(index))
    }

    /// The pixels of some images, one after the other: a batch for an encoder.
    ///
    /// - Parameter indices: positions of the images, in the order wanted.
    /// - Returns: shape `[indices.count][inputCount]`.
    /// - Throws: ``DatasetError/images(dataset:_:)`` for a position without image.
    public func pixels(at indices: some Collection<Int>) throws(DatasetError) -> [UInt8] {
        try check(indices)
        return gather(indices)
    }

    func check(_ indices: some Collection<Int>) throws(DatasetError) {
        if let wrong = indices.first(where: { !(0..<count).contains($0) }) {
            throw .images(dataset: name, .position(wrong, count: count))
        }
    }

    /// ``pixels(at:)`` for positions that are known to be the set's own.
    package func gather(_ indices: some Collection<Int>) -> [UInt8] {
        var batch: [UInt8] = []
        batch.reserveCapacity(indices.count * inputCount)
        for index in indices {
            batch.append(contentsOf: pixels[index * inputCount..<(index + 1) * inputCount])
        }
        return batch
    }

    /// Images of each class.
    public var classCounts: [Int] {
        var counts = [Int](repeating: 0, count: classCount)
        for label in labels { counts[Int(label)] += 1 }
        return counts
    }

    /// Mean of all pixels, 0…1, where 1 is intensity 255; 0 for a set without images.
    public var meanIntensity: Double {
        let total = pixels.reduce(into: 0) { $0 += Int($1) }
        return pixels.isEmpty ? 0 : Double(total) / Double(pixels.count) / 255
    }
}
