import CZlib
import Foundation

/// Reads a file from front to back, inflating it where it is gzipped and taking it as it is where not.
///
/// Gzip is recognised by its first two bytes, not by the file's name. A gzip file may hold several
/// members one after the other (RFC 1952, section 2.2); they are read as one. All use of zlib, and the
/// unsafe pointers that it takes, are in this file.
final class GzipReader {
    /// The largest ratio of inflated to compressed bytes that deflate can reach.
    static let largestRatio = 1032

    let path: String
    /// Bytes of the file as it lies on disk.
    let fileSize: Int
    /// Whether the file is gzipped.
    let isGzipped: Bool
    /// Bytes given out so far.
    private(set) var offset = 0

    private let file: FileHandle
    private let stream: UnsafeMutablePointer<z_stream>?
    private var input = Data()
    private var isInsideMember = false
    private static let chunkSize = 256 * 1024

    /// - Throws: ``DatasetError/unreadable(path:reason:)``.
    init(path: String) throws(DatasetError) {
        self.path = path
        do {
            file = try FileHandle(forReadingFrom: URL(filePath: path))
            fileSize = Int(try file.seekToEnd())
            try file.seek(toOffset: 0)
            input = try file.read(upToCount: Self.chunkSize) ?? Data()
        } catch {
            throw .unreadable(path: path, reason: DatasetError.reason(of: error))
        }
        isGzipped = input.starts(with: [0x1f, 0x8b])
        guard isGzipped else {
            stream = nil
            return
        }
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 15 bits of window, + 16: gzip only.
        let status = inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else {
            stream.deallocate()
            throw .unreadable(path: path, reason: "zlib does not start, status \(status)")
        }
        self.stream = stream
        isInsideMember = true
    }

    deinit {
        if let stream {
            inflateEnd(stream)
            stream.deallocate()
        }
    }

    /// Appends the next bytes, at most `count`, fewer only at the end of the file.
    ///
    /// Memory grows with what the file really holds, whatever `count` is.
    /// - Throws: ``DatasetError/damaged(path:_:)`` for a truncated or corrupt gzip stream.
    func read(_ count: Int, into bytes: inout [UInt8]) throws(DatasetError) {
        var piece = [UInt8](repeating: 0, count: min(count, Self.chunkSize))
        var missing = count
        while missing > 0 {
            let length = try fill(&piece, upTo: min(missing, piece.count))
            if length == 0 { return }
            bytes.append(contentsOf: piece[..<length])
            offset += length
            missing -= length
        }
    }

    /// Whether nothing is left to read. Reads to the end of the last member, so that its check sum counts.
    func isAtEnd() throws(DatasetError) -> Bool {
        var piece: [UInt8] = [0]
        return try fill(&piece, upTo: 1) == 0
    }

    /// Puts at least one byte into the piece, unless the file is at its end.
    private func fill(_ piece: inout [UInt8], upTo count: Int) throws(DatasetError) -> Int {
        while true {
            if input.isEmpty { try refill() }
            guard let stream else {
                let length = min(count, input.count)
                piece.withUnsafeMutableBytes { _ = input.copyBytes(to: $0, count: length) }
                input = input.dropFirst(length)
                return length
            }
            if input.isEmpty && !isInsideMember { return 0 }
            let status = inflateOnce(stream, into: &piece, upTo: count)
            let length = count - Int(stream.pointee.avail_out)
            switch status {
            case Z_STREAM_END:
                inflateReset(stream)
                isInsideMember = false
            case Z_OK, Z_BUF_ERROR:
                isInsideMember = true
                if length == 0 && input.isEmpty {
                    try refill()
                    if input.isEmpty { throw .damaged(path: path, .truncatedGzip(inflated: offset)) }
                }
            default:
                let message = stream.pointee.msg.map { String(cString: $0) } ?? "zlib status \(status)"
                throw .damaged(path: path, .corruptGzip(inflated: offset + length, reason: message))
            }
            if length > 0 { return length }
        }
    }

    /// One call of zlib; takes the bytes that it used off the input.
    private func inflateOnce(
        _ stream: UnsafeMutablePointer<z_stream>, into piece: inout [UInt8], upTo count: Int
    ) -> Int32 {
        let available = input.count
        let status = input.withUnsafeBytes { source in
            piece.withUnsafeMutableBufferPointer { target in
                // zlib only reads through next_in; its C type lacks the const.
                let start = source.bindMemory(to: UInt8.self).baseAddress
                stream.pointee.next_in = UnsafeMutablePointer(mutating: start)
                stream.pointee.avail_in = UInt32(available)
                stream.pointee.next_out = target.baseAddress
                stream.pointee.avail_out = UInt32(count)
                return inflate(stream, Z_NO_FLUSH)
            }
        }
        input = input.dropFirst(available - Int(stream.pointee.avail_in))
        return status
    }

    private func refill() throws(DatasetError) {
        do {
            input = try file.read(upToCount: Self.chunkSize) ?? Data()
        } catch {
            throw .unreadable(path: path, reason: DatasetError.reason(of: error))
        }
    }
}
