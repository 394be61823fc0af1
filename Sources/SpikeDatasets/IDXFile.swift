import Digests

/// An array of bytes in the IDX format of MNIST (Y. LeCun), plain or gzipped.
///
///     0x00000800 + number of dimensions   4 bytes, big-endian
///     size of each dimension              4 bytes each, big-endian
///     elements, last dimension fastest    1 byte each
struct IDXFile: DigestedFile, Sendable {
    let path: String
    let isGzipped: Bool
    let dimensions: [Int]
    /// The elements; `dimensions.reduce(1, *)` of them.
    let elements: [UInt8]
    let contentDigest: String

    /// Reads a whole file.
    ///
    /// Nothing is allocated on the word of the header alone: a size that the file cannot hold is refused,
    /// and memory grows as bytes arrive.
    ///
    /// - Parameters:
    ///   - path: the file, gzipped or not.
    ///   - rank: number of dimensions.
    ///   - expected: the dimensions that the header must name, where they are known.
    /// - Throws: ``DatasetError/unreadable(path:reason:)``, ``DatasetError/damaged(path:_:)``.
    init(path: String, rank: Int, dimensions expected: [Int]? = nil) throws(DatasetError) {
        let reader = try GzipReader(path: path)
        let header = try Self.header(of: reader, rank: rank)
        let dimensions = (1...rank).map { Int(Self.word(header, at: 4 * $0)) }
        if let expected, dimensions != expected {
            let shape = expected.map(String.init).joined(separator: " × ")
            throw .damaged(path: path, .wrongDimensions(found: dimensions, expected: shape))
        }
        let size = try Self.size(of: dimensions, after: header.count, in: reader)

        var elements: [UInt8] = []
        // The sets in the catalogue inflate to less than eight times the file; a bomb gets no more at once.
        elements.reserveCapacity(min(size, 8 * reader.fileSize))
        try reader.read(size, into: &elements)
        guard elements.count == size else {
            throw .damaged(
                path: path, .tooShort(found: header.count + elements.count, expected: header.count + size))
        }
        guard try reader.isAtEnd() else {
            throw .damaged(path: path, .trailingBytes(expected: header.count + size))
        }

        var hasher = SHA256Hasher()
        hasher.update(header)
        hasher.update(elements)
        contentDigest = hasher.finalize()
        self.path = path
        self.isGzipped = reader.isGzipped
        self.dimensions = dimensions
        self.elements = elements
    }

    private static func header(of reader: GzipReader, rank: Int) throws(DatasetError) -> [UInt8] {
        var header: [UInt8] = []
        let size = 4 + 4 * rank
        try reader.read(size, into: &header)
        let magic = 0x0800 + UInt32(rank)
        if header.count >= 4, word(header, at: 0) != magic {
            throw .damaged(path: reader.path, .wrongMagic(found: word(header, at: 0), expected: magic))
        }
        guard header.count == size else {
            throw .damaged(path: reader.path, .tooShort(found: header.count, expected: size))
        }
        return header
    }

    private static func word(_ bytes: [UInt8], at offset: Int) -> UInt32 {
        bytes[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// The number of elements, if the file can hold as many.
    private static func size(
        of dimensions: [Int], after headerSize: Int, in reader: GzipReader
    ) throws(DatasetError) -> Int {
        let ratio = reader.isGzipped ? GzipReader.largestRatio : 1
        let largest = max(0, reader.fileSize * ratio - headerSize)
        var size = 1
        for dimension in dimensions {
            let (product, overflow) = size.multipliedReportingOverflow(by: dimension)
            guard !overflow, product <= largest else {
                throw .damaged(
                    path: reader.path, .impossibleSize(dimensions: dimensions, largest: largest))
            }
            size = product
        }
        return size
    }
}
