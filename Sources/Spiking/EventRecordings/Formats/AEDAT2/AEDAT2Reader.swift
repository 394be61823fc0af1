/// AEDAT 2.0 of jAER, as a DVS128 writes it: lines that begin with `#`, then an address and a time for each event.
///
///     address     4 bytes, big-endian: polarity in bit 0, x in bits 1–7, y in bits 8–14; bit 15 marks what is no event of a pixel
///     time, µs    4 bytes, big-endian; it wraps
struct AEDAT2Reader: EventByteReader {
    let bytes: EventBytes
    private var clock = WrappingClock()

    init(_ bytes: EventBytes) throws(EventError) {
        self.bytes = bytes
        bytes.sensor = bytes.sensor ?? EventSensor(width: 128, height: 128)
        let lines = try bytes.takeLines(beginningWith: "#")
        guard let first = lines.first, first.hasPrefix("#!AER-DAT2") else {
            throw bytes.damaged(
                .unexpected(found: lines.first.map { "'\($0)'" } ?? "no header", expected: "'#!AER-DAT2.0'"),
                at: 0)
        }
    }

    mutating func read(_ count: Int, into events: inout [Event]) throws(EventError) {
        try bytes.readEvents(count, recordSize: 8, into: &events) { (records, place) throws(EventFault) in
            let address = records.bigEndian(place, as: UInt32.self)
            guard address <= 0xFFFF else {
                throw .unexpected(found: "address \(address)", expected: "16 bits, as a DVS128 has")
            }
            let time = clock.time(records.bigEndian(place + 4, as: UInt32.self))
            if address & 0x8000 != 0 { return nil }
            return Event(
                x: UInt16(address >> 1 & 127), y: UInt16(address >> 8 & 127), isOn: address & 1 == 1,
                time: time)
        }
    }
}
