import Glibc

/// A temporary file without a name, that only this process and the programs it hands it to can open: nobody can put another in
/// its place, and nothing is left of it.
package final class PrivateFile: Sendable {
    package let descriptor: Int32
    /// Its name, where it keeps one until it is closed.
    private let name: [CChar]?

    /// - Parameter keepsName: for readers that want one of what they open; others of the same user could open it too.
    /// - Throws: ``FileError/cannotWrite(path:reason:)`` where the system has no room for it.
    package init(holding bytes: [UInt8] = [], keepsName: Bool = false) throws(FileError) {
        let folder = Self.folder
        var template = Array("\(folder)/sqsnn-XXXXXX".utf8CString)
        // A new file (O_EXCL) that no other user may read (mode 600); its name is gone at once.
        descriptor = mkstemp(&template)
        name = keepsName && descriptor >= 0 ? template : nil
        guard descriptor >= 0 else {
            throw .cannotWrite(path: folder, reason: String(cString: strerror(errno)))
        }
        if !keepsName { unlink(template) }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        try write(bytes, at: 0)
    }

    private static var folder: String { getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp" }

    deinit {
        if let name { unlink(name) }
        if descriptor >= 0 { close(descriptor) }
    }

    /// Writes all bytes from a place on.
    ///
    /// - Throws: ``FileError/cannotWrite(path:reason:)`` where the system has no room for them.
    package func write(_ bytes: [UInt8], at offset: Int) throws(FileError) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                let rest = UnsafeRawBufferPointer(rebasing: $0[written...])
                return pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset + written))
            }
            guard count > 0 else {
                throw .cannotWrite(path: Self.folder, reason: String(cString: strerror(errno)))
            }
            written += count
        }
    }

    package var size: Int {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
    }

    /// All bytes from a place on, wherever the programs that share the file are in it.
    package func contents(from offset: Int = 0) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: max(size - offset, 0)) { buffer, count in
            count = max(0, pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset)))
        }
    }
}
