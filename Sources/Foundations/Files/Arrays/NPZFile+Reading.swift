import CZlib

extension NPZFile {
    /// What is wrong with an archive, and at which byte.
    package struct Fault: Error, Equatable {
        package let offset: Int
        package let problem: String
    }

    /// The arrays of numbers of an archive: of each what stands before its elements, and these. Other files are passed over.
    ///
    /// - Parameter bytes: the whole file.
    /// - Throws: ``Fault`` for what is no archive, or one with files that are compressed in a way that numpy does not use.
    package static func arrays(
        of bytes: [UInt8]
    ) throws(Fault) -> [String: (header: NPYHeader, elements: ArraySlice<UInt8>)] {
        var arrays: [String: (header: NPYHeader, elements: ArraySlice<UInt8>)] = [:]
        for file in try ZipDirectory(bytes).files {
            let contents = try file.contents(of: bytes)
            guard let range = NPYHeader.textRange(contents.prefix(NPYHeader.prefixSize)),
                range.upperBound <= contents.count,
                let header = NPYHeader(text: contents.dropFirst(range.lowerBound).prefix(range.count)),
                let count = header.count
            else { continue }
            let elements = contents.dropFirst(range.upperBound)
            guard elements.count == count * header.elementSize else {
                throw Fault(
                    offset: file.offset,
                    problem: "\(file.name) has \(elements.count) bytes of elements, expected "
                        + "\(count * header.elementSize)")
            }
            arrays[file.name.hasSuffix(".npy") ? String(file.name.dropLast(4)) : file.name] = (
                header, elements
            )
        }
        return arrays
    }
}

/// The directory at the end of a ZIP archive (APPNOTE.TXT 6.3.10 of PKWARE, sections 4.3 and 4.5.3).
private struct ZipDirectory {
    struct File {
        let name: String
        /// Of its own header.
        let offset: Int
        let isDeflated: Bool
        let checkSum: UInt32
        let storedSize: Int
        let size: Int

        func contents(of bytes: [UInt8]) throws(NPZFile.Fault) -> ArraySlice<UInt8> {
            let field = LittleEndianBytes(bytes)
            guard field.number(offset, size: 4) == 0x0403_4b50,
                let nameSize = field.number(offset + 26, size: 2),
                let extraSize = field.number(offset + 28, size: 2)
            else { throw fault("has no header of its own") }
            let start = offset + 30 + nameSize + extraSize
            guard start <= bytes.count, storedSize <= bytes.count - start else {
                throw fault("goes on after the end of the file")
            }
            let stored = bytes[start..<start + storedSize]
            let contents = isDeflated ? RawInflation.inflated(stored, size: size)?[...] : stored
            guard let contents, contents.count == size else { throw fault("does not inflate to its size") }
            let sum = contents.withUnsafeBytes {
                crc32_z(0, $0.baseAddress?.assumingMemoryBound(to: UInt8.self), $0.count)
            }
            guard contents.isEmpty || UInt32(truncatingIfNeeded: sum) == checkSum else {
                throw fault("has another check sum than the directory says")
            }
            return contents
        }

        private func fault(_ problem: String) -> NPZFile.Fault {
            NPZFile.Fault(offset: offset, problem: "\(name) \(problem)")
        }
    }

    private(set) var files: [File] = []

    /// Bytes of a file at most.
    private static let contentLimit = 1 << 32

    /// Every file takes at least as many bytes as its entry, so no more of them are read than the bytes can hold.
    init(_ bytes: [UInt8]) throws(NPZFile.Fault) {
        let field = LittleEndianBytes(bytes)
        // The end record has 22 bytes and a comment of up to 64 KiB.
        let places = stride(from: bytes.count - 22, through: max(0, bytes.count - 22 - 0xFFFF), by: -1)
        guard bytes.count >= 22, let end = places.first(where: { field.number($0, size: 4) == 0x0605_4b50 }),
            var count = field.number(end + 10, size: 2), var place = field.number(end + 16, size: 4)
        else { throw NPZFile.Fault(offset: bytes.count, problem: "no directory of a ZIP archive at the end") }
        if count == 0xFFFF || place == 0xFFFF_FFFF {
            guard field.number(end - 20, size: 4) == 0x0706_4b50, let far = field.number(end - 12, size: 8),
                field.number(far, size: 4) == 0x0606_4b50, let farCount = field.number(far + 32, size: 8),
                let farPlace = field.number(far + 48, size: 8)
            else { throw NPZFile.Fault(offset: end, problem: "no directory where the end says that it is") }
            (count, place) = (farCount, farPlace)
        }
        for _ in 0..<min(count, bytes.count / 46) {
            let (file, next) = try Self.entry(at: place, field)
            files.append(file)
            place = next
        }
        guard files.count == count else {
            throw NPZFile.Fault(offset: end, problem: "\(count) files, which so few bytes cannot hold")
        }
        // Files that share bytes would inflate without bound.
        var rest = bytes.count
        for file in files {
            guard file.storedSize <= rest, file.size <= Self.contentLimit else {
                throw NPZFile.Fault(
                    offset: file.offset, problem: "\(file.name) is larger than the archive can make it")
            }
            rest -= file.storedSize
        }
    }

    private static func entry(
        at place: Int, _ field: LittleEndianBytes
    ) throws(NPZFile.Fault) -> (file: File, next: Int) {
        func fault(_ problem: String) -> NPZFile.Fault { NPZFile.Fault(offset: place, problem: problem) }
        guard field.number(place, size: 4) == 0x0201_4b50, let method = field.number(place + 10, size: 2),
            let checkSum = field.number(place + 16, size: 4), let stored = field.number(place + 20, size: 4),
            let size = field.number(place + 24, size: 4), let nameSize = field.number(place + 28, size: 2),
            let extraSize = field.number(place + 30, size: 2),
            let commentSize = field.number(place + 32, size: 2),
            let offset = field.number(place + 42, size: 4),
            let name = field.slice(place + 46, count: nameSize)
        else { throw fault("no entry of the directory") }
        guard method == 0 || method == 8 else {
            throw fault("method \(method) of compression, expected none or deflate, as numpy has")
        }
        // Of sizes that are too large for their fields, those of the extra field, in this order.
        var wide = [size, stored, offset]
        var next = place + 46 + nameSize
        let extraEnd = next + extraSize
        while next + 4 <= extraEnd, let kind = field.number(next, size: 2),
            let length = field.number(next + 2, size: 2)
        {
            if kind == 1 {
                var number = next + 4
                for index in wide.indices where wide[index] == 0xFFFF_FFFF && number + 8 <= next + 4 + length
                {
                    guard let value = field.number(number, size: 8) else {
                        throw fault("a size that is none")
                    }
                    wide[index] = value
                    number += 8
                }
            }
            next += 4 + length
        }
        let file = File(
            name: String(decoding: name, as: UTF8.self), offset: wide[2], isDeflated: method == 8,
            checkSum: UInt32(checkSum), storedSize: wide[1], size: wide[0])
        return (file, extraEnd + commentSize)
    }
}

/// Numbers at places that may be beside the bytes.
private struct LittleEndianBytes {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func slice(_ place: Int, count: Int) -> ArraySlice<UInt8>? {
        guard place >= 0, count >= 0, place <= bytes.count, count <= bytes.count - place else { return nil }
        return bytes[place..<place + count]
    }

    /// nil as well for what is beyond Int.
    func number(_ place: Int, size: Int) -> Int? {
        slice(place, count: size).flatMap { slice in
            Int(exactly: slice.reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) })
        }
    }
}
