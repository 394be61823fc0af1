import EventRecordings
import Files

/// Recordings of an event camera in folders, `PART/CLASS/FILE`.
struct RecordingFolders: TemporalLayout {
    let train: String
    let test: String
    let trainCount: Int
    let testCount: Int
    let format: EventFormat
    /// Names of the classes' folders; nil for those of the entry's classes.
    var classFolders: [String]?
    /// The orders that are the classes; nil where recordings have the class of their folder.
    var order: PlaybackOrder?

    var fileNames: [String] { [train, test] }
    var publishedCounts: (train: Int, test: Int) {
        let orders = order?.classNames.count ?? 1
        return (orders * trainCount, orders * testCount)
    }
    var noun: String { "recordings" }

    func sensor(of entry: CatalogEntry, _ input: EventInput) throws(DatasetError) -> EventSensor {
        try Self.sensor(of: entry, input)
    }

    static func sensor(of entry: CatalogEntry, _ input: EventInput) throws(DatasetError) -> EventSensor {
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
        var recordings: [(path: String, label: Int)] = []
        for (label, name) in (classFolders ?? entry.classNames).enumerated() {
            let folder = "\(path)/\(name)"
            recordings += Folder.names(in: folder).filter(EventFormat.isNameOfRecording).map {
                ("\(folder)/\($0)", label)
            }
        }
        return try Self.part(
            name, of: entry, in: path, recordings.interleaved(by: \.label), format: format, order: order)
    }

    /// A part of some files, in the order given.
    static func part(
        _ name: String, of entry: CatalogEntry, in path: String, _ recordings: [(path: String, label: Int)],
        format: EventFormat, order: PlaybackOrder? = nil
    ) throws(EventError) -> TemporalPart {
        guard !recordings.isEmpty else { throw .noRecordings(path: path) }
        let sensor = EventSensor(width: entry.width, height: entry.height)
        return TemporalPart(
            name: name, path: path,
            samples: recordings.flatMap { recording in
                @Sendable func read() throws -> (recording: EventRecording, fileDigest: String?) {
                    try EventRecording.withDigest(reading: recording.path, format: format, sensor: sensor)
                }
                guard let order else { return [TemporalPart.Sample(label: recording.label, read: read)] }
                return order.classNames.indices.map { label in
                    TemporalPart.Sample(label: label) {
                        let (whole, digest) = try read()
                        let played = EventRecording(
                            events: order.played(whole.events, as: label), sensor: whole.sensor)
                        // Once for each file.
                        return (played, label == 0 ? digest : nil)
                    }
                }
            }, files: recordings.map(\.path))
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
