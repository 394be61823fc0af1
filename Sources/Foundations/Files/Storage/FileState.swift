import Glibc

/// What the system knows of a file without opening it: changes when somebody writes to it, or puts another one in its place.
package struct FileState {
    /// Size, time of the last change, device and number of the file.
    package let text: String
    /// Since 1970.
    package let changedSeconds: Int

    /// nil where there is no regular file.
    package init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        // The change of the inode too: a time of change can be set back, that of the inode cannot.
        text =
            "\(status.st_size) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec) "
            + "\(status.st_ctim.tv_sec).\(status.st_ctim.tv_nsec) \(status.st_dev) \(status.st_ino)"
        changedSeconds = max(status.st_mtim.tv_sec, status.st_ctim.tv_sec)
    }
}
