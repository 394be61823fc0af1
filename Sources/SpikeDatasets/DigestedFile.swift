import Digests
import Foundation

/// A file that was read in full, to be compared with the catalogue.
protocol DigestedFile {
    var path: String { get }
    /// Whether it lies gzipped on disk.
    var isGzipped: Bool { get }
    /// SHA-256 of the uncompressed bytes.
    var contentDigest: String { get }
}

/// What a file must be.
enum ExpectedDigest: Sendable, Hashable {
    /// SHA-256 of the uncompressed bytes: holds however the file was compressed.
    case content(String)
    /// SHA-256 of the gzip file as published, where that of the contents is not known.
    case archive(String)
}

extension DigestedFile {
    /// Compares the file with the digest in the catalogue.
    ///
    /// - Returns: what could be compared; a plain file is not compared with the digest of an archive.
    /// - Throws: ``DatasetError/damaged(path:_:)`` with ``FileFault/wrongDigest(found:expected:)``.
    func verify(_ expected: ExpectedDigest) throws(DatasetError) -> DatasetFile.Verification {
        switch expected {
        case .content(let digest):
            guard digest == contentDigest else {
                throw .damaged(path: path, .wrongDigest(found: contentDigest, expected: digest))
            }
            return .contentMatches
        case .archive(let digest):
            guard isGzipped else { return .nothingToCompare }
            let found = try archiveDigest()
            guard digest == found else {
                throw .damaged(path: path, .wrongDigest(found: found, expected: digest))
            }
            return .archiveMatches
        }
    }

    /// SHA-256 of the file as it lies on disk.
    private func archiveDigest() throws(DatasetError) -> String {
        var hasher = SHA256Hasher()
        do {
            let file = try FileHandle(forReadingFrom: URL(filePath: path))
            while let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty {
                hasher.update([UInt8](piece))
            }
        } catch {
            throw .unreadable(path: path, reason: DatasetError.reason(of: error))
        }
        return hasher.finalize()
    }
}
