import FoundationEssentials
import Glibc

/// Folders: making them, by `mkdir` (of several processes that ask for the same new folder, one gets it), and what is in them.
public enum Folder {
    /// Whether a path is that of a folder. A link is what it leads to.
    public static func exists(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// The one path of a folder or file, from the root and without links; nil where there is none.
    public static func withoutLinks(_ path: String) -> String? {
        guard let text = realpath(path, nil) else { return nil }
        defer { free(text) }
        return String(cString: text)
    }

    /// What a path's last part lies in; `.` of a name alone.
    public static func above(_ path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Names in a folder but hidden ones, in order, numbers by size; none where it cannot be read.
    public static func names(in path: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).filter { !$0.hasPrefix(".") }
            .sorted { $0.precedesByNumbers($1) }
    }

    /// Makes a folder and those above it, where they are not there.
    ///
    /// - Returns: what was made, outermost first; empty where the folder was there.
    /// - Throws: ``FileError/cannotMakeFolder(path:reason:)``.
    @discardableResult
    public static func make(_ path: String) throws(FileError) -> [String] {
        if let made = try makeNew(path) { return made }
        guard exists(path) else {
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
