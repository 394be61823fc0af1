/// Files of the ATIS camera as N-MNIST has them (Orchard and others 2015), without a header.
///
///     x           1 byte
///     y           1 byte
///     polarity    the highest bit of 3 bytes, big-endian
///     time, µs    the other 23 bits
///
/// The clock of an event has 23 bits; an event in row 240 is none, but says that the clock of those after it lacks another 2¹³ µs.
struct ATISReader: EventReader {
    private static let (recordSize, overflowRow, overflowTime) = (5, UInt8(240), Int64(1) << 13)

    let sensor: EventSensor? = nil
    private let bytes: EventBytes
    private var elapsed: Int64 = 0

    init(_ bytes: EventBytes) { self.bytes = bytes }

    mutating func read(_ count: Int, into events: inout [Event]) throws(EventError) {
        let end = events.count + count
        while events.count < end {
            let wanted = end - events.count
            let records = try bytes.takeRecords(wanted, size: Self.recordSize)
            for index in stride(from: records.startIndex, to: records.endIndex, by: Self.recordSize) {
                if records[index + 1] == Self.overflowRow {
                    elapsed += Self.overflowTime
                    continue
                }
                let word =
                    Int64(records[index + 2]) << 16 | Int64(records[index + 3]) << 8
                    | Int64(records[index + 4])
                events.append(
                    Event(
                        x: UInt16(records[index]), y: UInt16(records[index + 1]), isOn: word >> 23 == 1,
                        time: elapsed + word & 0x7F_FFFF))
            }
            if records.count < wanted * Self.recordSize { return }
        }
    }
}
