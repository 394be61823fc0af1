import Testing

@testable import EventRecordings

/// AEDAT 4 files made by hand: FlatBuffers, and packets that are not compressed.
struct AEDAT4Tests {
    /// A table whose fields are given as they lie in it, 8 bytes each; vectors follow it.
    static func table(
        _ identifier: String, _ fields: [[UInt8]?], vectors: [Int: (count: Int, bytes: [UInt8])]
    )
        -> [UInt8]
    {
        let listSize = 4 + 2 * fields.count
        let padding = (8 - (8 + listSize) % 8) % 8
        let start = 8 + listSize + padding
        var list = littleEndian(UInt16(listSize)) + littleEndian(UInt16(4 + 8 * fields.count))
        var body = littleEndian(Int32(start - 8))
        var tail: [UInt8] = []
        for (number, field) in fields.enumerated() {
            let place = 4 + 8 * number
            list += littleEndian(UInt16(field == nil ? 0 : place))
            if let vector = vectors[number] {
                let distance = 4 + 8 * fields.count - place + tail.count
                body += littleEndian(UInt32(distance)) + [0, 0, 0, 0]
                tail += littleEndian(UInt32(vector.count)) + vector.bytes
            } else {
                body += (field ?? []) + [UInt8](repeating: 0, count: 8 - (field?.count ?? 0))
            }
        }
        let contents =
            littleEndian(UInt32(start)) + Array(identifier.utf8) + list
            + [UInt8](repeating: 0, count: padding) + body + tail
        return littleEndian(UInt32(contents.count)) + contents
    }

    static func file(_ packets: [(stream: Int32, bytes: [UInt8])], compression: Int32 = 0) -> [UInt8] {
        let xml = Array(
            """
            <dv version="2.0"><node name="outInfo"><node name="0"><attr key="typeIdentifier">FRME</attr></node>
            <node name="1"><attr key="typeIdentifier">EVTS</attr><node name="info"><attr key="sizeX">8</attr>
            <attr key="sizeY">4</attr></node></node></node></dv>
            """.utf8)
        let header = table(
            "IOHE", [littleEndian(compression), littleEndian(Int64(-1)), []],
            vectors: [2: (xml.count, xml)])
        var bytes = Array("#!AER-DAT4.0\r\n".utf8) + header
        for packet in packets {
            bytes += littleEndian(packet.stream)
            bytes += littleEndian(UInt32(packet.bytes.count))
            bytes += packet.bytes
        }
        return bytes
    }

    static func packet(_ list: [Event]) -> [UInt8] {
        var bytes: [UInt8] = []
        for event in list {
            bytes += littleEndian(event.time)
            bytes += littleEndian(event.x)
            bytes += littleEndian(event.y)
            bytes += [event.isOn ? 1 : 0, 0, 0, 0]
        }
        return table("EVTS", [[]], vectors: [0: (list.count, bytes)])
    }

    private static let list: [Event] = (0..<5).map { (index: Int) -> Event in
        let time = 1_600_000_000_000_000 + Int64(index)
        return Event(x: UInt16(index), y: UInt16(index % 4), isOn: index % 2 == 0, time: time)
    }

    @Test("packets of the stream of events, in pieces of any size", arguments: [1, 2, 3, 100])
    func packets(size: Int) throws {
        let bytes = Self.file([
            (1, Self.packet(Array(Self.list[..<3]))), (0, [1, 2, 3]), (1, Self.packet([])),
            (1, Self.packet(Array(Self.list[3...]))),
        ])
        #expect(try events(bytes, name: "a.aedat4", pieceSize: size) == Self.list)
    }

    @Test("an event beside the sensor, a vector larger than its packet, a packet that does not inflate")
    func hostile() throws {
        var outside = Self.list[0]
        outside.x = 8
        func message(_ bytes: [UInt8]) -> String {
            let error = #expect(throws: EventError.self) { try events(bytes, name: "a.aedat4") }
            return error?.description ?? ""
        }
        #expect(
            message(Self.file([(1, Self.packet([outside]))]))
                .contains("found an event at column 8, row 0, expected one within 8 × 4 pixels"))
        var large = Self.packet(Self.list)
        let count = large.count - 5 * 16 - 4
        large.replaceSubrange(count..<count + 4, with: littleEndian(UInt32.max))
        #expect(message(Self.file([(1, large)])).contains("more events than its bytes hold"))
        for compression in Int32(1)...4 {
            #expect(
                message(Self.file([(1, Self.packet(Self.list))], compression: compression))
                    .contains("a packet that does not inflate to one"))
        }
        #expect(message(Self.file([], compression: 5)).contains("compression 5, expected 0 to 4"))
    }

    /// Every file cut short ends with an error or with fewer events, never otherwise.
    @Test("no prefix and no changed byte brings the reader down")
    func mutations() throws {
        let bytes = Self.file([(1, Self.packet(Self.list)), (1, Self.packet(Self.list))])
        for count in bytes.indices { _ = try? events(Array(bytes[..<count]), name: "a.aedat4") }
        for index in bytes.indices {
            for value in [0, 1, 0x7F, 0x80, 0xFF] as [UInt8] {
                var changed = bytes
                changed[index] = value
                _ = try? events(changed, name: "a.aedat4")
            }
        }
    }
}
