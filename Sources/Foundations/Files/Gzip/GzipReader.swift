import CZlib
import Glibc

/// Reads a file from front to back, inflating it where it is gzipped and taking it as it is where not.
///
/// Gzip is recognised by its first two bytes, not by the file's name. A gzip file may hold several
/// members one after the other (RFC 1952, section 2.2); they are read as one. Zero bytes after a member are padding, as
/// `tar` and block devices leave it, and skipped, as gzip does. All inflating of files, and the unsafe pointers that it
/// takes, are in this file; ``RawInflation`` inflates what is in memory.
package final class GzipReader {
    /// The largest ratio of inflated to compressed bytes that deflate can reach.
    package static let largestRatio = 1032

    /// Bytes that a file with contents of some size can have, however badly they were compressed, with a name, a comment
    /// and padding.
    package static func largestSize(ofContents size: Int) -> Int { size + size / 8 + (1 << 17) }

    package let path: String
    /// Bytes of the file as it lies on disk; nil of standard input.
    package let fileSize: Int?
    /// Whether the file is gzipped.
    package private(set) var isGzipped = false
    /// Bytes given out so far.
    private(set) var offset = 0

    private let descriptor: Int32
    private let sizeLimit: Int
    /// Bytes of the file read so far.
    private var readCount = 0
    private var stream: UnsafeMutablePointer<z_stream>?
    private var input = [UInt8](repeating: 0, count: chunkSize)
    /// Those that are read and not used.
    private var pending = 0..<0
    private var isInsideMember = false
    private var archiveHasher = SHA256Hasher()
    private let isHashed: Bool
    private var fileHasher = SHA256Hasher()
    private static let chunkSize = 256 * 1024

    /// - Parameters:
    ///   - path: a regular file, or `-` for standard input.
    ///   - sizeLimit: the most bytes that the file may have as it lies on disk.
    ///   - isHashed: whether ``fileDigest()`` will be asked for.
    /// - Throws: ``FileError``, for a file too large as well.
    package init(path: String, sizeLimit: Int, isHashed: Bool = false) throws(FileError) {
        let isStandardInput = path == InputFile.standardInput
        self.path = isStandardInput ? "standard input" : path
        self.sizeLimit = sizeLimit
        self.isHashed = isHashed
        if isStandardInput {
            descriptor = dup(STDIN_FILENO)
        } else {
            descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        }
        guard descriptor >= 0 else { throw .cannotRead(path: self.path, reason: Self.systemReason) }
        fileSize = isStandardInput ? nil : try Self.size(of: descriptor, path)
        if let fileSize, fileSize > sizeLimit {
            throw .tooLarge(path: path, bytes: fileSize, limit: sizeLimit)
        }
        try refill()
        isGzipped = pending.count >= 2 && input[0] == 0x1F && input[1] == 0x8B
        if isGzipped { try startInflating() }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
        if let stream {
            inflateEnd(stream)
            stream.deallocate()
        }
    }

    private static func size(of descriptor: Int32, _ path: String) throws(FileError) -> Int {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .cannotRead(path: path, reason: systemReason) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile(path: path) }
        return Int(status.st_size)
    }

    private func startInflating() throws(FileError) {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 15 bits of window, + 16: gzip only.
        let status = inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else {
            stream.deallocate()
            throw .cannotRead(path: path, reason: "zlib does not start, status \(status)")
        }
        self.stream = stream
        isInsideMember = true
    }

    /// Appends the next bytes, at most `count`, fewer only at the end of the file.
    ///
    /// Memory grows with what the file really holds, whatever `count` is.
    /// - Throws: ``FileError/damagedGzip(path:_:)`` for a truncated or corrupt stream.
    package func read(_ count: Int, into bytes: inout [UInt8]) throws(FileError) {
        var missing = count
        guard isGzipped else {
            while missing > 0 {
                if pending.isEmpty { try refill() }
                if pending.isEmpty { return }
                let length = min(missing, pending.count)
                bytes.append(contentsOf: input[pending.prefix(length)])
                pending = pending.dropFirst(length)
                offset += length
                missing -= length
            }
            return
        }
        var piece = [UInt8](repeating: 0, count: min(count, Self.chunkSize))
        while missing > 0 {
            let length = try fill(&piece, upTo: min(missing, piece.count))
            if length == 0 { return }
            bytes.append(contentsOf: piece[..<length])
            offset += length
            missing -= length
        }
    }

    /// Whether nothing is left to read. Reads to the end of the last member, so that its check sum counts.
    package func isAtEnd() throws(FileError) -> Bool {
        var piece: [UInt8] = [0]
        return try fill(&piece, upTo: 1) == 0
    }

    /// SHA-256 of the gzip file as it lies on disk, without padding, once it was read to its end; nil of a plain file.
    package func archiveDigest() -> String? { isGzipped ? archiveHasher.finalize() : nil }

    /// SHA-256 of the file as it lies on disk, all of it, whatever it holds; what is left of it is read for that and lost.
    package func fileDigest() throws(FileError) -> String {
        precondition(isHashed, "a reader that was not told to hash its file")
        repeat { try refill() } while !pending.isEmpty
        return fileHasher.finalize()
    }

    /// Puts at least one byte into the piece, unless the file is at its end.
    private func fill(_ piece: inout [UInt8], upTo count: Int) throws(FileError) -> Int {
        while true {
            if pending.isEmpty { try refill() }
            guard let stream else {
                let length = min(count, pending.count)
                piece.replaceSubrange(..<length, with: input[pending.prefix(length)])
                use(length)
                return length
            }
            if !isInsideMember {
                guard try skipPadding() else { return 0 }
            }
            let status = inflateOnce(stream, into: &piece, upTo: count)
            let length = count - Int(stream.pointee.avail_out)
            switch status {
            case Z_STREAM_END:
                inflateReset(stream)
                isInsideMember = false
            case Z_OK, Z_BUF_ERROR:
                isInsideMember = true
                if length == 0 && pending.isEmpty {
                    try refill()
                    if pending.isEmpty { throw .damagedGzip(path: path, .truncated(inflated: offset)) }
                }
            default:
                let message = stream.pointee.msg.map { String(cString: $0) } ?? "zlib status \(status)"
                throw .damagedGzip(path: path, .corrupt(inflated: offset + length, reason: message))
            }
            if length > 0 { return length }
        }
    }

    /// Passes over zero bytes between members; returns whether anything else follows.
    private func skipPadding() throws(FileError) -> Bool {
        while true {
            if pending.isEmpty { try refill() }
            if pending.isEmpty { return false }
            pending = (pending.first { input[$0] != 0 } ?? pending.upperBound)..<pending.upperBound
            if !pending.isEmpty { return true }
        }
    }

    /// One call of zlib; takes the bytes that it used off the input.
    private func inflateOnce(
        _ stream: UnsafeMutablePointer<z_stream>, into piece: inout [UInt8], upTo count: Int
    ) -> Int32 {
        let (first, available) = (pending.lowerBound, pending.count)
        let status = input.withUnsafeMutableBufferPointer { source in
            piece.withUnsafeMutableBufferPointer { target in
                stream.pointee.next_in = source.baseAddress.map { $0 + first }
                stream.pointee.avail_in = UInt32(available)
                stream.pointee.next_out = target.baseAddress
                stream.pointee.avail_out = UInt32(count)
                return inflate(stream, Z_NO_FLUSH)
            }
        }
        use(available - Int(stream.pointee.avail_in))
        return status
    }

    private func use(_ count: Int) {
        if isGzipped {
            input.withUnsafeBytes {
                archiveHasher.update(UnsafeRawBufferPointer(rebasing: $0[pending.prefix(count)]))
            }
        }
        pending = pending.dropFirst(count)
    }

    /// Reads on, where nothing is pending; nothing is pending after it at the end of the file.
    private func refill() throws(FileError) {
        let count = input.withUnsafeMutableBytes { buffer in
            while true {
                let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
                if count >= 0 || errno != EINTR { return count }
            }
        }
        guard count >= 0 else { throw .cannotRead(path: path, reason: Self.systemReason) }
        readCount += count
        guard readCount <= sizeLimit else {
            throw .tooLarge(path: path, bytes: readCount, limit: sizeLimit)
        }
        if isHashed {
            input.withUnsafeBytes { fileHasher.update(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        }
        pending = 0..<count
    }

    private static var systemReason: String { String(cString: strerror(errno)) }
}
