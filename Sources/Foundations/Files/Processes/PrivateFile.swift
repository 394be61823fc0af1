import Glibc

/// A temporary file without a name, that only this process and the programs it hands it to can open: nobody can put another in
/// its place, and nothing is left of it.
package final class PrivateFile: Sendable {
    package let descriptor: Int32

    /// - Throws: ``FileError/cannotWrite(path:reason:)`` where the system has no room for it.
    package init(holding bytes: [UInt8] = []) throws(FileError) {
        let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(folder)/sqsnn-XXXXXX".utf8CString)
        // A new file (O_EXCL) that no one else may read (mode 600); its name is gone at once.
        descriptor = mkstemp(&template)
        guard descriptor >= 0 else {
            throw .cannotWrite(path: folder, reason: String(cString: strerror(errno)))
        }
        unlink(template)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                let rest = UnsafeRawBufferPointer(rebasing: $0[written...])
                return pwrite(descriptor, rest.baseAddress, rest.count, off_t(written))
            }
            guard count > 0 else {
                throw .cannotWrite(path: folder, reason: String(cString: strerror(errno)))
            }
            written += count
        }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
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
