import CZlib

/// A deflate stream (RFC 1951) in memory, as ZIP archives have them.
enum RawInflation {
    /// - Parameter size: bytes that come out.
    /// - Returns: nil for a stream that is damaged, or gives another number of bytes.
    static func inflated(_ bytes: ArraySlice<UInt8>, size: Int) -> [UInt8]? {
        // Of a size that the stream cannot give nothing is allocated.
        guard size <= (bytes.count + 1) * GzipReader.largestRatio, size <= Int(UInt32.max),
            bytes.count <= Int(UInt32.max)
        else { return nil }
        var stream = z_stream()
        // A window of 15 bits; negative: neither header nor check sum.
        guard inflateInit2_(&stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            return nil
        }
        defer { inflateEnd(&stream) }
        // One byte more, so that a longer stream is seen to be one, and an array always has an address.
        var result = [UInt8](repeating: 0, count: size + 1)
        var input = Array(bytes)
        let status = input.withUnsafeMutableBufferPointer { source in
            result.withUnsafeMutableBufferPointer { target in
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(source.count)
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(min(target.count, Int(UInt32.max)))
                return inflate(&stream, Z_FINISH)
            }
        }
        guard status == Z_STREAM_END, Int(stream.total_out) == size else { return nil }
        result.removeLast()
        return result
    }
}
