import Glibc

/// Making of folders, by `mkdir`: of several processes that ask for the same new folder, one gets it.
public enum Folder {
    /// Makes a folder and those above it, where they are not there.
    ///
    /// - Returns: what was made, outermost first; empty where the folder was there.
    /// - Throws: ``FileError/cannotMakeFolder(path:reason:)``.
    @discardableResult
    public static func make(_ path: String) throws(FileError) -> [String] {
        if let made = try makeNew(path) { return made }
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw .cannotMakeFolder(path: path, reason: String(cString: strerror(ENOTDIR)))
        }
        return []
    }

    /// Makes a folder that must not be there yet, and those above it.
    ///
    /// - Returns: what was made, outermost first; nil where the name is taken.
    /// - Throws: ``FileError/cannotMakeFolder(path:reason:)``.
    public static func makeNew(_ path: String) throws(FileError) -> [String]? {
        let folder = String(path.trimming("/"))
        var made: [String] = []
        var number = ENOENT
        // Again where another process removes a folder above this one in between.
        for _ in 0..<10 where number == ENOENT {
            if mkdir(folder, 0o777) == 0 { return made + [folder] }
            number = errno
            guard number == ENOENT, let slash = folder.utf8.lastIndex(of: UInt8(ascii: "/")),
                slash > folder.startIndex
            else { break }
            do {
                made += try make(String(folder[..<slash]))
            } catch {
                remove(made)
                throw if case .cannotMakeFolder(_, let reason) = error {
                    FileError.cannotMakeFolder(path: path, reason: reason)
                } else { error }
            }
        }
        if number == EEXIST { return nil }
        remove(made)
        throw .cannotMakeFolder(path: path, reason: String(cString: strerror(number)))
    }

    /// Removes folders that are empty, as ``make(_:)`` returned them.
    public static func remove(_ folders: [String]) {
        for folder in folders.reversed() { rmdir(folder) }
    }
}

extension String {
    /// Without any of a sign at the end, but for the first sign.
    fileprivate func trimming(_ sign: Unicode.Scalar) -> Substring.UnicodeScalarView {
        var rest = unicodeScalars[...]
        while rest.count > 1, rest.last == sign { rest.removeLast() }
        return rest
    }
}
