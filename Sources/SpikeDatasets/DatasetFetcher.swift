import Foundation

/// Brings the files of a data set from the network into the user's folder.
public struct DatasetFetcher: Sendable {
    /// How far one file is.
    public struct Progress: Sendable, Hashable {
        public let fileName: String
        /// Bytes here, those of earlier attempts included.
        public let received: Int
        /// Bytes of the whole file, if the server says.
        public let expected: Int?
    }

    /// The folder in which each data set gets a folder of its own.
    public let folder: String
    /// A folder on the network to fetch from instead of the data set's own.
    public let address: String?

    /// - Parameters:
    ///   - folder: by default the user's own, which is on the search path.
    ///   - address: a mirror, `https://example.org/mnist/` for one; by default the address in the catalogue.
    public init(folder: String = DatasetSearchPath().userFolder, address: String? = nil) {
        self.folder = folder
        self.address = address
    }

    /// Fetches the files that are not there yet, one after the other.
    ///
    /// Each file grows under a name that ends in `.part`, is checked against the catalogue, and gets its own
    /// name only then, in one step: a file under its own name is always whole and right. An interrupted
    /// download goes on where it stopped. A resumed file that turns out wrong is fetched once more from its
    /// beginning, as an earlier part may be another mirror's.
    ///
    /// - Parameter progress: called after each piece that arrives.
    /// - Returns: the paths of all files, in the order of the catalogue.
    /// - Throws: ``DatasetError/noAddress(dataset:files:folder:)``,
    ///   ``DatasetError/downloadFailed(url:_:)``, ``DatasetError/unwritable(path:reason:)``.
    public func fetch(
        _ entry: CatalogEntry, progress: @Sendable (Progress) -> Void = { _ in }
    ) async throws(DatasetError) -> [String] {
        let target = "\(folder)/\(entry.folderNames[0])"
        let address = try self.address(for: entry, target: target)
        do {
            try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
        } catch {
            throw .unwritable(path: target, reason: DatasetError.reason(of: error))
        }
        var paths: [String] = []
        for file in entry.layout.files {
            let path = "\(target)/\(file.publishedName)"
            if (try? Self.check(file, at: path)) == nil {
                try await fetch(file, from: address, to: path, progress: progress)
            }
            paths.append(path)
        }
        return paths
    }

    private func fetch(
        _ file: CatalogFile, from address: String, to path: String, progress: @Sendable (Progress) -> Void
    ) async throws(DatasetError) {
        let url = try Self.url(of: file, from: address)
        let partialPath = path + ".part"
        let download = HTTPDownload(url: url, partialPath: partialPath)
        while true {
            let isResumed = FileManager.default.fileExists(atPath: partialPath)
            try await download.run {
                progress(Progress(fileName: file.publishedName, received: $0, expected: $1))
            }
            do {
                try Self.check(file, at: partialPath)
                break
            } catch .damaged(_, let fault) {
                try? FileManager.default.removeItem(atPath: partialPath)
                if !isResumed { throw .downloadFailed(url: url.absoluteString, .wrongFile(fault)) }
            }
        }
        guard rename(partialPath, path) == 0 else {
            throw .unwritable(path: path, reason: String(cString: strerror(errno)))
        }
    }

    private func address(for entry: CatalogEntry, target: String) throws(DatasetError) -> String {
        if let address { return address }
        switch entry.origin {
        case .address(let address): return address
        case .byHand(let files): throw .noAddress(dataset: entry.name, files: files, folder: target)
        }
    }

    private static func url(of file: CatalogFile, from address: String) throws(DatasetError) -> URL {
        let folder = address.hasSuffix("/") ? address : address + "/"
        guard let url = URL(string: "\(folder)\(file.publishedName)"), url.host() != nil,
            url.scheme == "https" || url.scheme == "http"
        else {
            throw .downloadFailed(url: address, .notAnAddress)
        }
        return url
    }

    /// Makes sure that a file is the one in the catalogue.
    private static func check(_ file: CatalogFile, at path: String) throws(DatasetError) {
        let contents: any DigestedFile =
            switch file.format {
            case .idx(let rank): try IDXFile(path: path, rank: rank)
            case .hdf5: try HDF5File(path: path)
            }
        if case .archive(let digest) = file.digest, !contents.isGzipped {
            throw .damaged(path: path, .wrongDigest(found: contents.contentDigest, expected: digest))
        }
        _ = try contents.verify(file.digest)
    }
}
