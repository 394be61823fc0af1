import Compute
import EventRecordings
import Foundation
import TestSupport
import Testing

/// ATIS records.
private func atis(_ events: [(x: UInt8, y: UInt8, isOn: Bool, time: UInt32)]) -> [UInt8] {
    events.flatMap { event in
        [event.x, event.y] + bigEndian(event.time | (event.isOn ? 1 << 23 : 0)).dropFirst()
    }
}

struct EventSummaryTests {
    @Test("a recording in a few numbers")
    func summary() throws {
        let folder = try TemporaryFolder()
        try folder.write(
            atis([(3, 4, true, 100), (33, 2, false, 90), (0, 33, true, 400)]), as: "a.bin")
        let path = "\(folder.path)/a.bin"
        let summary = try EventSummary(reading: path)
        #expect(summary.format == .atis)
        #expect((summary.events, summary.onEvents, summary.offEvents) == (3, 2, 1))
        #expect(summary.first.map { [Int($0.x), Int($0.y), $0.polarity, Int($0.timeUs)] } == [3, 4, 1, 100])
        #expect(summary.last.map { [Int($0.x), Int($0.y), $0.polarity, Int($0.timeUs)] } == [0, 33, 1, 400])
        #expect((summary.durationUs, summary.stepsBack) == (310, 1))
        #expect(summary.sensor == EventSensor(width: 34, height: 34), "that of N-MNIST")
        #expect(
            summary.lines == [
                "\(path): ATIS (.bin, N-MNIST)",
                "  sensor    34 × 34 pixels",
                "  events    3: 2 ON, 1 OFF",
                "  first     column 3, row 4, ON, at 100 µs",
                "  last      column 0, row 33, ON, at 400 µs",
                "  duration  310 µs",
                "  order     1 events are earlier than the one before",
            ])
    }

    @Test("an empty recording has no first event")
    func empty() throws {
        let folder = try TemporaryFolder()
        try folder.write([UInt8](), as: "a.bin")
        let summary = try EventSummary(reading: "\(folder.path)/a.bin")
        #expect(summary.events == 0 && summary.first == nil && summary.last == nil && summary.durationUs == 0)
    }

    @Test("a sensor larger than the usual ones is as large as events reach")
    func reach() throws {
        let folder = try TemporaryFolder()
        try folder.write(atis([(200, 250, true, 1)]), as: "a.bin")
        #expect(
            try EventSummary(reading: "\(folder.path)/a.bin").sensor == EventSensor(width: 201, height: 251))
    }

    @Test("a folder has a line for each class")
    func folder() throws {
        let folder = try TemporaryFolder()
        try folder.write(atis([(1, 1, true, 5)]), as: "Train/2/00001.bin")
        try folder.write(atis([(1, 1, true, 5), (2, 2, false, 9)]), as: "Train/2/00002.bin")
        try folder.write(atis([(1, 1, false, 5)]), as: "Train/10/00003.bin")
        try folder.write("words", as: "Train/readme.txt")
        try folder.write("words", as: ".hidden/a.bin")
        let summary = try EventFolderSummary(
            reading: folder.path, parallelism: Parallelism(threadCount: 2))
        #expect(summary.classes.map(\.name) == ["Train/2", "Train/10"])
        #expect(summary.classes.map(\.recordings) == [2, 1])
        #expect(summary.classes.map(\.events) == [3, 1])
        #expect(summary.classes.map(\.offEvents) == [1, 1])
        #expect((summary.recordings, summary.events, summary.otherFiles) == (3, 4, 1))
        #expect((summary.classes[0].shortestUs, summary.classes[0].longestUs) == (0, 4))
    }

    @Test("links lead to recordings and folders of them, but none round in a circle")
    func links() throws {
        let folder = try TemporaryFolder()
        try folder.write(atis([(1, 1, true, 5)]), as: "disk/2/00001.bin")
        try folder.write(atis([(1, 1, true, 5), (2, 2, false, 9)]), as: "disk/other.bin")
        try FileManager.default.createDirectory(
            atPath: folder.path("set/3"), withIntermediateDirectories: true)
        for (link, target) in [
            ("set/2", "../disk/2"), ("set/3/a.bin", "../../disk/other.bin"), ("set/3/up", "../../set"),
            ("set/nothing.bin", "gone.bin"), ("short", "set"),
        ] {
            try FileManager.default.createSymbolicLink(
                atPath: folder.path(link), withDestinationPath: target)
        }
        let summary = try EventFolderSummary(
            reading: folder.path("short"), parallelism: Parallelism(threadCount: 1))
        #expect(summary.classes.map(\.name) == ["2", "3"])
        #expect(summary.classes.map(\.events) == [1, 2])
        #expect(summary.otherFiles == 1)
    }

    @Test("a folder without recordings is an error, and one with a recording that makes no sense")
    func folderErrors() throws {
        let folder = try TemporaryFolder()
        try folder.write("words", as: "readme.txt")
        let parallelism = Parallelism(threadCount: 1)
        #expect(throws: EventError.noRecordings(path: folder.path)) {
            try EventFolderSummary(reading: folder.path, parallelism: parallelism)
        }
        try folder.write(atis([(1, 1, true, 5)]), as: "a.bin")
        try folder.write([1, 2, 3], as: "b.bin")
        #expect(throws: EventError.self) {
            try EventFolderSummary(reading: folder.path, parallelism: parallelism)
        }
    }
}
