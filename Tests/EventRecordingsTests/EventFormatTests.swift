import Files
import TestSupport
import Testing

@testable import EventRecordings

/// Files made by hand from the descriptions of the formats.
struct EventFormatTests {
    private static let header = Array("#!AER-DAT2.0\r\n# made by hand\r\n".utf8)

    private static func aedat2(_ x: UInt32, _ y: UInt32, _ polarity: UInt32, _ time: UInt32) -> [UInt8] {
        bigEndian(y << 8 | x << 1 | polarity) + bigEndian(time)
    }

    @Test("AEDAT 2.0: bits, a clock that wraps, and what is no event of a pixel")
    func aedat2() throws {
        let bytes =
            Self.header + Self.aedat2(3, 127, 1, 0xFFFF_FFF0) + bigEndian(UInt32(0x8000))
            + bigEndian(UInt32(0xFFFF_FFF8)) + Self.aedat2(127, 0, 0, 16)
        #expect(
            try events(bytes, name: "a.aedat") == [
                Event(x: 3, y: 127, isOn: true, time: 0xFFFF_FFF0),
                Event(x: 127, y: 0, isOn: false, time: 1 << 32 | 16),
            ])
    }

    @Test("ATIS: bits, and a clock that is told to be short")
    func atis() throws {
        let bytes: [UInt8] =
            [10, 30, 0x80 | 0x12, 0x34, 0x56] + [0, 240, 0, 0, 0] + [1, 2, 0, 0, 7] + [
                3, 4, 0x7F, 0xFF, 0xFF,
            ]
        let expected = [
            Event(x: 10, y: 30, isOn: true, time: 0x12_3456), Event(x: 1, y: 2, isOn: false, time: 8199),
            Event(x: 3, y: 4, isOn: false, time: 8192 + 0x7F_FFFF),
        ]
        for size in [1, 2, 100] { #expect(try events(bytes, name: "a.bin", pieceSize: size) == expected) }
    }

    @Test("Prophesee: both versions, and an event beside the sensor that the header tells")
    func prophesee() throws {
        func file(_ header: String, _ addresses: [UInt32]) -> [UInt8] {
            let records = addresses.enumerated().flatMap {
                littleEndian(UInt32(100 + $0)) + littleEndian($1)
            }
            return Array(header.utf8) + [0, 8] + records
        }
        let second = UInt32(1) << 28 | 239 << 14 | 303
        #expect(
            try events(file("% Data file\n% Version 2\n", [second]), name: "a.dat") == [
                Event(x: 303, y: 239, isOn: true, time: 100)
            ])
        #expect(
            try events(file("% Data file\n", [1 << 17 | 200 << 9 | 300]), name: "a.dat") == [
                Event(x: 300, y: 200, isOn: true, time: 100)
            ])
        let small = "% Version 2\n% Width 304\n% Height 239\n"
        let place = small.utf8.count + 2 + 8
        #expect(throws: EventError.self) { try events(file(small, [0, second]), name: "a.dat") }
        do {
            _ = try events(file(small, [0, second]), name: "a.dat")
        } catch EventError.damaged(_, let offset, let fault) {
            #expect(offset == place)
            #expect(
                fault
                    == .offSensor(
                        Event(x: 303, y: 239, isOn: true, time: 101), EventSensor(width: 304, height: 239)))
        }
    }

    @Test(
        "a header's sensor that no events can fill is none",
        arguments: ["304 2147483648", "9223372036854775807 240", "0 240", "-1 240", "65537 1"])
    func impossibleSensor(sides: String) throws {
        let numbers = sides.split(separator: " ").map { Int($0) }
        #expect(EventSensor(ofHeader: numbers[0], numbers[1]) == nil)
        #expect(EventSensor(ofHeader: 65_536, 1) == EventSensor(width: 65_536, height: 1))
        let folder = try TemporaryFolder()
        let header = "% Version 2\n% Width \(numbers[0] ?? 0)\n% Height \(numbers[1] ?? 0)\n"
        try folder.write(
            Array(header.utf8) + [12, 8] + littleEndian(UInt32(7)) + littleEndian(UInt32(303 | 239 << 14)),
            as: "a.dat")
        #expect(
            try EventSummary(reading: folder.path("a.dat")).sensor == EventSensor(width: 304, height: 240))
    }

    @Test(
        "what makes no sense is told with its byte",
        arguments: [
            (
                "a.bin", [UInt8](repeating: 1, count: 12),
                "byte 10: the file ends within an event, found 2 of 5 bytes"
            ),
            (
                "a.dat", Array("% Version 2\n".utf8),
                "byte 12: the file ends within the kind and size of an event, found 0 of 2"
            ),
            ("a.dat", Array("% Version 2\n".utf8) + [14, 8], "byte 12: found events of kind 14 and 8 bytes"),
            ("a.aedat", Array("#!AER-DAT2.0".utf8), "byte 12: the file ends within a line of the header"),
            (
                "a.aedat", Array("#!AER-DAT2.0\n".utf8) + [0, 1, 0, 0, 0, 0, 0, 0],
                "byte 13: found address 65536, expected 16 bits"
            ),
            (
                "a.aedat4", Array("#!AER-DAT4.0\r\n".utf8) + [0, 0],
                "byte 14: the file ends within the header, found 2 of 4"
            ),
            (
                "a.aedat4", Array("#!AER-DAT4.0\r\n".utf8) + [255, 255, 255, 255],
                "byte 14: the header claims 4294967295 bytes, expected at most 4194304"
            ),
            (
                "a.aedat4",
                Array("#!AER-DAT4.0\r\n".utf8) + [12, 0, 0, 0] + [UInt8](repeating: 255, count: 12),
                "byte 14: found no such table, expected an IOHE table"
            ),
            ("a.xyz", [1, 2, 3], "starts with 0x010203, expected events: AEDAT 2.0, AEDAT 3, AEDAT 4"),
            ("a.xyz", [], "starts with nothing, expected events"),
        ])
    func damaged(name: String, bytes: [UInt8], message: String) throws {
        let error = #expect(throws: EventError.self) { try events(bytes, name: name) }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }

    @Test("a header without an end is refused")
    func longHeader() {
        let bytes = Array("#!AER-DAT2.0\n".utf8) + [UInt8](repeating: UInt8(ascii: "#"), count: 1 << 20)
        let error = #expect(throws: EventError.self) { try events(bytes, name: "a.aedat") }
        #expect(error?.description.contains("found no end of the header within 65536 bytes") == true)
    }
}
