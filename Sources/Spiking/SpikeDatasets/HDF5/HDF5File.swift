import Files

/// A file in the Hierarchical Data Format 5 (The HDF Group), plain or gzipped, whose contents are known by their digest.
///
/// Its arrays are read by HDF5's C library from bytes in memory, not from the disk: what was digested is what is
/// parsed. The library is old and large, and files made to break it do (it reads past its memory). So there is no such
/// value, and HDF5 sees no byte, before the SHA-256 of the contents was found to be the one that was asked for: files of
/// strangers never reach the library.
struct HDF5File: Sendable {
    let path: String
    let contentDigest: String
    /// The whole file, uncompressed.
    let bytes: [UInt8]

    /// Reads a whole file, makes sure that it carries the signature of HDF5, and compares it with its digest.
    ///
    /// - Parameters:
    ///   - size: bytes of its contents, uncompressed; a larger file is not read further.
    ///   - digest: SHA-256 of its contents.
    /// - Throws: ``DatasetError/unreadable(_:)``, ``DatasetError/damaged(path:_:)``.
    /// - Complexity: O(size) of time and memory.
    init(path: String, size: Int, digest: String) throws(DatasetError) {
        let reader = try DatasetError.reading { () throws(FileError) in
            try GzipReader(path: path, sizeLimit: GzipReader.largestSize(ofContents: size))
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(min(size, reader.fileSize ?? 0))
        try DatasetError.reading { () throws(FileError) in try reader.read(size, into: &bytes) }
        guard Self.hasSignature(bytes) else {
            throw .damaged(path: path, .wrongSignature(found: Array(bytes.prefix(Self.signature.count))))
        }
        guard try DatasetError.reading(reader.isAtEnd) else {
            throw .damaged(path: path, .trailingBytes(expected: size))
        }
        contentDigest = SHA256Digest.hex(of: bytes)
        guard contentDigest == digest else {
            throw .damaged(path: path, .wrongDigest(found: contentDigest, expected: digest))
        }
        self.path = path
        self.bytes = bytes
    }

    static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]

    /// The signature is at byte 0, or after a block of the user's: at byte 512, 1024, 2048 and so on.
    private static func hasSignature(_ bytes: [UInt8]) -> Bool {
        var offset = 0
        while offset + signature.count <= bytes.count {
            if bytes[offset..<offset + signature.count].elementsEqual(signature) { return true }
            offset = max(512, 2 * offset)
        }
        return false
    }
}

/// An array as it was read from a file, last dimension fastest.
struct HDF5Array<Element: HDF5Element>: Sendable {
    let dimensions: [Int]
    /// `dimensions.reduce(1, *)` of them.
    let elements: [Element]
}

/// A type of Swift into which the numbers of an array are converted without loss.
protocol HDF5Element: BitwiseCopyable, Sendable {
    static var kind: HDF5NumberKind { get }
}

/// What an array must hold in the file to be read as ``HDF5Element``s.
enum HDF5NumberKind: String {
    case floatingPoint = "floating-point numbers of at most 64 bits"
    case integer = "integers within the range of signed 64-bit ones"
}

extension Double: HDF5Element {
    static let kind = HDF5NumberKind.floatingPoint
}

extension Int64: HDF5Element {
    static let kind = HDF5NumberKind.integer
}
