import Files

/// An array of bytes in the IDX format of MNIST (Y. LeCun), plain or gzipped.
///
///     0x00000800 + number of dimensions   4 bytes, big-endian
///     size of each dimension              4 bytes each, big-endian
///     elements, last dimension fastest    1 byte each
struct IDXFile: Sendable {
    let path: String
    let dimensions: [Int]
    /// The elements; `dimensions.reduce(1, *)` of them.
    let elements: [UInt8]
    let digests: FileDigests

    /// The most elements of an array whose size is not known beforehand.
    static let largestCount = 1 << 30

    /// Bytes of a file, header and elements.
    static func size(ofDimensions dimensions: [Int]) -> Int {
        4 + 4 * dimensions.count + dimensions.reduce(1, *)
    }

    /// Reads a whole file.
    ///
    /// Nothing is allocated on the word of the header alone: a size that is not expected, or that the file cannot hold,
    /// is refused, and memory grows as bytes arrive.
    ///
    /// - Parameters:
    ///   - path: the file, gzipped or not, or `-` for standard input.
    ///   - expected: the dimensions that the header must name; nil for any, as long as the elements are at most
    ///     ``largestCount``.
    /// - Throws: ``DatasetError/unreadable(_:)``, ``DatasetError/damaged(path:_:)``.
    init(path: String, dimensions expected: [Int?]) throws(DatasetError) {
        let known = expected.compactMap { $0 }
        let limit = known.count == expected.count ? known.reduce(1, *) : Self.largestCount
        let reader = try DatasetError.reading { () throws(FileError) in
            try GzipReader(path: path, sizeLimit: GzipReader.largestSize(ofContents: limit))
        }
        let rank = expected.count
        let header = try Self.header(of: reader, rank: rank)
        let dimensions = (1...rank).map { Int(Self.word(header, at: 4 * $0)) }
        guard zip(dimensions, expected).allSatisfy({ $0 == $1 ?? $0 }) else {
            throw .damaged(path: reader.path, Self.wrongDimensions(dimensions, expected))
        }
        let size = try Self.size(of: dimensions, limit: limit, after: header.count, in: reader)

        var elements: [UInt8] = []
        // The sets in the catalogue inflate to less than eight times the file; a bomb gets no more at once.
        elements.reserveCapacity(min(size, 8 * (reader.fileSize ?? 0)))
        try DatasetError.reading { () throws(FileError) in try reader.read(size, into: &elements) }
        guard elements.count == size else {
            throw .damaged(
                path: reader.path,
                .tooShort(found: header.count + elements.count, expected: header.count + size))
        }
        guard try DatasetError.reading(reader.isAtEnd) else {
            throw .damaged(path: reader.path, .trailingBytes(expected: header.count + size))
        }

        var hasher = SHA256Hasher()
        hasher.update(header)
        hasher.update(elements)
        digests = FileDigests(content: hasher.finalize(), archive: reader.archiveDigest())
        self.path = reader.path
        self.dimensions = dimensions
        self.elements = elements
    }

    private static func wrongDimensions(_ found: [Int], _ expected: [Int?]) -> FileFault {
        // An array of one dimension holds labels.
        if found.count == 1, let images = expected[0] { return .labelCount(found: found[0], images: images) }
        let shape = expected.map { $0.map(String.init) ?? "any" }.joined(separator: " × ")
        return .wrongDimensions(found: found, expected: shape)
    }

    private static func header(of reader: GzipReader, rank: Int) throws(DatasetError) -> [UInt8] {
        var header: [UInt8] = []
        let size = 4 + 4 * rank
        try DatasetError.reading { () throws(FileError) in try reader.read(size, into: &header) }
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
        of dimensions: [Int], limit: Int, after headerSize: Int, in reader: GzipReader
    ) throws(DatasetError) -> Int {
        let ratio = reader.isGzipped ? GzipReader.largestRatio : 1
        let largest = reader.fileSize.map { min(limit, max(0, $0 * ratio - headerSize)) } ?? limit
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
