/// How the packets of an AEDAT 4 file are compressed.
enum PacketCompression: Int {
    case none, lz4, lz4High, zstd, zstdHigh

    /// Bytes of a packet at most.
    static let sizeLimit = 1 << 28
}
