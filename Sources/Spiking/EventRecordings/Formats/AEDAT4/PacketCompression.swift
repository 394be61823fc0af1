#if AEDAT4
    import CLZ4
    import CZstd
#endif

/// How the packets of an AEDAT 4 file are compressed.
enum PacketCompression: Int {
    case none, lz4, lz4High, zstd, zstdHigh

    /// Bytes of a packet at most.
    static let sizeLimit = 1 << 28

    /// - Returns: nil for what is no whole frame of this kind.
    /// - Throws: ``EventFault/impossibleSize(_:found:largest:)``, ``EventFault/builtWithout(library:)``.
    func inflated(_ bytes: ArraySlice<UInt8>) throws(EventFault) -> [UInt8]? {
        if self == .none { return Array(bytes) }
        #if AEDAT4
            let isLZ4 = self == .lz4 || self == .lz4High
            return try isLZ4 ? Self.inflatedLZ4(bytes) : Self.inflatedZstd(bytes)
        #else
            throw .builtWithout(library: "AEDAT4")
        #endif
    }
}

/// The libraries that read compressed packets, for `sqsnn doctor`.
package enum PacketLibraries {
    /// Their versions; nil where they are not built in.
    package static var versions: (lz4: String, zstandard: String)? {
        #if AEDAT4
            (String(cString: LZ4_versionString()), String(cString: ZSTD_versionString()))
        #else
            nil
        #endif
    }
}

#if AEDAT4
    extension PacketCompression {
        private static var pieceSize: Int { 1 << 18 }

        private static func inflatedLZ4(_ bytes: ArraySlice<UInt8>) throws(EventFault) -> [UInt8]? {
            var context: OpaquePointer?
            guard LZ4F_isError(LZ4F_createDecompressionContext(&context, UInt32(LZ4F_VERSION))) == 0 else {
                return nil
            }
            defer { LZ4F_freeDecompressionContext(context) }
            return try inflated(bytes) { input, output in
                var (taken, given) = (input.count, output.count)
                let left = LZ4F_decompress(
                    context, output.baseAddress, &given, input.baseAddress, &taken, nil)
                return LZ4F_isError(left) == 0 ? (taken, given, left == 0) : nil
            }
        }

        private static func inflatedZstd(_ bytes: ArraySlice<UInt8>) throws(EventFault) -> [UInt8]? {
            guard let stream = ZSTD_createDStream() else { return nil }
            defer { ZSTD_freeDStream(stream) }
            return try inflated(bytes) { input, output in
                var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
                var target = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
                let left = ZSTD_decompressStream(stream, &target, &source)
                return ZSTD_isError(left) == 0 ? (source.pos, target.pos, left == 0) : nil
            }
        }

        /// Memory grows with what comes out, not with what a header says.
        private static func inflated(
            _ bytes: ArraySlice<UInt8>,
            _ step: (UnsafeRawBufferPointer, UnsafeMutableRawBufferPointer) -> (
                taken: Int, given: Int, isWhole: Bool
            )?
        ) throws(EventFault) -> [UInt8]? {
            var (contents, piece) = ([UInt8](), [UInt8](repeating: 0, count: pieceSize))
            var rest = bytes
            while true {
                let result = rest.withUnsafeBytes { input in
                    piece.withUnsafeMutableBytes { output in step(input, output) }
                }
                guard let result else { return nil }
                rest = rest.dropFirst(result.taken)
                contents.append(contentsOf: piece.prefix(result.given))
                guard contents.count <= sizeLimit else {
                    throw .impossibleSize("a packet", found: contents.count, largest: sizeLimit)
                }
                if result.isWhole { return rest.isEmpty ? contents : nil }
                if result.taken == 0 && result.given == 0 { return nil }
            }
        }
    }
#endif
