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
    struct Expectation: Decodable {
        struct Place: Decodable {
            let x, y: UInt16
            let on: Bool
            let time: Int64

            var event: Event { Event(x: x, y: y, isOn: on, time: time) }
        }

        let count, on: Int
        let first, last: Place
        /// Σ (i mod 1009) times x, y and time since the first, i from 1.
        let sums: [Int]
    }

    static let expected: [String: Expectation] = {
        let data = try? Golden.data("events/recordings.json")
        return data.flatMap { try? JSONDecoder().decode([String: Expectation].self, from: $0) } ?? [:]
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
            #expect(all.count == expectation.count)
            #expect(all.count(where: \.isOn) == expectation.on)
            #expect(all.first == expectation.first.event)
            #expect(all.last == expectation.last.event)
            var sums = [0, 0, 0]
            let start = try #require(all.first).time
            for (index, event) in all.enumerated() {
                let weight = (index + 1) % 1009
                sums[0] += weight * Int(event.x)
                sums[1] += weight * Int(event.y)
                sums[2] += weight * Int(event.time - start)
            }
            #expect(sums == expectation.sums)
        }
    }
}
