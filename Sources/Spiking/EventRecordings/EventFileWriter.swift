import Files
import HDF5Files

/// Writes a recording; the file is there when it is whole.
public struct EventFileWriter {
    /// A format that is written.
    public enum Format: String, Sendable, CaseIterable {
        /// ``EventFormat/aedat2``, of sensors of up to 128 × 128 pixels.
        case aedat2 = ".aedat"
        /// ``EventFormat/npy``: records of `x` and `y` (2 bytes), `t` (8 bytes, µs) and `p` (1 byte).
        case npy = ".npy"
        /// ``EventFormat/hdf5``: the arrays `events/x` and `events/y` (2 bytes), `events/t` (8 bytes, µs) and `events/p` (1 byte),
        /// compressed; attributes `width` and `height` of `events` where the sensor is known.
        case hdf5 = ".h5"

        /// The format that the name of a file says; nil for another one.
        public init?(ofFile path: String) {
            let format = Self.allCases.first { path.hasSuffix($0.rawValue) }
            guard let format = format ?? (path.hasSuffix(".hdf5") ? .hdf5 : nil) else { return nil }
            self = format
        }
    }

    public let path: String
    public let format: Format
    private let sensor: EventSensor?
    private var records: [UInt8] = []
    private var columns = HDF5Columns()
    private var count = 0
    private var last: Int64 = 0

    /// - Parameter sensor: on which all events lie, for the formats that say it.
    public init(_ format: Format, path: String, sensor: EventSensor? = nil) {
        (self.format, self.path, self.sensor) = (format, path, sensor)
    }

    /// Takes the next events.
    ///
    /// - Throws: ``EventError/notRepresentable(path:_:expected:)``.
    public mutating func write(_ events: [Event]) throws(EventError) {
        for event in events {
            switch format {
            case .aedat2: try addAEDAT2(event)
            case .hdf5: columns.append(event)
            case .npy:
                records.append(littleEndian: event.x)
                records.append(littleEndian: event.y)
                records.append(littleEndian: UInt64(bitPattern: event.time))
                records.append(event.isOn ? 1 : 0)
            }
        }
        count += events.count
    }

    /// The clock of the file has 32 bits: of two events readers must be able to tell how often it went round between them.
    private mutating func addAEDAT2(_ event: Event) throws(EventError) {
        guard event.x < 128, event.y < 128 else {
            throw .notRepresentable(path: path, event, expected: "columns and rows up to 127")
        }
        let step = event.time.subtractingReportingOverflow(last)
        guard
            records.isEmpty
                ? (0..<1 << 32).contains(event.time) : !step.overflow && step.partialValue.magnitude < 1 << 31
        else {
            throw .notRepresentable(
                path: path, event,
                expected: "a first time from 0 to 2³² µs, and less than 2³¹ µs from event to event")
        }
        last = event.time
        let address = UInt32(event.y) << 8 | UInt32(event.x) << 1 | (event.isOn ? 1 : 0)
        records.append(littleEndian: address.byteSwapped)
        records.append(littleEndian: UInt32(truncatingIfNeeded: event.time).byteSwapped)
    }

    /// Writes the file, or none.
    ///
    /// - Throws: ``EventError/notWritten(_:)``.
    public consuming func finish() throws(EventError) {
        do throws(FileError) {
            switch format {
            case .aedat2:
                let head = Array("#!AER-DAT2.0\r\n# written by sqsnn \(Software.version)\r\n".utf8)
                try AtomicFile.write(head + records, to: path)
            case .npy:
                let head = NPYHeader.bytes(
                    type: "[('x', '<u2'), ('y', '<u2'), ('t', '<i8'), ('p', '|u1')]", [count])
                try AtomicFile.write(head + records, to: path)
            case .hdf5:
                try HDF5File.write(columns.outputs(sensor), to: path)
            }
        } catch {
            throw .notWritten(error)
        }
    }
}
