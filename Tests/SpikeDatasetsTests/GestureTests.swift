import EventRecordings
import TestSupport
import Testing

@testable import SpikeDatasets

/// A folder as that of DVS128 Gesture, with two recordings.
struct GestureTests {
    private let folder: TemporaryFolder
    private let entry = DatasetCatalog.gesture

    init() throws {
        folder = try TemporaryFolder()
        try folder.write("user01_led.aedat\n", as: "DvsGesture/trials_to_train.txt")
        try folder.write("user24_led.aedat\n", as: "DvsGesture/trials_to_test.txt")
        for (name, labels) in [("user01_led", "1,100,200\n11,200,300\n"), ("user24_led", "8,0,1000\n")] {
            try folder.write(
                "class,startTime_usec,endTime_usec\n\(labels)", as: "DvsGesture/\(name)_labels.csv")
            try folder.write(Self.recording, as: "DvsGesture/\(name).aedat")
        }
    }

    /// Events at 50, 100, 199, 200 and 300 µs, in columns 0 to 4, all ON.
    private static var recording: [UInt8] {
        func word(_ number: UInt32) -> [UInt8] { withUnsafeBytes(of: number.littleEndian, Array.init) }
        var events: [UInt8] = []
        for (column, time) in ([50, 100, 199, 200, 300] as [UInt32]).enumerated() {
            events += word(UInt32(column) << 17 | 5 << 2 | 3)
            events += word(time)
        }
        let sizes: [UInt32] = [8, 4, 0, 5, 5, 5]
        let head: [UInt8] = [1, 0, 1, 0] + sizes.flatMap(word)
        return Array("#!AER-DAT3.1\r\n#!END-HEADER\r\n".utf8) + head + events
    }

    private func load() async throws -> (train: SpikeDataset, test: SpikeDataset) {
        let splits = try await entry.load(nil, stepCount: 1, from: DatasetSearchPath(only: folder))
        guard case (.spikes(let train), .spikes(let test)) = (splits.train, splits.test) else {
            throw DatasetError.input(dataset: entry.name, problem: "no spikes")
        }
        return (train, test)
    }

    @Test("a gesture has the events from its first to before its last time")
    func gestures() async throws {
        let (train, test) = try await load()
        #expect(train.labels == [0, 10] && test.labels == [7])
        #expect(train.inputCount == 2 * 128 * 128)
        let raster = train.raster([0, 1])
        #expect(raster.activeNeurons(sample: 0, step: 0) == [5 * 128 + 1, 5 * 128 + 2])
        #expect(raster.activeNeurons(sample: 1, step: 0) == [5 * 128 + 3])
        #expect(test.spikeCount == 5)
    }

    @Test(
        "lists and tables that make no sense are told with their line",
        arguments: [
            ("trials_to_train.txt", "user01_led.txt", "line 1: found 'user01_led.txt', expected a file"),
            ("trials_to_train.txt", "../user01_led.aedat", "line 1: found '../user01"),
            ("trials_to_train.txt", "", "line 1"),
            (
                "user01_led_labels.csv", "class\n1,2,3\n12,1,2\n",
                "line 3: found '12,1,2', expected a class from 1 to 11"
            ),
            ("user01_led_labels.csv", "class\n1,3,3\n", "line 2"),
            ("user01_led_labels.csv", "class\n1,a,3\n", "line 2"),
        ])
    func damaged(name: String, text: String, message: String) async throws {
        try folder.write(text, as: "DvsGesture/\(name)")
        let error = await #expect(throws: DatasetError.self) { try await load() }
        #expect(error?.description.contains("\(name): \(message)") == true, "\(error?.description ?? "")")
    }
}
