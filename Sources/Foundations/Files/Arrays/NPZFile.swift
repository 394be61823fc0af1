import CZlib

/// The file of several arrays that `numpy.savez` writes: a ZIP archive, stored, with a file `NAME.npy` for each (format 1.0 of
/// numpy's `NPY`). Labels are an array more, `NAME_labels`, of texts in UTF-8 (`|S`).
///
/// All sizes are in the 64-bit fields of ZIP64, so that an array may be larger than 4 GB. Equal arrays give equal bytes.
package enum NPZFile {
    /// - Throws: `FileError` where the system refuses; the file is then what it was before.
    package static func write(_ arrays: [NamedArray], to path: String) throws(FileError) {
        try AtomicFile.write(bytes(of: arrays), to: path)
    }

    package static func bytes(of arrays: [NamedArray]) -> [UInt8] {
        var archive = StoredArchive()
        for array in arrays {
            let dimensions = array.dimensions
            switch array.elements {
            case .bytes(let bytes):
                archive.add("\(array.name).npy", NPYHeader.bytes(type: "'|u1'", dimensions), bytes)
            case .floats(let floats):
                archive.add(
                    "\(array.name).npy", NPYHeader.bytes(type: "'<f4'", dimensions),
                    floats.withUnsafeBytes(Array.init))
            }
            guard let labels = array.labels?.map({ Array($0.utf8) }) else { continue }
            let size = max(labels.map(\.count).max() ?? 1, 1)
            archive.add(
                "\(array.name)_labels.npy", NPYHeader.bytes(type: "'|S\(size)'", [labels.count]),
                labels.flatMap { $0 + [UInt8](repeating: 0, count: size - $0.count) })
        }
        return archive.finished()
    }
}

#if _endian(big)
    #error("Arrays are written as the machine's memory, which must be little-endian.")
#endif

/// A ZIP archive of files that are not compressed (APPNOTE.TXT 6.3.10 of PKWARE, sections 4.3 and 4.5.3).
private struct StoredArchive {
    private var bytes: [UInt8] = []
    private var directory: [UInt8] = []
    private var fileCount = 0

    private enum Signature {
        static let file: UInt32 = 0x0403_4b50
        static let entry: UInt32 = 0x0201_4b50
        static let end64: UInt32 = 0x0606_4b50
        static let locator: UInt32 = 0x0706_4b50
        static let end: UInt32 = 0x0605_4b50
    }
    /// "See the ZIP64 fields."
    private static let elsewhere = littleEndian(UInt32.max)
    /// The version of the format that has ZIP64.
    private static let version = littleEndian(UInt16(45))

    mutating func add(_ name: String, _ head: [UInt8], _ contents: [UInt8]) {
        let offset = bytes.count
        let sizes = littleEndian(UInt64(head.count + contents.count))
        // Without a first byte zlib begins anew.
        var sum = crc32_z(0, head, head.count)
        if !contents.isEmpty { sum = crc32_z(sum, contents, contents.count) }
        // Stored, no time of day: 1 January 1980, and names in UTF-8.
        let common =
            Self.version + littleEndian(UInt16(1 << 11)) + littleEndian(UInt16(0)) + littleEndian(UInt16(0))
            + littleEndian(UInt16(0x21)) + littleEndian(UInt32(truncatingIfNeeded: sum)) + Self.elsewhere
            + Self.elsewhere + littleEndian(UInt16(name.utf8.count))
        func fields(_ numbers: [UInt8]) -> [UInt8] {
            littleEndian(UInt16(1)) + littleEndian(UInt16(numbers.count)) + numbers
        }
        let own = fields(sizes + sizes)
        bytes += littleEndian(Signature.file) + common + littleEndian(UInt16(own.count)) + name.utf8 + own
        bytes += head
        bytes += contents
        let central = fields(sizes + sizes + littleEndian(UInt64(offset)))
        directory += littleEndian(Signature.entry) + Self.version + common
        directory += littleEndian(UInt16(central.count))
        // No comment, first disk, no attributes.
        directory += [UInt8](repeating: 0, count: 10) + Self.elsewhere + name.utf8 + central
        fileCount += 1
    }

    consuming func finished() -> [UInt8] {
        let (start, size) = (UInt64(bytes.count), UInt64(directory.count))
        bytes += directory
        let end = UInt64(bytes.count)
        let count = littleEndian(UInt64(fileCount))
        bytes += littleEndian(Signature.end64) + littleEndian(UInt64(44)) + Self.version + Self.version
        bytes += littleEndian(UInt64(0)) + count + count + littleEndian(size) + littleEndian(start)
        bytes += littleEndian(Signature.locator) + littleEndian(UInt32(0)) + littleEndian(end)
        bytes += littleEndian(UInt32(1))
        bytes += littleEndian(Signature.end) + littleEndian(UInt32(0)) + Self.elsewhere + Self.elsewhere
        bytes += Self.elsewhere + littleEndian(UInt16(0))
        return bytes
    }
}
