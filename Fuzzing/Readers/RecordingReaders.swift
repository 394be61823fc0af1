import Files
import Foundation

@testable import EventRecordings
@testable import SpikeDatasets

/// Recordings of events, sounds and series, as training reads them.
enum RecordingReaders {
    /// What a packet inflates to is bounded, but not what a fuzzer has time for.
    private static let eventLimit = 100_000

    static func events(_ path: String, _ format: EventFormat) throws {
        var (_, reader) = try EventFile.open(path, format: format)
        var (events, last) = ([Event](), 0)
        repeat {
            last = events.count
            try reader.read(1000, into: &events)
        } while events.count == last + 1000 && events.count < eventLimit
        var reach = EventSensor(width: 1, height: 1)
        for event in events { reach.extend(to: event) }
        // Larger sensors are refused before anything is sorted into steps.
        guard reach.width * reach.height < 1 << 16 else { return }
        for division in [EventBinning.Division.time, .events, .span(1000)] {
            let bins = EventBinning(stepCount: 5, division: division).bins(events, reach)
            precondition(bins.eventCount + bins.outsideCount == events.count, "bins do not sum to the events")
        }
        var recording = EventRecording(events: events, sensor: reach)
        try EventPipeline(["window=1ms+1us", "background=5ms", "refractory=1ms", "downsample=2"])
            .apply(to: &recording, random: .init(seed: 1, purpose: .augmentation))
    }

    /// The times of gestures in recordings that are not there.
    static func gestures(_ path: String) throws {
        let entry = try DatasetCatalog.entry(named: "dvs128-gesture")
        let layout = GestureRecordings(train: "train.txt", test: "test.txt", trainCount: 2, testCount: 2)
        let folder = Folder.above(path)
        try Data("a.aedat\n".utf8).write(to: URL(filePath: "\(folder)/train.txt"))
        let paths = Dictionary(uniqueKeysWithValues: layout.fileNames.map { ($0, "\(folder)/train.txt") })
        _ = try layout.parts(of: entry, at: paths, EventInput())
    }

    static func series(_ path: String) throws {
        if path.hasSuffix(".npy") {
            // One input is two files, the second of which begins where a signature stands again.
            let bytes = try InputFile.read(path)
            let second = (1..<max(bytes.count, 1)).first { bytes[$0...].starts(with: NPYHeader.signature) }
            try Data(bytes[..<(second ?? bytes.count)]).write(to: URL(filePath: path))
            try Data(bytes[(second ?? bytes.count)...]).write(
                to: URL(filePath: path.replacing(".npy", with: "_labels.npy")))
        }
        let file = try SeriesFile(path: path)
        for series in file.series.prefix(10) where series.values[0].count < 1000 {
            let ranges = series.values.map { ($0.min() ?? 0)...($0.max() ?? 0) }
            guard ranges.count < 100 else { return }
            _ = SeriesEncoding.population(8).events(series, ranges)
            _ = SeriesEncoding.delta(0.1).events(series, ranges)
        }
    }

    static func sound(_ path: String) throws {
        let sound = try WAVFile(path: path)
        guard sound.samples.count < 1 << 14 else { return }
        _ = SoundEncoding(channels: 4).events(sound)
    }
}
