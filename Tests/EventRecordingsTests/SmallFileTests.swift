import Foundation
import TestSupport
import Testing

@testable import EventRecordings

/// A small file of each binary format, and what tonic, aedat, expelliarmus and numpy read in it:
/// `Tests/Golden/events/small_files.py`.
struct SmallFileTests {
    struct File: Decodable {
        let bytes: Data
        let expected: ReaderExpectation
    }

    static let files: [String: File] = {
        let data = try? Golden.data("events/small.json")
        return data.flatMap { try? JSONDecoder().decode([String: File].self, from: $0) } ?? [:]
    }()

    @Test("the files are there")
    func count() { #expect(Self.files.count == 10) }

    @Test("events are those of other readers", arguments: files.keys.sorted())
    func events(name: String) throws {
        let file = try #require(Self.files[name])
        for size in [1, 7, 100] {
            let found = try EventRecordingsTests.events(
                Array(file.bytes), name: name.replacing("/", with: "-"), pieceSize: size)
            file.expected.compare(found, "pieces of \(size)")
        }
    }

    @Test(
        "what is written are the bytes that other readers were given",
        arguments: [EventFileWriter.Format.aedat2, .npy])
    func written(format: EventFileWriter.Format) throws {
        let name = format == .npy ? "npy/seed-records.npy" : "aedat2/seed-small.aedat"
        let file = try #require(Self.files[name])
        let folder = try TemporaryFolder()
        let path = folder.path("a\(format.rawValue)")
        var writer = EventFileWriter(format, path: path)
        try writer.write(EventRecordingsTests.events(Array(file.bytes), name: "b\(format.rawValue)"))
        try writer.finish()
        // Headers differ in their words alone.
        let size = 40 * (format == .npy ? 13 : 8)
        let written = try Data(contentsOf: URL(filePath: path))
        #expect(written.suffix(size) == file.bytes.suffix(size))
        #expect(try EventRecording(reading: path).events.count == 40)
    }
}
