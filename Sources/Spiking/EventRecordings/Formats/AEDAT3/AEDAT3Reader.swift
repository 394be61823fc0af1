/// AEDAT 3 of caer, as DVS128 Gesture has it: lines that begin with `#`, then packets, each of events of one kind.
///
///     packet      28 bytes, little-endian: kind (2), source (2), bytes of an event (4), place of its time (4), how often the clock has
///                 gone round (4), capacity (4), events (4), valid ones (4); then the events
///     polarity    kind 1, 8 bytes: validity in bit 0, polarity in bit 1, y in bits 2–16, x in bits 17–31; 4 bytes time in µs, of 31 bits
struct AEDAT3Reader: EventByteReader {
    private static let (headSize, eventSize, polarityKind) = (28, 8, UInt32(1))
    /// Bytes that are taken at once.
    private static let pieceSize = 1 << 19

    let bytes: EventBytes
    /// Events that are left of the packet.
    private var rest = 0
    /// What is added to their times.
    private var elapsed: Int64 = 0

    /// Sensors of which the header tells no more than the name.
    private static let sensors = [
        ("DVS128", EventSensor(width: 128, height: 128)), ("DAVIS128", EventSensor(width: 128, height: 128)),
        ("DAVIS240", EventSensor(width: 240, height: 180)),
        ("DAVIS346", EventSensor(width: 346, height: 260)),
    ]

    init(_ bytes: EventBytes) throws(EventError) {
        self.bytes = bytes
        let lines = try bytes.takeLines(beginningWith: "#")
        guard let first = lines.first, first.hasPrefix("#!AER-DAT3") else {
            throw bytes.damaged(
                .unexpected(found: lines.first.map { "'\($0)'" } ?? "no header", expected: "'#!AER-DAT3.1'"),
                at: 0)
        }
        if let format = lines.first(where: { $0.hasPrefix("#Format:") }),
            format.dropFirst(8).drop(while: { $0 == " " }) != "RAW"
        {
            throw bytes.damaged(.unexpected(found: "'\(format)'", expected: "'#Format: RAW'"), at: 0)
        }
        let named = lines.lazy.filter { $0.hasPrefix("#Source") }.compactMap { line in
            Self.sensors.first { line.contains($0.0) }?.1
        }
        bytes.sensor = bytes.sensor ?? named.first
    }

    mutating func read(_ count: Int, into events: inout [Event]) throws(EventError) {
        let goal = events.count + count
        while events.count < goal {
            if rest == 0 {
                guard try nextPacket() else { return }
                continue
            }
            let number = min(rest, goal - events.count, Self.pieceSize / Self.eventSize)
            let first = bytes.offset
            let records = try bytes.take(number * Self.eventSize, "the events of a packet")
            rest -= number
            for index in stride(from: records.startIndex, to: records.endIndex, by: Self.eventSize) {
                let word = records.littleEndian32(index)
                if word & 1 == 0 { continue }
                let event = Event(
                    x: UInt16(word >> 17), y: UInt16(word >> 2 & 0x7FFF), isOn: word >> 1 & 1 == 1,
                    time: elapsed + Int64(records.littleEndian32(index + 4) & 0x7FFF_FFFF))
                if let sensor = bytes.sensor, !sensor.contains(event) {
                    throw bytes.damaged(
                        .offSensor(event, sensor), at: first + index - records.startIndex)
                }
                events.append(event)
            }
        }
    }

    /// Takes packets up to one with events of pixels.
    ///
    /// - Returns: whether there is one.
    private mutating func nextPacket() throws(EventError) -> Bool {
        while try !bytes.peek(1).isEmpty {
            let place = bytes.offset
            let head = Array(try bytes.take(Self.headSize, "the head of a packet"))[...]
            let kind = head.littleEndian32(0) & 0xFFFF
            let (size, number) = (Int(head.littleEndian32(4)), Int(head.littleEndian32(20)))
            guard kind == Self.polarityKind else {
                let product = size.multipliedReportingOverflow(by: number)
                var skipped = product.overflow ? Int.max : product.partialValue
                while skipped > 0 {
                    let piece = min(skipped, Self.pieceSize)
                    _ = try bytes.take(piece, "a packet")
                    skipped -= piece
                }
                continue
            }
            guard size == Self.eventSize, head.littleEndian32(8) == 4 else {
                throw bytes.damaged(
                    .unexpected(
                        found: "events of \(size) bytes, their time at byte \(head.littleEndian32(8))",
                        expected: "8 bytes, the time at byte 4"), at: place)
            }
            (rest, elapsed) = (number, Int64(head.littleEndian32(12)) << 31)
            if number > 0 { return true }
        }
        return false
    }
}
