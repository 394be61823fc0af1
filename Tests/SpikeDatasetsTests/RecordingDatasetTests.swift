import Compute
import EventRecordings
import SpikeTrains
import TestSupport
import Testing

@testable import SpikeDatasets

/// A folder as that of N-MNIST, with a few recordings.
struct RecordingDatasetTests {
    private let folder: TemporaryFolder
    private let entry = DatasetCatalog.neuromorphicMNIST[0]

    init() throws {
        folder = try TemporaryFolder()
        // Of class 3 three, of class 5 one.
        for (path, events) in [
            ("Train/3/00002.bin", [(1, 2, true, 100), (1, 2, true, 120), (33, 33, false, 499)]),
            ("Train/3/00010.bin", [(2, 2, true, 0)]),
            ("Train/3/00100.bin", [(3, 2, false, 0)]),
            ("Train/5/00001.bin", [(4, 2, true, 0), (4, 2, true, 10)]),
            ("Test/0/00001.bin", [(5, 0, true, 7)]),
        ] {
            try write(events, as: path)
        }
    }

    private func write(_ events: [(Int, Int, Bool, Int)], as path: String) throws {
        let bytes = events.flatMap { x, y, isOn, time in
            [x, y, (isOn ? 128 : 0) | time >> 16, time >> 8 & 255, time & 255].map(UInt8.init)
        }
        try folder.write(bytes, as: "n-mnist/\(path)")
    }

    private func load(
        _ transforms: [String] = [], bins: EventBinning.Division = .time, stepCount: Int = 4
    ) async throws -> DatasetSplits<SpikeDataset> {
        let splits = try await entry.load(
            EventInput(transforms: EventPipeline(transforms), bins: bins), stepCount: stepCount,
            from: DatasetSearchPath(only: folder))
        guard case (.spikes(let train), .spikes(let test)) = (splits.train, splits.test) else {
            throw DatasetError.input(dataset: entry.name, problem: "no spikes")
        }
        return DatasetSplits(train: train, test: test, files: splits.files, note: splits.note)
    }

    @Test("the events of a recording are spikes of its steps, ON events first")
    func spikes() async throws {
        let splits = try await load()
        let train = splits.train
        #expect((train.count, train.inputCount, train.stepCount, train.classCount) == (4, 2 * 34 * 34, 4, 10))
        // The first of each class, then the second of each.
        #expect(train.labels == [3, 5, 3, 3])
        let raster = train.raster([0])
        let last = 34 * 34 + 33 * 34 + 33
        #expect((0..<4).map { raster.activeNeurons(sample: 0, step: $0) } == [[2 * 34 + 1], [], [], [last]])
        #expect(
            train.spikeCount == 2 + 2 + 1 + 1 && splits.test.spikeCount == 1,
            "two events in a step are one spike")
        #expect(train.pixelCounts(of: 0)[33 * 34 + 33] == 1)
        #expect(
            splits.note
                == "the published split, 60,000 recordings to learn from, 10,000 to judge by; here are 4 and 1 recordings"
        )
    }

    @Test("parts of a set have the spikes of its samples, in the order asked for")
    func parts() async throws {
        let train = try await load().train
        let whole = train.raster([0, 1, 2, 3])
        #expect(
            train.raster([2, 0]).activeNeurons(sample: 1, step: 0) == whole.activeNeurons(sample: 0, step: 0))
        let part = train.subset([3, 1])
        #expect(part.labels == [3, 5])
        #expect(part.raster([0]).activeNeurons(sample: 0, step: 0) == [34 * 34 + 2 * 34 + 3])
        let data = LabelledDataset.spikes(train)
        #expect(data.prefix(2).labels == [3, 5] && data.suffix(1).labels == [3] && data.suffix(9).count == 4)
        guard case .spikes(let last) = data.suffix(1) else {
            throw DatasetError.unknownDataset("", known: [])
        }
        #expect(last.raster([0]) == train.raster([3]))
    }

    @Test("transforms come before the steps")
    func transforms() async throws {
        let train = try await load(["crop=4x4", "polarity=merged"]).train
        #expect(train.shape == InputShape(planeCount: 1, height: 4, width: 4))
        #expect(train.spikeCount == 0, "all events are at the rim")
        let halved = try await load(["downsample=17"], bins: .span(100), stepCount: 5).train
        #expect(halved.shape == InputShape(planeCount: 2, height: 2, width: 2))
        let raster = halved.raster([0])
        #expect((0..<5).map { raster.activeNeurons(sample: 0, step: $0) } == [[0], [], [], [7], []])
    }

    @Test("a recording is played in the orders that are the classes of a task")
    func orders() async throws {
        for (number, count) in [(1, 2), (2, 6)] {
            let entry = DatasetCatalog.neuromorphicMNIST[number]
            let splits = try await entry.load(
                EventInput(), stepCount: 3, from: DatasetSearchPath(only: folder))
            guard case .spikes(let train) = splits.train else { continue }
            #expect(entry.classNames.count == count && train.count == 4 * count)
            #expect(train.labels.prefix(count) == Array(0..<UInt8(count))[...])
            let raster = train.raster([0, 1])
            let ends = [0, 1].map { sample in
                [0, 2].map { raster.activeNeurons(sample: sample, step: $0) }
            }
            // One event in the first third, one in the last.
            let (early, late) = ([2 * 34 + 1], [34 * 34 + 33 * 34 + 33])
            #expect(ends[0] == [early, late])
            if count == 2 { #expect(ends[1] == [late, early]) }
        }
    }

    @Test("thirds of a recording change places whole")
    func thirds() {
        let events = [5, 6, 14, 16, 24, 31, 34].map { Event(x: 0, y: 0, isOn: true, time: $0) }
        func times(_ label: Int) -> [Int64] { PlaybackOrder.thirds.played(events, as: label).map(\.time) }
        // From 5 to 34: ten microseconds each.
        #expect(times(0) == [5, 6, 14, 16, 24, 31, 34])
        #expect(times(2) == [6, 14, 15, 16, 24, 31, 34])
        #expect(times(5) == [11, 14, 16, 24, 25, 26, 34])
        #expect(PlaybackOrder.direction.played(events, as: 1).map(\.time) == [5, 8, 15, 23, 25, 33, 34])
        #expect(PlaybackOrder.direction.played([], as: 1).isEmpty)
    }

    @Test("transforms by chance are those of the epoch and the sample, and no part of what is measured")
    func chance() async throws {
        let texts = ["flip=x", "random-shift=3"]
        let train = try await load(texts).train
        #expect(train.raster([0, 1]) == (try await load(["flip=x"])).train.raster([0, 1]))
        let part = train.subset([2, 1])
        var seen: Set<[Int]> = []
        for epoch in 0..<20 {
            let random = RandomStream(seed: 5, purpose: .augmentation, epoch: epoch)
            let raster = try part.augmentedRaster(
                [1, 0], random: random, parallelism: Parallelism(threadCount: 2))
            // The second sample of all: two events of pixel 4, 2.
            var recording = EventRecording(
                events: [Event(x: 4, y: 2, isOn: true, time: 0), Event(x: 4, y: 2, isOn: true, time: 10)],
                sensor: EventSensor(width: 34, height: 34))
            try EventPipeline(texts).apply(to: &recording, random: random, sample: 1)
            let expected = recording.events.first.map { Int($0.y) * 34 + Int($0.x) }
            #expect(raster.activeNeurons(sample: 0, step: 0) == expected.map { [$0] } ?? [])
            seen.insert(raster.activeNeurons(sample: 0, step: 0))
        }
        #expect(seen.count > 10)
    }

    @Test("digests are of the contents and the names of all recordings")
    func digests() async throws {
        let before = try await load().digests
        #expect(before.keys.sorted() == ["Test", "Train"])
        #expect(try await load(["flip=x"], stepCount: 7).digests == before)
        try write([(2, 2, true, 1)], as: "Train/3/00010.bin")
        let after = try await load().digests
        #expect(after["Train"] != before["Train"] && after["Test"] == before["Test"])
    }

    @Test("what cannot be read, or read so, is an error")
    func errors() async throws {
        await #expect(throws: EventTransformError.self) { try await load(["crop=40x40"]) }
        await #expect(throws: DatasetError.self) {
            try await entry.load(nil, stepCount: 4, from: DatasetSearchPath(only: TemporaryFolder()))
        }
        await #expect(throws: DatasetError.self) {
            try await entry.loadImages(from: DatasetSearchPath(only: folder))
        }
        await #expect(throws: DatasetError.self) {
            try await DatasetCatalog.mnist.load(
                EventInput(), stepCount: 4, from: DatasetSearchPath(only: folder))
        }
        try write([(34, 0, true, 1)], as: "Test/0/00002.bin")
        await #expect(throws: EventError.self) { try await load() }
    }
}
