import CCrypto
import Foundation

/// SHA-256 over bytes that come in pieces (libcrypto).
///
/// All use of libcrypto, and the unsafe pointers that it takes, are in this file.
public struct SHA256Digest: ~Copyable {
    private let context: OpaquePointer?
    private var isSound: Bool

    public init() {
        context = EVP_MD_CTX_new()
        isSound = context != nil && EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1
    }

    deinit {
        EVP_MD_CTX_free(context)
    }

    /// Takes in more bytes.
    public mutating func update(_ bytes: some Sequence<UInt8>) {
        let isTaken = bytes.withContiguousStorageIfAvailable { buffer in
            EVP_DigestUpdate(context, buffer.baseAddress, buffer.count) == 1
        }
        if let isTaken {
            isSound = isSound && isTaken
        } else {
            update(Array(bytes))
        }
    }

    /// The digest as 64 hexadecimal digits.
    ///
    /// - Throws: ``DatasetError/digestUnavailable`` where libcrypto refuses to compute SHA-256.
    public consuming func hexadecimal() throws(DatasetError) -> String {
        var digest = [UInt8](repeating: 0, count: 32)
        var length: UInt32 = 32
        guard isSound, EVP_DigestFinal_ex(context, &digest, &length) == 1, length == 32 else {
            throw .digestUnavailable
        }
        return digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// The digest of one block of bytes.
    ///
    /// - Throws: ``DatasetError/digestUnavailable`` where libcrypto refuses to compute SHA-256.
    public static func hexadecimal(of bytes: some Sequence<UInt8>) throws(DatasetError) -> String {
        var digest = SHA256Digest()
        digest.update(bytes)
        return try digest.hexadecimal()
    }

    /// The digest of a file as it lies on disk.
    ///
    /// - Throws: ``DatasetError/unreadable(path:reason:)``, ``DatasetError/digestUnavailable``.
    static func hexadecimal(ofFileAt path: String) throws(DatasetError) -> String {
        var digest = SHA256Digest()
        do {
            let file = try FileHandle(forReadingFrom: URL(filePath: path))
            while let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty { digest.update(piece) }
        } catch {
            throw .unreadable(path: path, reason: reason(of: error))
        }
        return try digest.hexadecimal()
    }
}
