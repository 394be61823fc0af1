import Files
import HDF5Files

extension CatalogFile {
    /// The file, gzipped or not, if it is the one in the catalogue. HDF5 is given the bytes that were compared.
    ///
    /// - Throws: as ``contents(at:)``.
    func openHDF5(at path: String) throws(DatasetError) -> (file: HDF5File, digest: String) {
        let (bytes, digest) = try contents(at: path)
        let file = try DatasetError.hdf5 { () throws(HDF5Error) in
            try HDF5File(contents: bytes, path: path)
        }
        return (file, digest)
    }

    /// The contents of an HDF5 file, gzipped or not, whose digest must be known and is compared.
    ///
    /// - Throws: ``DatasetError/unreadable(_:)``, ``DatasetError/damaged(path:_:)``.
    /// - Complexity: O(size) of time and memory.
    func contents(at path: String) throws(DatasetError) -> (bytes: [UInt8], digest: String) {
        guard case .content(let digest) = digest else {
            throw .damaged(path: path, .nothingToCompare)
        }
        let reader = try DatasetError.reading { () throws(FileError) in
            try GzipReader(path: path, sizeLimit: GzipReader.largestSize(ofContents: contentSize))
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(min(contentSize, reader.fileSize ?? 0))
        try DatasetError.reading { () throws(FileError) in try reader.read(contentSize, into: &bytes) }
        let start = Array(bytes.prefix(HDF5File.signature.count))
        guard start == HDF5File.signature else { throw .damaged(path: path, .wrongSignature(found: start)) }
        guard try DatasetError.reading(reader.isAtEnd) else {
            throw .damaged(path: path, .trailingBytes(expected: contentSize))
        }
        let found = SHA256Digest.hex(of: bytes)
        guard found == digest else {
            throw .damaged(path: path, .wrongDigest(found: found, expected: digest))
        }
        return (bytes, found)
    }
}

extension DatasetError {
    /// What is wrong with an HDF5 file, as the error of a data set.
    static func hdf5<Value>(_ read: () throws(HDF5Error) -> Value) throws(DatasetError) -> Value {
        do throws(HDF5Error) {
            return try read()
        } catch {
            switch error {
            case .damaged(let path, let name, let fault): throw .damaged(path: path, .array(name, fault))
            case .unreadable(let error): throw DatasetError(error)
            case .builtWithout(let path): throw .builtWithout(path: path, library: "HDF5")
            case .notStarted: throw .hdf5(error)
            }
        }
    }
}
