import Files

/// A kind of file that events are read from.
public enum EventFormat: String, Sendable, CaseIterable, Codable, CustomStringConvertible {
    /// Of jAER, version 2: MNIST-DVS.
    case aedat2 = "aedat-2"
    /// Of DV, version 4.
    case aedat4 = "aedat-4"
    /// Of the ATIS camera, without a header: N-MNIST, N-Caltech101.
    case atis
    /// Of Prophesee, `.dat`: N-CARS.
    case prophesee

    public var description: String {
        switch self {
        case .aedat2: "AEDAT 2.0"
        case .aedat4: "AEDAT 4"
        case .atis: "ATIS (.bin, N-MNIST)"
        case .prophesee: "Prophesee (.dat)"
        }
    }

    /// The format that the first bytes of a file say, or its name where the format has none of its own.
    init?(_ start: ArraySlice<UInt8>, path: String) {
        if start.starts(with: Array("#!AER-DAT2".utf8)) {
            self = .aedat2
        } else if start.starts(with: Array("#!AER-DAT4".utf8)) {
            self = .aedat4
        } else if start.first == UInt8(ascii: "%") {
            self = .prophesee
        } else if path.hasSuffix(".bin") || path.hasSuffix(".bin.gz") {
            self = .atis
        } else {
            return nil
        }
    }
}

/// A file of events that is open.
public enum EventFile {
    /// Bytes of a file at most: more than a day of a busy camera.
    static let sizeLimit = 1 << 40

    /// Opens a file, gzipped or not.
    ///
    /// - Parameters:
    ///   - path: the file, or `-` for standard input.
    ///   - format: what it is; nil for what its first bytes and its name say.
    /// - Throws: ``EventError``.
    public static func open(
        _ path: String, format: EventFormat? = nil
    ) throws(EventError) -> (format: EventFormat, reader: any EventReader) {
        let bytes = try EventBytes(path: path)
        let start = try bytes.peek(16)
        guard let format = format ?? EventFormat(start, path: path) else {
            let found = start.prefix(8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            throw .unknownFormat(path: bytes.path, found: found.isEmpty ? "nothing" : "0x\(found)")
        }
        let reader: any EventReader =
            switch format {
            case .aedat2: try AEDAT2Reader(bytes)
            case .aedat4: try AEDAT4Reader(bytes)
            case .atis: ATISReader(bytes)
            case .prophesee: try PropheseeReader(bytes)
            }
        return (format, reader)
    }
}
