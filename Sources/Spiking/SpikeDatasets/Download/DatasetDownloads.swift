import Files

/// What a program in another language has to know to bring a data set as ``DatasetFetcher`` does.
package struct DatasetDownloads: Encodable, Sendable {
    package struct File: Encodable, Sendable {
        let name: String
        let address: String
        /// Without what may be a name and a password in it.
        let shownAddress: String
        /// Bytes that neither the file nor its contents can have more of.
        let sizeLimit: Int
        let sha256: String
        /// Whether that is of the file as published; otherwise of its uncompressed bytes.
        let isOfArchive: Bool
    }

    /// Where the files go.
    package let folder: String
    package let files: [File]
}

extension DatasetFetcher {
    /// What ``fetch(_:progress:)`` would do.
    ///
    /// - Throws: ``DatasetError/noAddress(dataset:files:folder:)``, ``DatasetError/downloadFailed(url:_:)`` for what is no address.
    package func downloads(of entry: CatalogEntry) throws(DatasetError) -> DatasetDownloads {
        let target = target(of: entry)
        let base = try address(for: entry, target: target)
        let files = try entry.layout.files.map { file throws(DatasetError) in
            let address = try Self.address(of: file, in: base)
            let (sha256, isOfArchive) =
                switch file.digest {
                case .content(let digest): (digest, false)
                case .archive(let digest): (digest, true)
                }
            return DatasetDownloads.File(
                name: file.publishedName, address: address.text, shownAddress: address.description,
                sizeLimit: file.sizeLimit, sha256: sha256, isOfArchive: isOfArchive)
        }
        return DatasetDownloads(folder: target, files: files)
    }
}
