/// Images without labels, from one IDX file, to be classified.
public struct ImageFile: Sendable {
    /// Where they come from, for messages.
    public let path: String
    /// Images in the file.
    public let count: Int
    /// Intensities 0…255, shape `[image][row][column]`.
    public let pixels: [UInt8]
    /// Rows and columns of an image.
    public let height: Int
    public let width: Int

    /// Pixels of an image.
    public var inputCount: Int { height * width }

    /// Reads a whole file: the IDX format of MNIST with three dimensions of bytes, plain or gzipped, at most 2³⁰ pixels.
    ///
    /// - Parameters:
    ///   - path: the file, or `-` for standard input.
    ///   - height: rows that its images must have.
    ///   - width: pixels of a row that they must have.
    /// - Throws: ``DatasetError/unreadable(_:)``, ``DatasetError/damaged(path:_:)``.
    public init(path: String, height: Int, width: Int) throws(DatasetError) {
        let file = try IDXFile(path: path, dimensions: [nil, height, width])
        self.path = file.path
        count = file.dimensions[0]
        pixels = file.elements
        self.height = height
        self.width = width
    }
}
