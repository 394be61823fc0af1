/// `.dat` files of Prophesee: lines that begin with `%`, one byte each for the kind and the size of an event, then the events.
///
///     time, µs    4 bytes, little-endian; it wraps
///     address     4 bytes, little-endian. Version 2: x in bits 0–13, y in bits 14–27, polarity from bit 28 on;
///                 version 1: x in bits 0–8, y in bits 9–16, polarity in bit 17
struct PropheseeReader: EventByteReader {
    private static let recordSize = 8

    let bytes: EventBytes
    private let isFirstVersion: Bool
    private var clock = WrappingClock()

    init(_ bytes: EventBytes) throws(EventError) {
        self.bytes = bytes
        let fields = try bytes.takeLines(beginningWith: "%").map { line in
            line.dropFirst().split(separator: " ", maxSplits: 1).map(String.init)
        }
        func number(_ name: String) -> Int? {
            fields.first { $0.count == 2 && $0[0].lowercased() == name }.flatMap { Int($0[1]) }
        }
        isFirstVersion = number("version") ?? 1 < 2
        bytes.sensor = bytes.sensor ?? EventSensor(ofHeader: number("width"), number("height"))
        let place = bytes.offset
        let kind = Array(try bytes.take(2, "the kind and size of an event"))
        guard kind[0] == 0 || kind[0] == 12, kind[1] == UInt8(Self.recordSize) else {
            throw bytes.damaged(
                .unexpected(
                    found: "events of kind \(kind[0]) and \(kind[1]) bytes",
                    expected: "kind 0 or 12 and 8 bytes, a change of brightness"), at: place)
        }
    }

    mutating func read(_ count: Int, into events: inout [Event]) throws(EventError) {
        try bytes.readEvents(count, recordSize: Self.recordSize, into: &events) {
            (records, place) throws(EventFault) in
            let time = clock.time(records.littleEndian(place, as: UInt32.self))
            let address = records.littleEndian(place + 4, as: UInt32.self)
            return isFirstVersion
                ? Event(
                    x: UInt16(address & 0x1FF), y: UInt16(address >> 9 & 0xFF), isOn: address >> 17 & 1 == 1,
                    time: time)
                : Event(
                    x: UInt16(address & 0x3FFF), y: UInt16(address >> 14 & 0x3FFF),
                    isOn: address >> 28 != 0, time: time)
        }
    }
}
