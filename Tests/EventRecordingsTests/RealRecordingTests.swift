import EventRecordings
import Foundation
import TestSupport
import Testing

private let folders = (ProcessInfo.processInfo.environment["SQSNN_DATA"] ?? "").split(separator: ":").map(
    String.init)

private func find(_ recording: String) -> String? {
    folders.map { "\($0)/\(recording)" }.first(where: FileManager.default.fileExists)
}

/// Recordings of other people, and what other people's programs read in them: `Tests/Golden/events/recordings.py`.
struct RealRecordingTests {
    static let expected: [String: ReaderExpectation] = {
        let data = try? Golden.data("events/recordings.json")
        return data.flatMap { try? JSONDecoder().decode([String: ReaderExpectation].self, from: $0) } ?? [:]
    }()

    @Test("the expectations are there")
    func expectations() { #expect(Self.expected.count == 39) }

    @Test(
        "events are those of other readers, in pieces of any size",
        .enabled(if: find("n-mnist") != nil, "the recordings are not in SQSNN_DATA"),
        arguments: expected.keys.sorted())
    func events(recording: String) throws {
        let expectation = try #require(Self.expected[recording])
        let path = try #require(find(recording))
        for size in [1 << 16, 1000] {
            var (_, reader) = try EventFile.open(path)
            var all: [Event] = []
            try reader.forEachPiece(of: size) { all += $0 }
            expectation.compare(all)
        }
    }
}
