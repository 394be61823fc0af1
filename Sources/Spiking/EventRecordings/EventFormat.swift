import Files
import HDF5Files

/// A kind of file that events are read from.
public enum EventFormat: String, Sendable, CaseIterable, Codable, CustomStringConvertible {
    /// Of jAER, version 2: MNIST-DVS.
    case aedat2 = "aedat-2"
    /// Of caer, version 3: DVS128 Gesture.
    case aedat3 = "aedat-3"
    /// Of DV, version 4.
    case aedat4 = "aedat-4"
    /// Of the ATIS camera, without a header: N-MNIST, N-Caltech101.
    case atis
    /// Of Prophesee, `.dat`: N-CARS.
    case prophesee
    /// Of NumPy, an array of records.
    case npy
    /// Of NumPy, an archive of arrays.
    case npz
    /// Arrays or records in a file of HDF5.
    case hdf5

    public var description: String {
        switch self {
        case .aedat2: "AEDAT 2.0"
        case .aedat3: "AEDAT 3"
        case .aedat4: "AEDAT 4"
        case .atis: "ATIS (.bin, N-MNIST)"
        case .prophesee: "Prophesee (.dat)"
        case .npy: "NumPy (.npy)"
        case .npz: "NumPy (.npz)"
        case .hdf5: "HDF5 (.h5)"
        }
    }

    /// The format that the first bytes of a file say, or its name where the format has none of its own.
    init?(_ start: ArraySlice<UInt8>, path: String) {
        if start.starts(with: Array("#!AER-DAT2".utf8)) {
            self = .aedat2
        } else if start.starts(with: Array("#!AER-DAT3".utf8)) {
            self = .aedat3
        } else if start.starts(with: Array("#!AER-DAT4".utf8)) {
            self = .aedat4
        } else if start.starts(with: HDF5File.signature) {
            self = .hdf5
        } else if start.first == UInt8(ascii: "%") {
            self = .prophesee
        } else if start.starts(with: NPYHeader.signature) {
            self = .npy
        } else if start.starts(with: Array("PK\u{3}\u{4}".utf8)) {
            self = .npz
        } else if Self.name(path, endsIn: ".bin") {
            self = .atis
        } else {
            return nil
        }
    }

    /// What the names of recordings end in, where folders are looked through.
    static let endings = [".aedat", ".aedat4", ".bin", ".dat", ".npy", ".npz", ".h5", ".hdf5"]

    package static func isNameOfRecording(_ path: String) -> Bool {
        endings.contains { name(path, endsIn: $0) }
    }

    private static func name(_ path: String, endsIn ending: String) -> Bool {
        path.hasSuffix(ending) || path.hasSuffix(ending + ".gz")
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
    ///   - sensor: that all events must lie on; nil for what the file or its format says.
    /// - Throws: ``EventError``.
    public static func open(
        _ path: String, format: EventFormat? = nil, sensor: EventSensor? = nil
    ) throws(EventError) -> (format: EventFormat, reader: any EventReader) {
        try open(EventBytes(path: path), format: format, sensor: sensor)
    }

    static func open(
        _ bytes: EventBytes, format: EventFormat?, sensor: EventSensor?
    ) throws(EventError) -> (format: EventFormat, reader: any EventReader) {
        bytes.sensor = sensor
        let start = try bytes.peek(16)
        guard let format = format ?? EventFormat(start, path: bytes.path) else {
            let found = start.prefix(8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            throw .unknownFormat(path: bytes.path, found: found.isEmpty ? "nothing" : "0x\(found)")
        }
        let reader: any EventReader =
            switch format {
            case .aedat2: try AEDAT2Reader(bytes)
            case .aedat3: try AEDAT3Reader(bytes)
            case .aedat4: try AEDAT4Reader(bytes)
            case .atis: ATISReader(bytes)
            case .prophesee: try PropheseeReader(bytes)
            case .npy: try NPYEventReader(bytes)
            case .npz: try NPZEventReader(bytes)
            case .hdf5: try HDF5EventReader(bytes, path: bytes.path)
            }
        return (format, reader)
    }
}
