import Files

/// Scalars as an event file of TensorBoard: records of TFRecord, each an `Event` of TensorFlow's event.proto.
///
/// A record is the length of its data (8 bytes, little-endian), a masked CRC-32C of the length, the data, a masked CRC-32C of the data.
public struct TensorBoardEvents: Sendable {
    public private(set) var bytes: [UInt8] = []

    /// A name that TensorBoard finds.
    ///
    /// - Parameter time: seconds since 1970.
    public static func fileName(time: Double) -> String {
        "events.out.tfevents.\(Int(time)).sqsnn"
    }

    /// - Parameter time: of the beginning, seconds since 1970.
    public init(time: Double) {
        // Fields of Event: wall_time = 1 (double), step = 2 (int64), file_version = 3 (string), summary = 5 (Summary).
        append(Self.double(1, time) + Self.string(3, "brain.Event:2"))
    }

    /// Adds the values of a step.
    ///
    /// - Parameters:
    ///   - step: at least 0.
    ///   - time: seconds since 1970.
    ///   - scalars: name, with slashes between groups, and value.
    public mutating func add(step: Int, time: Double, _ scalars: [(tag: String, value: Double)]) {
        // Of Summary: value = 1 (Value); of Value: tag = 1 (string), simple_value = 2 (float).
        let values = scalars.flatMap { scalar in
            Self.message(1, Self.string(1, scalar.tag) + Self.float(2, Float(scalar.value)))
        }
        append(
            Self.double(1, time) + Self.key(2, wire: 0) + Self.varint(UInt64(step)) + Self.message(5, values))
    }

    private mutating func append(_ data: [UInt8]) {
        let length = littleEndian(UInt64(data.count))
        bytes += length + littleEndian(Self.masked(length)) + data + littleEndian(Self.masked(data))
    }

    // MARK: Protocol buffers

    private static func key(_ field: UInt64, wire: UInt64) -> [UInt8] { varint(field << 3 | wire) }

    private static func varint(_ number: UInt64) -> [UInt8] {
        var (rest, bytes) = (number, [UInt8]())
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }

    private static func double(_ field: UInt64, _ value: Double) -> [UInt8] {
        key(field, wire: 1) + littleEndian(value.bitPattern)
    }

    private static func float(_ field: UInt64, _ value: Float) -> [UInt8] {
        key(field, wire: 5) + littleEndian(value.bitPattern)
    }

    private static func string(_ field: UInt64, _ text: String) -> [UInt8] {
        message(field, Array(text.utf8))
    }

    private static func message(_ field: UInt64, _ contents: [UInt8]) -> [UInt8] {
        key(field, wire: 2) + varint(UInt64(contents.count)) + contents
    }

    // MARK: CRC-32C (Castagnoli)

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { sum, _ in sum & 1 == 1 ? sum >> 1 ^ 0x82F6_3B78 : sum >> 1 }
    }

    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~0) { sum, byte in table[Int(UInt8(truncatingIfNeeded: sum) ^ byte)] ^ sum >> 8 }
    }

    /// Turned and shifted, as TFRecord has it, so that a checksum of checksums is no special case.
    private static func masked(_ bytes: [UInt8]) -> UInt32 {
        let sum = checksum(bytes)
        return (sum >> 15 | sum << 17) &+ 0xA282_EAD8
    }
}
