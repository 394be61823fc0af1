import Foundation

/// A temporary file without a name, that only this process and the programs it hands it to can open: nobody can put another in
/// its place, and nothing is left of it.
struct PrivateFile {
    let handle: FileHandle

    /// - Throws: ``ReportError/programFailed(name:reason:)`` where the system has no room for it.
    init(holding bytes: [UInt8] = [], for program: String) throws(ReportError) {
        let folder = FileManager.default.temporaryDirectory.path
        var template = Array("\(folder)/sqsnn-XXXXXX".utf8CString)
        // A new file (O_EXCL) that no one else may read (mode 600); its name is gone at once.
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else {
            throw .programFailed(name: program, reason: "\(folder): \(String(cString: strerror(errno)))")
        }
        unlink(template)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                let rest = UnsafeRawBufferPointer(rebasing: $0[written...])
                return pwrite(descriptor, rest.baseAddress, rest.count, off_t(written))
            }
            guard count > 0 else {
                throw .programFailed(name: program, reason: String(cString: strerror(errno)))
            }
            written += count
        }
    }

    /// All bytes, wherever the programs that share the file are in it.
    var contents: [UInt8] {
        var status = stat()
        guard fstat(handle.fileDescriptor, &status) == 0, status.st_size > 0 else { return [] }
        return [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, count in
            count = max(0, pread(handle.fileDescriptor, buffer.baseAddress, buffer.count, 0))
        }
    }
}
