import Testing

@testable import EventRecordings

/// AEDAT 3.1 files made by hand.
struct AEDAT3Tests {
    private static let header = Array(
        "#!AER-DAT3.1\r\n#Format: RAW\r\n#Source 1: DVS128\r\n#Start-Time: 2016-06-28\r\n#!END-HEADER\r\n"
            .utf8)

    private static func packet(
        kind: UInt16 = 1, size: UInt32 = 8, overflow: UInt32 = 0, number: UInt32? = nil, _ contents: [UInt8]
    ) -> [UInt8] {
        let number = number ?? UInt32(contents.count) / size
        let words = [size, 4, overflow, number, number, number]
        return littleEndian(kind) + littleEndian(UInt16(1)) + words.flatMap { littleEndian($0) } + contents
    }

    private static func event(_ x: UInt32, _ y: UInt32, _ polarity: UInt32, _ time: UInt32, valid: UInt32 = 1)
        -> [UInt8]
    {
        littleEndian(x << 17 | y << 2 | polarity << 1 | valid) + littleEndian(time)
    }

    @Test("packets of other kinds and events that are not valid are passed over", arguments: [1, 2, 100])
    func packets(size: Int) throws {
        let bytes =
            Self.header + Self.packet(kind: 0, [UInt8](repeating: 9, count: 16))
            + Self.packet(
                Self.event(3, 127, 1, 5) + Self.event(1, 1, 1, 6, valid: 0) + Self.event(127, 0, 0, 7))
            + Self.packet([]) + Self.packet(overflow: 2, Self.event(4, 5, 1, 0x7FFF_FFFF))
        #expect(
            try events(bytes, name: "a.aedat", pieceSize: size) == [
                Event(x: 3, y: 127, isOn: true, time: 5), Event(x: 127, y: 0, isOn: false, time: 7),
                Event(x: 4, y: 5, isOn: true, time: 2 << 31 | 0x7FFF_FFFF),
            ])
    }

    @Test("what makes no sense is told with its byte")
    func damaged() throws {
        func message(_ bytes: [UInt8]) -> String {
            let error = #expect(throws: EventError.self) { try events(Self.header + bytes, name: "a.aedat") }
            return error?.description ?? ""
        }
        let start = Self.header.count
        #expect(
            message(Self.packet(size: 16, [UInt8](repeating: 0, count: 16))).contains(
                "byte \(start): found events of 16"))
        #expect(
            message(Self.packet(number: 2, Self.event(1, 2, 1, 0))).contains(
                "ends within the events of a packet"))
        #expect(message([1, 0]).contains("ends within the head of a packet"))
        #expect(
            message(Self.packet(Self.event(128, 0, 1, 0))).contains(
                "byte \(start + 28): found an event at column 128"))
        #expect(message(Self.packet(kind: 2, size: .max, number: .max, [1])).contains("ends within a packet"))
        let packed = Array("#!AER-DAT3.1\r\n#Format: Serialized-TS\r\n".utf8)
        let error = #expect(throws: EventError.self) { try events(packed, name: "a.aedat") }
        #expect(error?.description.contains("expected '#Format: RAW'") == true)
    }

    @Test("no prefix and no changed byte brings the reader down")
    func mutations() throws {
        let bytes = Self.header + Self.packet(Self.event(3, 127, 1, 5) + Self.event(127, 0, 0, 7))
        for count in bytes.indices { _ = try? events(Array(bytes[..<count]), name: "a.aedat") }
        for index in bytes.indices {
            for value in [0, 1, 0x7F, 0x80, 0xFF] as [UInt8] {
                var changed = bytes
                changed[index] = value
                _ = try? events(changed, name: "a.aedat")
            }
        }
    }
}
