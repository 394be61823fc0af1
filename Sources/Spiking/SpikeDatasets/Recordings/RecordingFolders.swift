import EventRecordings
import Foundation

/// Recordings of an event camera in folders, `PART/CLASS/FILE`.
struct RecordingFolders: TemporalLayout, Hashable {
    let train: String
    let test: String
    let trainCount: Int
    let testCount: Int
    let format: EventFormat

    var fileNames: [String] { [train, test] }
    var publishedCounts: (train: Int, test: Int) { (trainCount, testCount) }
    var noun: String { "recordings" }

    func sensor(of entry: CatalogEntry, _ input: EventInput) throws(DatasetError) -> EventSensor {
        try entry.refuse(sound: input.sound, series: input.series)
        return EventSensor(width: entry.width, height: entry.height)
    }

    func parts(
        of entry: CatalogEntry, at paths: [String: String], _ input: EventInput
    ) throws -> (train: TemporalPart, test: TemporalPart) {
        (try part(train, of: entry, at: paths), try part(test, of: entry, at: paths))
    }

    private func part(
        _ name: String, of entry: CatalogEntry, at paths: [String: String]
    ) throws(EventError) -> TemporalPart {
        let path = paths[name, default: name]
        let sensor = EventSensor(width: entry.width, height: entry.height)
        var recordings: [(path: String, label: Int)] = []
        for (label, name) in entry.classNames.enumerated() {
            let folder = "\(path)/\(name)"
            recordings += Self.files(in: folder).filter(EventFormat.isNameOfRecording).map {
                ("\(folder)/\($0)", label)
            }
        }
        guard !recordings.isEmpty else { throw .noRecordings(path: path) }
        recordings = recordings.interleaved(by: \.label)
        return TemporalPart(
            name: name, path: path,
            samples: recordings.map { recording in
                TemporalPart.Sample(label: recording.label) {
                    try EventRecording.withDigest(reading: recording.path, format: format, sensor: sensor)
                }
            }, files: recordings.map(\.path))
    }

    /// Names in a folder but for hidden ones, in order, numbers by size.
    static func files(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { !$0.hasPrefix(".") }
            .sorted {
                $0.compare($1, options: [.numeric]) == .orderedAscending
            }
    }
}

extension CatalogEntry {
    /// Refuses encodings that are of other data than the entry holds.
    func refuse(sound: SoundEncoding? = nil, series: SeriesEncoding? = nil) throws(DatasetError) {
        guard sound != nil || series != nil, let noun = layout.temporal?.noun else { return }
        throw .input(
            dataset: name,
            problem:
                "found an encoding of \(sound != nil ? "sounds" : "series"), expected none of them: it holds \(noun)"
        )
    }
}
