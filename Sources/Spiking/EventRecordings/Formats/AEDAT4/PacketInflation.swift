#if AEDAT4
    import CLZ4
    import CZstd

    /// Inflates the packets of a file, one after the other; the libraries' states serve for all of them.
    final class PacketInflation {
        private let compression: PacketCompression
        private var lz4: OpaquePointer?
        private var zstd: OpaquePointer?
        private var piece: [UInt8] = []

        private static let pieceSize = 1 << 18

        init(_ compression: PacketCompression) {
            self.compression = compression
            switch compression {
            case .none: return
            case .lz4, .lz4High: LZ4F_createDecompressionContext(&lz4, UInt32(LZ4F_VERSION))
            case .zstd, .zstdHigh: zstd = ZSTD_createDStream()
            }
            piece = [UInt8](repeating: 0, count: Self.pieceSize)
        }

        deinit {
            if let lz4 { LZ4F_freeDecompressionContext(lz4) }
            if let zstd { ZSTD_freeDStream(zstd) }
        }

        /// - Returns: nil for what is no whole frame of this kind.
        /// - Throws: ``EventFault/impossibleSize(_:found:largest:)``.
        func inflated(_ bytes: ArraySlice<UInt8>) throws(EventFault) -> ArraySlice<UInt8>? {
            if let lz4 {
                // What a packet before left half done is forgotten.
                LZ4F_resetDecompressionContext(lz4)
                return try inflated(bytes) { input, output in
                    var (taken, given) = (input.count, output.count)
                    let left = LZ4F_decompress(
                        lz4, output.baseAddress, &given, input.baseAddress, &taken, nil)
                    return LZ4F_isError(left) == 0 ? (taken, given, left == 0) : nil
                }
            }
            if let zstd {
                ZSTD_initDStream(zstd)
                return try inflated(bytes) { input, output in
                    var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
                    var target = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
                    let left = ZSTD_decompressStream(zstd, &target, &source)
                    return ZSTD_isError(left) == 0 ? (source.pos, target.pos, left == 0) : nil
                }
            }
            return compression == .none ? bytes : nil
        }

        /// Memory grows with what comes out, not with what a header says.
        private func inflated(
            _ bytes: ArraySlice<UInt8>,
            _ step: (UnsafeRawBufferPointer, UnsafeMutableRawBufferPointer) -> (
                taken: Int, given: Int, isWhole: Bool
            )?
        ) throws(EventFault) -> ArraySlice<UInt8>? {
            var (contents, rest) = ([UInt8](), bytes)
            while true {
                let result = rest.withUnsafeBytes { input in
                    piece.withUnsafeMutableBytes { output in step(input, output) }
                }
                guard let result else { return nil }
                rest = rest.dropFirst(result.taken)
                contents.append(contentsOf: piece.prefix(result.given))
                guard contents.count <= PacketCompression.sizeLimit else {
                    throw .impossibleSize(
                        "a packet", found: contents.count, largest: PacketCompression.sizeLimit)
                }
                if result.isWhole { return rest.isEmpty ? contents[...] : nil }
                if result.taken == 0 && result.given == 0 { return nil }
            }
        }
    }
#else
    /// Packets that are not compressed.
    final class PacketInflation {
        private let compression: PacketCompression

        init(_ compression: PacketCompression) { self.compression = compression }

        /// - Throws: ``EventFault/builtWithout(library:)``.
        func inflated(_ bytes: ArraySlice<UInt8>) throws(EventFault) -> ArraySlice<UInt8>? {
            guard compression == .none else { throw .builtWithout(library: "AEDAT4") }
            return bytes
        }
    }
#endif

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
