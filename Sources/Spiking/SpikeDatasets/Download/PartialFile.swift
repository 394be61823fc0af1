import Files
import Glibc

/// A file on its way here: it grows at its end under a name that ends in `.part`, and gets its own name when it is whole.
///
/// While it is not, nobody but its owner can read it, and one process alone writes it (`flock`). What an earlier, stopped
/// attempt left is its beginning; a link, or another user's file, is none.
final class PartialFile {
    private(set) var size = 0
    /// Where it lies while it grows.
    let path: String
    private let finalPath: String
    private let descriptor: Int32

    /// - Throws: ``DatasetError/unwritable(path:reason:)``, ``DatasetError/busy(path:)``.
    init(for finalPath: String) throws(DatasetError) {
        self.finalPath = finalPath
        path = finalPath + ".part"
        // Another process may give the file its own name between `open` and `flock`: then there is a new one to open.
        for _ in 0..<100 {
            let descriptor = Self.open(path)
            guard descriptor >= 0 else { throw .unwritable(path: path, reason: Self.systemReason) }
            do {
                guard let size = try Self.claim(descriptor, path) else {
                    close(descriptor)
                    continue
                }
                self.descriptor = descriptor
                self.size = size
                return
            } catch {
                close(descriptor)
                throw error
            }
        }
        throw .busy(path: path)
    }

    /// An attempt that brought nothing leaves nothing.
    deinit {
        if size == 0 && isInPlace { unlink(path) }
        close(descriptor)
    }

    private var isInPlace = true

    /// Makes the file, or opens the one that is there.
    private static func open(_ path: String) -> Int32 {
        let new = Glibc.open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        if new >= 0 || errno != EEXIST { return new }
        return Glibc.open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    }

    /// Locks an open file; returns its size, or nil where the name belongs to another file by now.
    private static func claim(_ descriptor: Int32, _ path: String) throws(DatasetError) -> Int? {
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            if errno == EWOULDBLOCK { throw .busy(path: path) }
            throw .unwritable(path: path, reason: systemReason)
        }
        var own = stat()
        var named = stat()
        guard fstat(descriptor, &own) == 0 else { throw .unwritable(path: path, reason: systemReason) }
        guard lstat(path, &named) == 0, named.st_ino == own.st_ino, named.st_dev == own.st_dev else {
            return nil
        }
        guard own.st_mode & S_IFMT == S_IFREG, own.st_uid == geteuid(), own.st_nlink == 1 else {
            throw .unwritable(path: path, reason: "it is a link, a device, or another user's file")
        }
        let end = lseek(descriptor, 0, SEEK_END)
        guard fchmod(descriptor, 0o600) == 0, end >= 0 else {
            throw .unwritable(path: path, reason: systemReason)
        }
        return end
    }

    func append(_ piece: UnsafeRawBufferPointer) throws(DatasetError) {
        var rest = piece
        while !rest.isEmpty {
            let count = write(descriptor, rest.baseAddress, rest.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw .unwritable(path: path, reason: Self.systemReason) }
            size += count
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }

    /// Throws away what there is.
    func empty() throws(DatasetError) {
        guard ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) == 0 else {
            throw .unwritable(path: path, reason: Self.systemReason)
        }
        size = 0
    }

    /// Gives the file its own name, in one step, once its bytes are on the disk. It may then be read by all who may read
    /// its folder.
    func finish() throws(DatasetError) {
        var folder = stat()
        guard stat(Folder.above(finalPath), &folder) == 0,
            fchmod(descriptor, folder.st_mode & 0o666 | 0o600) == 0,
            fsync(descriptor) == 0, rename(path, finalPath) == 0
        else {
            throw .unwritable(path: finalPath, reason: Self.systemReason)
        }
        isInPlace = false
    }

    private static var systemReason: String { String(cString: strerror(errno)) }
}
