import Files
import Glibc

extension SafetensorsFile {
    /// The bytes of the file: equal contents give equal bytes.
    public var encoded: [UInt8] {
        get throws {
            var fields: [String] = []
            if !metadata.isEmpty {
                let texts = try metadata.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
                    .map { "\(try jsonText($0.key)):\(try jsonText($0.value))" }
                fields.append("\"__metadata__\":{\(texts.joined(separator: ","))}")
            }
            var offset = 0
            for entry in entries {
                let tensor = entry.tensor
                let shape = tensor.shape.map(String.init).joined(separator: ",")
                fields.append(
                    "\(try jsonText(entry.name)):{\"dtype\":\"\(tensor.elementType.rawValue)\",\"shape\":[\(shape)],"
                        + "\"data_offsets\":[\(offset),\(offset + tensor.bytes.count)]}")
                offset += tensor.bytes.count
            }
            var header = Array("{\(fields.joined(separator: ","))}".utf8)
            // Spaces, so that the numbers start at a multiple of eight.
            header += [UInt8](repeating: UInt8(ascii: " "), count: (8 - header.count % 8) % 8)
            var bytes = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
            bytes.reserveCapacity(8 + header.count + offset)
            bytes += header
            for entry in entries { bytes += entry.tensor.bytes }
            return bytes
        }
    }

    /// Writes the file atomically (`AtomicFile`).
    ///
    /// - Throws: `FileError` when the system refuses.
    public func write(to path: String) throws {
        try AtomicFile.write(try encoded, to: path)
    }
}

/// A string with quotes and escapes.
private func jsonText(_ text: String) throws -> String {
    String(decoding: try JSONDocument.encode(text), as: UTF8.self)
}
