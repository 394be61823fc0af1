/// AEDAT 2.0 of jAER, as a DVS128 writes it: lines that begin with `#`, then an address and a time for each event.
///
///     address     4 bytes, big-endian: polarity in bit 0, x in bits 1–7, y in bits 8–14; bit 15 marks what is no event of a pixel
///     time, µs    4 bytes, big-endian; it wraps
struct AEDAT2Reader: EventReader {
    private static let recordSize = 8

    let sensor: EventSensor? = EventSensor(width: 128, height: 128)
    private let bytes: EventBytes
    private var clock = WrappingClock()

    init(_ bytes: EventBytes) throws(EventError) {
        self.bytes = bytes
        let lines = try bytes.takeLines(beginningWith: "#")
        guard let first = lines.first, first.hasPrefix("#!AER-DAT2") else {
            throw bytes.damaged(
                .unexpected(found: lines.first.map { "'\($0)'" } ?? "no header", expected: "'#!AER-DAT2.0'"),
                at: 0)
        }
    }

    mutating func read(_ count: Int, into events: inout [Event]) throws(EventError) {
        let end = events.count + count
        while events.count < end {
            let wanted = end - events.count
            let first = bytes.offset
            let records = try bytes.takeRecords(wanted, size: Self.recordSize)
            for index in stride(from: records.startIndex, to: records.endIndex, by: Self.recordSize) {
                let address = records.bigEndian32(index)
                guard address <= 0xFFFF else {
                    throw bytes.damaged(
                        .unexpected(found: "address \(address)", expected: "16 bits, as a DVS128 has"),
                        at: first + index - records.startIndex)
                }
                let time = clock.time(records.bigEndian32(index + 4))
                if address & 0x8000 != 0 { continue }
                events.append(
                    Event(
                        x: UInt16(address >> 1 & 127), y: UInt16(address >> 8 & 127), isOn: address & 1 == 1,
                        time: time))
            }
            if records.count < wanted * Self.recordSize { return }
        }
    }
}
