import Foundation
import TestSupport
import Testing

@testable import EventRecordings

/// Files that numpy saved: `Tests/Golden/events/numpy_files.py`.
struct NumPyTests {
    static let files: [String: [UInt8]] = {
        let data = try? Golden.data("events/numpy.json")
        let texts = data.flatMap { try? JSONDecoder().decode([String: String].self, from: $0) } ?? [:]
        return texts.mapValues { Data(base64Encoded: $0).map(Array.init) ?? [] }
    }()

    static let expected = [
        Event(x: 3, y: 127, isOn: true, time: 10), Event(x: 127, y: 0, isOn: false, time: 20),
        Event(x: 300, y: 2, isOn: true, time: 1 << 40),
    ]

    static func names(bad: Bool) -> [String] {
        files.keys.filter { $0.hasPrefix("bad-") == bad }.sorted()
    }

    @Test("the files are there")
    func count() { #expect(Self.files.count == 14) }

    @Test(
        "records and columns of any type, order and compression are the same events",
        arguments: names(bad: false))
    func events(name: String) throws {
        let bytes = try #require(Self.files[name])
        for size in [1, 2, 100] {
            let found = try EventRecordingsTests.events(bytes, name: "a.unknown", pieceSize: size)
            #expect(found == (name == "empty.npy" ? [] : Self.expected))
        }
    }

    @Test("what is no events is refused", arguments: names(bad: true))
    func refused(name: String) throws {
        let bytes = try #require(Self.files[name])
        #expect(throws: EventError.self) {
            try EventRecordingsTests.events(bytes, name: "a.unknown")
        }
    }

    @Test("messages say what was found")
    func messages() throws {
        func message(_ name: String) throws -> String {
            let bytes = try #require(Self.files[name])
            let error = #expect(throws: EventError.self) {
                try EventRecordingsTests.events(bytes, name: "a.unknown")
            }
            return error?.description ?? ""
        }
        #expect(
            try message("bad-matrix.npy").hasSuffix(
                "byte 10: found 3 × 4 of (float64), expected one dimension of records with x, y, t and p; "
                    + "check that it is the right file"))
        #expect(
            try message("bad-missing.npz").contains(
                "found t of (int64), x of (int64), y of (int64), expected"))
        #expect(try message("bad-pixel.npy").contains("found an event at column -1, row 2, expected"))
    }

    @Test("no prefix of a file and no changed byte is more than an error", arguments: names(bad: false))
    func mutations(name: String) throws {
        let bytes = try #require(Self.files[name])
        let folder = try TemporaryFolder()
        func read(_ changed: [UInt8]) throws {
            let path = try folder.write(changed, as: "a")
            do {
                for format in [EventFormat.npy, .npz] {
                    _ = try EventRecording(reading: path, format: format)
                }
            } catch is EventError {}
        }
        for length in bytes.indices { try read(Array(bytes[..<length])) }
        for index in bytes.indices {
            for value: UInt8 in [0, 0x7F, 0xFF, bytes[index] ^ 1] {
                var changed = bytes
                changed[index] = value
                try read(changed)
            }
        }
    }

    @Test("files that share their bytes do not inflate without end")
    func overlap() throws {
        let bytes = try #require(Self.files["columns-compressed.npz"])
        // The directory, with every file at the place of the first one and as large as can be.
        let entry: [UInt8] = [0x50, 0x4B, 1, 2]
        var changed = bytes
        for index in bytes.indices.dropLast(46) where bytes[index..<index + 4].elementsEqual(entry) {
            for place in 42..<46 { changed[index + place] = 0 }
            for place in 20..<24 { changed[index + place] = place == 21 ? 1 : 0 }
        }
        #expect(throws: EventError.self) { try EventRecordingsTests.events(changed, name: "a") }
    }
}

struct EventFileWriterTests {
    @Test("what is written is read", arguments: EventFileWriter.Format.allCases)
    func roundTrip(format: EventFileWriter.Format) throws {
        let folder = try TemporaryFolder()
        let path = folder.path("a\(format.rawValue)")
        let events = (0..<5000).map { (index: Int) -> Event in
            let (column, row) = (UInt16(index % 128), UInt16(index * 7 % 128))
            return Event(x: column, y: row, isOn: index % 3 == 0, time: Int64(index) << 21 | 5)
        }
        var writer = EventFileWriter(format, path: path)
        try writer.write(Array(events[..<1000]))
        try writer.write(Array(events[1000...]))
        #expect(folder.names.isEmpty, "nothing before the end")
        try writer.finish()
        #expect(try EventRecording(reading: path).events == events)
    }

    @Test("no events are a file without events", arguments: EventFileWriter.Format.allCases)
    func empty(format: EventFileWriter.Format) throws {
        let folder = try TemporaryFolder()
        let path = folder.path("a\(format.rawValue)")
        try EventFileWriter(format, path: path).finish()
        #expect(try EventRecording(reading: path).events == [])
    }

    @Test(
        "AEDAT 2.0 refuses what it cannot hold",
        arguments: [
            [Event(x: 128, y: 0, isOn: true, time: 0)], [Event(x: 0, y: 128, isOn: true, time: 0)],
            [Event(x: 0, y: 0, isOn: true, time: -1)], [Event(x: 0, y: 0, isOn: true, time: 1 << 32)],
            [Event(x: 0, y: 0, isOn: true, time: 0), Event(x: 0, y: 0, isOn: true, time: 1 << 31)],
            [Event(x: 0, y: 0, isOn: true, time: 5), Event(x: 0, y: 0, isOn: true, time: .min)],
        ])
    func notRepresentable(events: [Event]) throws {
        var writer = EventFileWriter(.aedat2, path: "never")
        #expect(throws: EventError.self) { try writer.write(events) }
    }

    @Test("a folder that is not there is an error")
    func notWritten() {
        #expect(throws: EventError.self) { try EventFileWriter(.npy, path: "/no/such/folder/a.npy").finish() }
    }
}
