import Glibc

/// Reading of a whole file that a user names.
public enum InputFile {
    /// The name that stands for standard input.
    public static let standardInput = "-"
    /// Most bytes of a file in JSON that people write.
    public static let textLimit = 64 << 20

    /// Whether a word that may also be a name of a catalogue is meant as a file: it looks like a path, or there is such a file.
    public static func isMeant(_ nameOrPath: String) -> Bool {
        nameOrPath == standardInput || nameOrPath.contains("/") || nameOrPath.hasSuffix(".json")
            || access(nameOrPath, F_OK) == 0
    }

    /// The bytes of a regular file, or of standard input where `path` is `-`.
    ///
    /// - Parameter limit: most bytes that are read; a larger file is refused, not cut.
    /// - Throws: ``FileError`` when it cannot be read, is a folder or a device, or is larger.
    public static func read(_ path: String, limit: Int = 1 << 30) throws(FileError) -> [UInt8] {
        if path == standardInput {
            return try read(STDIN_FILENO, name: "standard input", sizeHint: 1 << 16, limit: limit)
        }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .cannotRead(path: path, reason: String(cString: strerror(errno))) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw .notAFile(path: path)
        }
        guard Int(status.st_size) <= limit else {
            throw .tooLarge(path: path, bytes: Int(status.st_size), limit: limit)
        }
        return try read(descriptor, name: path, sizeHint: Int(status.st_size) + 1, limit: limit)
    }

    /// Reads to the end, which may be elsewhere than the size told: files grow and shrink while they are read.
    private static func read(_ descriptor: Int32, name: String, sizeHint: Int, limit: Int)
        throws(FileError) -> [UInt8]
    {
        var bytes = [UInt8](repeating: 0, count: sizeHint)
        var filled = 0
        while true {
            if filled == bytes.count {
                guard filled <= limit else { throw .tooLarge(path: name, bytes: filled, limit: limit) }
                bytes.append(contentsOf: repeatElement(0, count: max(filled, 1 << 16)))
            }
            let count = bytes.withUnsafeMutableBytes { buffer in
                let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
                return Glibc.read(descriptor, rest.baseAddress, rest.count)
            }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else {
                throw .cannotRead(path: name, reason: String(cString: strerror(errno)))
            }
            if count == 0 { break }
            filled += count
        }
        guard filled <= limit else { throw .tooLarge(path: name, bytes: filled, limit: limit) }
        bytes.removeLast(bytes.count - filled)
        return bytes
    }
}
