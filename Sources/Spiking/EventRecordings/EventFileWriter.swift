import Files

/// Writes a recording; the file is there when it is whole.
public struct EventFileWriter {
    /// A format that is written.
    public enum Format: String, Sendable, CaseIterable {
        /// ``EventFormat/aedat2``, of sensors of up to 128 × 128 pixels.
        case aedat2 = ".aedat"
        /// ``EventFormat/npy``: records of `x` and `y` (2 bytes), `t` (8 bytes, µs) and `p` (1 byte).
        case npy = ".npy"

        /// The format that the name of a file says; nil for another one.
        public init?(ofFile path: String) {
            guard let format = Self.allCases.first(where: { path.hasSuffix($0.rawValue) }) else { return nil }
            self = format
        }
    }

    public let path: String
    public let format: Format
    private var records: [UInt8] = []
    private var count = 0
    private var last: Int64 = 0

    public init(_ format: Format, path: String) { (self.format, self.path) = (format, path) }

    /// Takes the next events.
    ///
    /// - Throws: ``EventError/notRepresentable(path:_:expected:)``.
    public mutating func write(_ events: [Event]) throws(EventError) {
        for event in events {
            switch format {
            case .aedat2: try addAEDAT2(event)
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
        let head =
            switch format {
            case .aedat2: Array("#!AER-DAT2.0\r\n# written by sqsnn \(Software.version)\r\n".utf8)
            case .npy:
                NPYHeader.bytes(type: "[('x', '<u2'), ('y', '<u2'), ('t', '<i8'), ('p', '|u1')]", [count])
            }
        do throws(FileError) {
            try AtomicFile.write(head + records, to: path)
        } catch {
            throw .notWritten(error)
        }
    }
}
