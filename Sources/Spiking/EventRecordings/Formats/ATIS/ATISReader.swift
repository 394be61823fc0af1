/// Files of the ATIS camera as N-MNIST has them (Orchard and others 2015), without a header.
///
///     x           1 byte
///     y           1 byte
///     polarity    the highest bit of 3 bytes, big-endian
///     time, µs    the other 23 bits
///
/// The clock of an event has 23 bits; an event in row 240 is none, but says that the clock of those after it lacks another 2¹³ µs.
struct ATISReader: EventByteReader {
    private static let (overflowRow, overflowTime) = (UInt8(240), Int64(1) << 13)

    let bytes: EventBytes
    private var elapsed: Int64 = 0

    init(_ bytes: EventBytes) { self.bytes = bytes }

    mutating func read(_ count: Int, into events: inout [Event]) throws(EventError) {
        try bytes.readEvents(count, recordSize: 5, into: &events) { (records, place) throws(EventFault) in
            if records[place + 1] == Self.overflowRow {
                elapsed += Self.overflowTime
                return nil
            }
            let word =
                Int64(records[place + 2]) << 16 | Int64(records[place + 3]) << 8
                | Int64(records[place + 4])
            return Event(
                x: UInt16(records[place]), y: UInt16(records[place + 1]), isOn: word >> 23 == 1,
                time: elapsed + word & 0x7F_FFFF)
        }
    }
}
