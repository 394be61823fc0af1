import Dispatch
import Files
import FoundationEssentials
import Glibc
import Synchronization

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
    ///   - address: a mirror, `https://example.org/mnist/` for one; by default the address in the catalogue. May hold a
    ///     name and a password, which are in no message.
    public init(folder: String = DatasetSearchPath().userFolder, address: String? = nil) {
        self.folder = folder
        self.address = address
    }

    /// Fetches the files that are not there yet, one after the other.
    ///
    /// Each file grows under a name that ends in `.part`, is checked against the catalogue, and gets its own
    /// name only then, in one step: a file under its own name is always whole and right. An interrupted
    /// download goes on where it stopped. A resumed file that turns out wrong is fetched once more from its
    /// beginning, as an earlier part may be another mirror's. The catalogue knows how large a file can be: a server that
    /// sends more is stopped there, and nothing of it is left. Memory: what one file has, uncompressed.
    ///
    /// - Parameter progress: called after each piece that arrives, on another thread.
    /// - Returns: the paths of all files, in the order of the catalogue.
    /// - Throws: ``DatasetError/noAddress(dataset:files:folder:)``, ``DatasetError/busy(path:)``,
    ///   ``DatasetError/downloadFailed(url:_:)``, ``DatasetError/unwritable(path:reason:)``.
    public func fetch(
        _ entry: CatalogEntry, progress: @escaping @Sendable (Progress) -> Void = { _ in }
    ) async throws(DatasetError) -> [String] {
        let target = target(of: entry)
        let address = try self.address(for: entry, target: target)
        let addresses = try entry.layout.files.map { file throws(DatasetError) in
            try Self.address(of: file, in: address)
        }
        let newFolders = try Self.folders(target)
        var paths: [String] = []
        do throws(DatasetError) {
            for (file, address) in zip(entry.layout.files, addresses) {
                let path = "\(target)/\(file.publishedName)"
                if (try? file.check(at: path)) == nil {
                    try await fetch(file, from: address, to: path, progress: progress)
                }
                paths.append(path)
            }
        } catch {
            // A start that brought nothing leaves no folder; `rmdir` takes empty ones only.
            Folder.remove(newFolders)
            throw error
        }
        return paths
    }

    /// Fetches one file on a thread of its own, as libcurl waits where it is called.
    private func fetch(
        _ file: CatalogFile, from address: WebAddress, to path: String,
        progress: @escaping @Sendable (Progress) -> Void
    ) async throws(DatasetError) {
        let isCancelled = Mutex(false)
        let result: Result<Void, DatasetError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                DispatchQueue(label: "download").async {
                    continuation.resume(
                        returning: Result { () throws(DatasetError) in
                            try file.download(
                                from: address, to: path, isCancelled: { isCancelled.withLock { $0 } },
                                progress: progress)
                        })
                }
            }
        } onCancel: {
            isCancelled.withLock { $0 = true }
        }
        try result.get()
    }

    func target(of entry: CatalogEntry) -> String { "\(folder)/\(entry.folderNames[0])" }

    func address(for entry: CatalogEntry, target: String) throws(DatasetError) -> String {
        if let address { return address }
        switch entry.origin {
        case .address(let address): return address
        case .byHand(let files): throw .noAddress(dataset: entry.name, files: files, folder: target)
        }
    }

    static func address(of file: CatalogFile, in folder: String) throws(DatasetError) -> WebAddress {
        guard let address = WebAddress((folder.hasSuffix("/") ? folder : folder + "/") + file.publishedName)
        else {
            throw .downloadFailed(url: WebAddress.withoutCredentials(folder), .notAnAddress)
        }
        return address
    }

    private static func folders(_ path: String) throws(DatasetError) -> [String] {
        do {
            return try Folder.make(path)
        } catch {
            guard case .cannotMakeFolder(_, let reason) = error else {
                throw .unwritable(path: path, reason: "\(error)")
            }
            throw .unwritable(path: path, reason: reason)
        }
    }
}

extension CatalogFile {
    /// Downloads the file, checks it, and gives it its own name.
    fileprivate func download(
        from address: WebAddress, to path: String, isCancelled: @escaping () -> Bool,
        progress: @escaping (DatasetFetcher.Progress) -> Void
    ) throws(DatasetError) {
        let part = try PartialFile(for: path)
        let download = HTTPDownload(address: address, limit: sizeLimit)
        while true {
            let isResumed = part.size > 0
            try download.run(into: part, isCancelled: isCancelled) { received, expected in
                progress(
                    DatasetFetcher.Progress(
                        fileName: publishedName, received: received, expected: expected))
            }
            do {
                try check(at: part.path)
                return try part.finish()
            } catch .damaged(_, let fault) {
                try part.empty()
                if !isResumed { throw .downloadFailed(url: address.description, .wrongFile(fault)) }
            }
        }
    }

    /// Makes sure that a file is the one in the catalogue.
    fileprivate func check(at path: String) throws(DatasetError) {
        switch format {
        case .idx(let dimensions):
            let file = try IDXFile(path: path, dimensions: dimensions)
            do throws(FileFault) {
                if try file.digests.verify(digest) == .nothingToCompare { throw .nothingToCompare }
            } catch {
                throw .damaged(path: path, error)
            }
        case .hdf5:
            _ = try contents(at: path)
        }
    }
}
