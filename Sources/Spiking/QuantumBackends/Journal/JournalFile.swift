import Files
import Glibc

/// A file of lines that only grows, open for one process at a time; every line is on the disk when ``append(_:)`` returns.
final class JournalFile {
    let path: String
    private let descriptor: Int32
    /// Bytes of whole lines.
    private(set) var length: Int

    /// Opens the file, or makes it.
    ///
    /// - Parameter mayExist: else a file that has anything in it is refused.
    /// - Throws: ``JournalError``.
    init(path: String, mayExist: Bool) throws(JournalError) {
        self.path = path
        descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw .cannotOpen(path: path, reason: Self.reason) }
        length = 0
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let isBusy = errno == EWOULDBLOCK
            let reason = Self.reason
            close(descriptor)
            throw isBusy ? .busy(path: path) : .cannotOpen(path: path, reason: reason)
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw .cannotOpen(path: path, reason: "not a regular file")
        }
        length = Int(status.st_size)
        if length > 0, !mayExist {
            close(descriptor)
            throw .exists(path: path)
        }
    }

    deinit {
        // A child process that is being started may hold a copy of the descriptor, and with it the lock, for a moment longer.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    func bytes(_ range: Range<Int>) throws(JournalError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: range.count)
        var filled = 0
        while filled < bytes.count {
            let count = bytes.withUnsafeMutableBytes { buffer in
                let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
                return pread(descriptor, rest.baseAddress, rest.count, off_t(range.lowerBound + filled))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                throw .cannotOpen(path: path, reason: count < 0 ? Self.reason : "it became shorter meanwhile")
            }
            filled += count
        }
        return bytes
    }

    /// Cuts off what comes after the last whole line.
    func truncate(to newLength: Int) throws(JournalError) {
        guard ftruncate(descriptor, off_t(newLength)) == 0, fsync(descriptor) == 0 else {
            throw .cannotWrite(path: path, reason: Self.reason)
        }
        length = newLength
    }

    /// Writes one line; a part of it that was written before an error is taken back.
    ///
    /// - Returns: where it is in the file.
    @discardableResult
    func append(_ line: [UInt8]) throws(JournalError) -> Range<Int> {
        var written = 0
        while written < line.count {
            let count = line.withUnsafeBytes { buffer in
                let rest = UnsafeRawBufferPointer(rebasing: buffer[written...])
                return SystemWrite.call(descriptor, rest)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure() }
            written += count
        }
        guard fsync(descriptor) == 0 else { throw failure() }
        let place = length..<length + line.count
        length = place.upperBound
        return place
    }

    private func failure() -> JournalError {
        let reason = Self.reason
        // If this fails too, the next process finds a line without its end, and repairs it.
        _ = ftruncate(descriptor, off_t(length))
        return .cannotWrite(path: path, reason: reason)
    }

    private static var reason: String { String(cString: strerror(errno)) }
}
