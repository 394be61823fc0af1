import CZlib

/// Bytes in a zlib stream (RFC 1950), as PNG has them.
package enum ZlibStream {
    package static func compressed(_ bytes: [UInt8]) -> [UInt8] {
        var size = compressBound(UInt(bytes.count))
        var result = [UInt8](repeating: 0, count: Int(size))
        // The output has the size that zlib asks for, so nothing can fail but memory.
        let status = compress2(&result, &size, bytes, UInt(bytes.count), Z_DEFAULT_COMPRESSION)
        precondition(status == Z_OK, "zlib: status \(status)")
        result.removeLast(result.count - Int(size))
        return result
    }
}
