/// What a file must be.
enum ExpectedDigest: Sendable, Hashable {
    /// SHA-256 of the uncompressed bytes: holds however the file was compressed.
    case content(String)
    /// SHA-256 of the gzip file as published, where that of the contents is not known.
    case archive(String)
}

/// What a file that was read to its end is.
struct FileDigests: Sendable, Hashable {
    /// SHA-256 of the uncompressed bytes, 64 hexadecimal digits.
    let content: String
    /// That of the file as it lies on disk, without padding; nil where it is not gzipped.
    let archive: String?

    /// Compares the file with the digest in the catalogue.
    ///
    /// - Returns: what could be compared; a plain file is not compared with the digest of an archive.
    /// - Throws: ``FileFault/wrongDigest(found:expected:)``.
    func verify(_ expected: ExpectedDigest) throws(FileFault) -> DatasetFile.Verification {
        switch (expected, archive) {
        case (.content(let digest), _):
            guard digest == content else { throw .wrongDigest(found: content, expected: digest) }
            return .contentMatches
        case (.archive(let digest), let found?):
            guard digest == found else { throw .wrongDigest(found: found, expected: digest) }
            return .archiveMatches
        case (.archive, nil):
            return .nothingToCompare
        }
    }
}
