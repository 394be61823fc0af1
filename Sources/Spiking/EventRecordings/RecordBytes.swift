/// Records of one size in memory. That they end within the bytes was checked before, so their numbers are read without.
struct RecordBytes {
    private let bytes: UnsafeRawBufferPointer

    fileprivate init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    subscript(place: Int) -> UInt8 { bytes[place] }

    func littleEndian<Number: FixedWidthInteger & BitwiseCopyable>(_ place: Int, as: Number.Type) -> Number {
        Number(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: Number.self))
    }

    func bigEndian<Number: FixedWidthInteger & BitwiseCopyable>(_ place: Int, as: Number.Type) -> Number {
        Number(bigEndian: bytes.loadUnaligned(fromByteOffset: place, as: Number.self))
    }
}

extension [Event] {
    /// Appends the events of whole records of one size.
    ///
    /// - Parameters:
    ///   - sensor: that they must lie on; nil for any.
    ///   - decode: the event of the record that begins at a place; nil where the record is none. It reads no more than the size.
    /// - Returns: the first record that makes no sense, and why; events before it were appended.
    mutating func append(
        _ records: ArraySlice<UInt8>, recordSize size: Int, _ sensor: EventSensor?,
        _ decode: (RecordBytes, Int) throws(EventFault) -> Event?
    ) -> (index: Int, fault: EventFault)? {
        let count = records.count / size
        reserveCapacity(self.count + count)
        return records.withUnsafeBytes { bytes in
            let bytes = RecordBytes(bytes)
            for index in 0..<count {
                do throws(EventFault) {
                    guard let event = try decode(bytes, index * size) else { continue }
                    if let sensor, !sensor.contains(event) { throw .offSensor(event, sensor) }
                    append(event)
                } catch {
                    return (index, error)
                }
            }
            return nil
        }
    }
}

extension ArraySlice<UInt8> {
    /// The number in the four bytes from an index on.
    func littleEndian32(_ index: Int) -> UInt32 {
        UInt32(self[index]) | UInt32(self[index + 1]) << 8 | UInt32(self[index + 2]) << 16
            | UInt32(self[index + 3]) << 24
    }
}
