import FoundationEssentials

/// The folders in which data sets are looked for.
public struct DatasetSearchPath: Sendable, Hashable {
    /// The folders, first choice first.
    public let folders: [String]
    /// The user's own folder, to which downloads go.
    public let userFolder: String
    /// Where spikes of data sets that go on over time are kept, so that they need not be made again; nil for nowhere.
    public let cacheFolder: String?
    /// Seconds by which the clock of the cache is ahead, for tests.
    var clockLead = 0

    /// The folders in the environment variable `SQSNN_DATA` (separated by colons), then
    /// `$XDG_DATA_HOME/sqsnn` (`~/.local/share/sqsnn` where that is not set), then `/usr/share/datasets`,
    /// where Debian's packages put them. Spikes are kept in `SQSNN_CACHE`, or `$XDG_CACHE_HOME/sqsnn` (`~/.cache/sqsnn`)
    /// where that is not set, or nowhere where it is `off`.
    public init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        let own = environment["SQSNN_DATA", default: ""].split(separator: ":").map(String.init)
        let home = environment["HOME"] ?? FileManager.default.homeDirectoryForCurrentUser.path
        let dataHome =
            environment["XDG_DATA_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? "\(home)/.local/share"
        userFolder = "\(dataHome)/sqsnn"
        let cacheHome =
            environment["XDG_CACHE_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? "\(home)/.cache"
        let cache = environment["SQSNN_CACHE"].flatMap { $0.isEmpty ? nil : $0 } ?? "\(cacheHome)/sqsnn"
        cacheFolder = cache == "off" ? nil : cache
        folders = own + [userFolder, "/usr/share/datasets"]
    }

    /// Where the files of a data set lie.
    ///
    /// A data set has a folder of its own, named as one of `folderNames`, inside a folder of the search path
    /// or listed in it. All files come from the same folder.
    ///
    /// - Parameters:
    ///   - fileNames: the files, without `.gz`; each may be there gzipped or not.
    ///   - folderNames: names that the folder may have.
    /// - Returns: a path for each file name, or what is missing where.
    func locate(_ fileNames: [String], folderNames: [String]) -> Location {
        var shortcomings: [String] = []
        for folder in candidates(folderNames) where FileManager.default.fileExists(atPath: folder) {
            var paths: [String: String] = [:]
            for name in fileNames { paths[name] = Self.path(of: name, in: folder) }
            let missing = fileNames.filter { paths[$0] == nil }
            if missing.isEmpty { return .found(paths) }
            shortcomings.append("\(folder) lacks \(missing.joined(separator: ", "))")
        }
        return .missing(shortcomings)
    }

    enum Location {
        case found([String: String])
        case missing([String])
    }

    private func candidates(_ folderNames: [String]) -> [String] {
        folders.flatMap { folder in
            let isItself = folderNames.contains { folder == $0 || folder.hasSuffix("/\($0)") }
            return (isItself ? [folder] : []) + folderNames.map { "\(folder)/\($0)" }
        }
    }

    private static func path(of name: String, in folder: String) -> String? {
        ["\(name).gz", name].map { "\(folder)/\($0)" }.first {
            FileManager.default.isReadableFile(atPath: $0)
        }
    }
}
