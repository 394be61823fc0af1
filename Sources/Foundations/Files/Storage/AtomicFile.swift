import Glibc

/// Writing of a whole file that either happens completely or not at all.
///
/// The bytes go to a hidden file in the same folder, reach the disk (`fsync`), and take the name of the target
/// in one step (`rename`); then the folder itself is synchronised, so that the name survives a power cut as
/// well. Whoever reads the target sees the old content or the new, never a part. On an error the hidden
/// file is removed; only a killed process can leave one, as `.NAME.PID.partial`.
public enum AtomicFile {
    /// - Throws: ``FileError/cannotWrite(path:reason:)``; the target is then what it was before.
    public static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
        try write(bytes, to: path, writeSome: SystemWrite.call)
    }

    /// - Parameter writeSome: writes a first part of the bytes as `write(2)` does, so that a test can fill the disk.
    static func write(
        _ bytes: [UInt8], to path: String, writeSome: (Int32, UnsafeRawBufferPointer) -> Int
    ) throws(FileError) {
        let (folder, name) = split(path)
        let (descriptor, partial) = try createPartial(in: folder, for: name, target: path)
        var isOpen = true
        do throws(SystemError) {
            try writeAll(bytes, to: descriptor, writeSome)
            try check(fsync(descriptor))
            isOpen = false
            try check(close(descriptor))
            try check(rename(partial, path))
        } catch {
            if isOpen { close(descriptor) }
            unlink(partial)
            throw .cannotWrite(path: path, reason: error.reason)
        }
        synchronizeFolder(folder)
    }

    /// Removes a file, if it is there.
    package static func remove(_ path: String) { unlink(path) }

    /// Removes what killed writers left in a folder that nobody else writes in.
    package static func removePartials(in folder: String) {
        for name in partials(in: folder) { unlink("\(folder)/\(name)") }
    }

    /// The names of hidden files that killed writers left in a folder.
    package static func partials(in folder: String) -> [String] {
        guard let listing = opendir(folder) else { return [] }
        defer { closedir(listing) }
        var names: [String] = []
        while let entry = readdir(listing) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasPrefix("."), name.hasSuffix(".partial") { names.append(name) }
        }
        return names.sorted()
    }

    private struct SystemError: Error {
        let number = errno
        var reason: String { String(cString: strerror(number)) }
    }

    private static func check(_ status: Int32) throws(SystemError) {
        if status != 0 { throw SystemError() }
    }

    private static func split(_ path: String) -> (folder: String, name: String) {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return (".", path) }
        let folder = String(path[..<slash])
        return (folder.isEmpty ? "/" : folder, String(path[path.index(after: slash)...]))
    }

    /// Opens a new hidden file; the number tells apart two writers of one process, or a file left by a killed one.
    private static func createPartial(in folder: String, for name: String, target: String)
        throws(FileError) -> (descriptor: Int32, path: String)
    {
        for number in 0..<1000 {
            let suffix = number == 0 ? "" : ".\(number)"
            let path = "\(folder)/.\(name).\(getpid())\(suffix).partial"
            let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
            if descriptor >= 0 { return (descriptor, path) }
            if errno != EEXIST { break }
        }
        throw .cannotWrite(path: target, reason: SystemError().reason)
    }

    private static func writeAll(
        _ bytes: [UInt8], to descriptor: Int32, _ writeSome: (Int32, UnsafeRawBufferPointer) -> Int
    ) throws(SystemError) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                writeSome(descriptor, UnsafeRawBufferPointer(rebasing: $0[written...]))
            }
            if count < 0 && errno == EINTR { continue }
            if count <= 0 { throw SystemError() }
            written += count
        }
    }

    /// Some file systems cannot synchronise a folder; the file itself is complete by then.
    private static func synchronizeFolder(_ folder: String) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}
