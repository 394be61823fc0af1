import Glibc

/// The right to write in a folder, which one process at a time has.
///
/// It is a lock on the hidden file `.lock` in the folder, or on another, as each worker of a campaign has one. The system gives it back when the process ends, however it ends,
/// so that a file left by a killed process is in nobody's way.
public final class FolderLock: Sendable {
    private let path: String
    private let descriptor: Int32

    /// Takes the lock.
    ///
    /// - Parameter isWaiting: whether to wait until whoever has the lock gives it back.
    /// - Throws: ``FileError/busy(path:)`` where another process (or another part of this one) has it and `isWaiting` is
    ///   false, ``FileError/cannotWrite(path:reason:)`` where the folder cannot be locked.
    public init(_ folder: String, file: String = ".lock", isWaiting: Bool = false) throws(FileError) {
        let path = "\(folder)/\(file)"
        while true {
            let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o666)
            guard descriptor >= 0 else {
                throw .cannotWrite(path: folder, reason: String(cString: strerror(errno)))
            }
            var status: Int32
            repeat {
                status = flock(descriptor, isWaiting ? LOCK_EX : LOCK_EX | LOCK_NB)
            } while status != 0 && errno == EINTR
            let number = errno
            if status == 0, Self.isSame(descriptor, path) {
                self.path = path
                self.descriptor = descriptor
                return
            }
            close(descriptor)
            // Else whoever had it before removed the file meanwhile: there is a new one to be locked.
            if status != 0 {
                throw number == EWOULDBLOCK
                    ? .busy(path: folder)
                    : .cannotWrite(path: folder, reason: String(cString: strerror(number)))
            }
        }
    }

    deinit {
        // Removed while it is held, so that nobody locks a file that is about to lose its name.
        if Self.isSame(descriptor, path) { unlink(path) }
        // A child process that is being started may hold a copy of the descriptor, and with it the lock, for a moment longer.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// Removes folders that were made for nothing, as ``Folder/make(_:)`` returned them, if nothing but the lock is in them.
    public func remove(_ folders: [String]) {
        unlink(path)
        Folder.remove(folders)
    }

    /// Whether another process has the lock of a folder.
    public static func isHeld(_ folder: String, file: String = ".lock") -> Bool {
        let descriptor = open("\(folder)/\(file)", O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
    }

    private static func isSame(_ descriptor: Int32, _ path: String) -> Bool {
        var (opened, named) = (stat(), stat())
        return fstat(descriptor, &opened) == 0 && lstat(path, &named) == 0
            && opened.st_dev == named.st_dev && opened.st_ino == named.st_ino
    }
}
