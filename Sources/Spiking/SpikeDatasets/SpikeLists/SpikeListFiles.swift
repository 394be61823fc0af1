import EventRecordings
import Files
import HDF5Files

/// HDF5 files of the Heidelberg spiking data sets (Cramer and others 2022), of each sample the times of its spikes and their channels:
///
///     labels         classes
///     spikes/times   of each sample a list, in seconds
///     spikes/units   of each sample a list as long, channels from 0
struct SpikeListFiles: TemporalLayout {
    /// Files whose samples are learnt from, one after the other: what is to validate by comes last.
    let train: [String]
    let test: String
    let trainCount: Int
    let testCount: Int
    let channelCount: Int

    var fileNames: [String] { train + [test] }
    var publishedCounts: (train: Int, test: Int) { (trainCount, testCount) }
    var noun: String { "samples" }
    var hasImages: Bool { false }
    func hasPolarities(_ input: EventInput) -> Bool { false }

    func sensor(of entry: CatalogEntry, _ input: EventInput) throws(DatasetError) -> EventSensor {
        try entry.refuse(sound: input.sound, series: input.series)
        return EventSensor(width: channelCount, height: 1)
    }

    func parts(
        of entry: CatalogEntry, at paths: [String: String], _ input: EventInput
    ) throws -> (train: TemporalPart, test: TemporalPart) {
        func part(_ name: String, _ files: [String]) throws(DatasetError) -> TemporalPart {
            let files = files.map { paths[$0, default: $0] }
            var samples: [TemporalPart.Sample] = []
            for file in files { samples += try self.samples(of: entry, file) }
            // The names of the files are part of the digest.
            let folder = Folder.above(files[0])
            return TemporalPart(name: name, path: folder, samples: samples, files: files)
        }
        return (try part("train", train), try part("test", [test]))
    }

    /// Classes in turn. Only the labels are read; the file stays open while there are samples of it.
    private func samples(of entry: CatalogEntry, _ path: String) throws(DatasetError)
        -> [TemporalPart.Sample]
    {
        let (lists, labels) = try DatasetError.hdf5 { () throws(HDF5Error) in
            let file = try HDF5File(path: path)
            let labels = try file.array("labels")
            let times = try file.array("spikes/times", dimensions: [labels.rowCount])
            let units = try file.array("spikes/units", dimensions: [labels.rowCount])
            return (
                SpikeLists(file: file, times: times, units: units, channelCount: channelCount),
                try file.integers(labels)
            )
        }
        for (position, label) in labels.enumerated() where !entry.classNames.indices.contains(Int(label)) {
            throw .damaged(
                path: path,
                .array(
                    "labels",
                    .outOfRange(
                        value: "\(label)", position: position, expected: "0…\(entry.classNames.count - 1)")))
        }
        guard !labels.isEmpty else {
            throw .damaged(path: path, .array("labels", .wrongShape(found: [0], expected: [nil])))
        }
        return labels.indices.map { ($0, Int(labels[$0])) }.interleaved { $0.1 }.map { row, label in
            TemporalPart.Sample(label: label) { (try lists.recording(row), nil) }
        }
    }
}

/// The spikes of the samples of one file, read when they are asked for.
private struct SpikeLists: Sendable {
    let file: HDF5File
    let times: HDF5Array
    let units: HDF5Array
    let channelCount: Int

    /// A spike is an ON event; rows are sorted by time if they are not.
    func recording(_ row: Int) throws(DatasetError) -> EventRecording {
        let (times, units) = try DatasetError.hdf5 { () throws(HDF5Error) in
            (try file.realSequence(self.times, row: row), try file.integerSequence(self.units, row: row))
        }
        guard times.count == units.count else {
            throw .damaged(
                path: file.path,
                .array(
                    "row \(row) of spikes/units", .wrongShape(found: [units.count], expected: [times.count])))
        }
        var events: [Event] = []
        events.reserveCapacity(times.count)
        for (position, (time, unit)) in zip(times, units).enumerated() {
            // 11 days, where numbers of 64 bits still tell microseconds apart.
            guard (0...1e6).contains(time) else {
                throw outOfRange("times", row, "\(time)", position, "0 to 1e6 seconds")
            }
            guard (0..<Int64(channelCount)).contains(unit) else {
                throw outOfRange("units", row, "\(unit)", position, "0…\(channelCount - 1)")
            }
            events.append(Event(x: UInt16(unit), y: 0, isOn: true, time: Int64((time * 1e6).rounded())))
        }
        if zip(events, events.dropFirst()).contains(where: { $0.time > $1.time }) {
            events = events.enumerated().sorted {
                ($0.element.time, $0.offset) < ($1.element.time, $1.offset)
            }
            .map(\.element)
        }
        return EventRecording(events: events, sensor: EventSensor(width: channelCount, height: 1))
    }

    private func outOfRange(_ name: String, _ row: Int, _ value: String, _ position: Int, _ expected: String)
        -> DatasetError
    {
        .damaged(
            path: file.path,
            .array(
                "row \(row) of spikes/\(name)",
                .outOfRange(value: value, position: position, expected: expected)))
    }
}

extension DatasetCatalog {
    static let spikingHeidelbergDigits = heidelberg(
        name: "shd",
        summary: "10,420 spoken digits in English and German as spikes of 700 channels of an ear, 20 classes",
        classCount: 20, note: "the published split, 8,156 samples to learn from, 2,264 to judge by",
        files: "shd_train.h5 and shd_test.h5", folderNames: ["shd", "SHD", "hdspikes"],
        layout: SpikeListFiles(
            train: ["shd_train.h5"], test: "shd_test.h5", trainCount: 8156, testCount: 2264,
            channelCount: 700))

    static let spikingSpeechCommands = heidelberg(
        name: "ssc",
        summary: "105,829 spoken words as spikes of 700 channels of an ear, 35 classes",
        classCount: 35,
        note:
            "the published split, 20,382 samples to judge by; of the 85,447 to learn from the last 9,981 are the published "
            + "ones to validate by",
        files: "ssc_train.h5, ssc_valid.h5 and ssc_test.h5", folderNames: ["ssc", "SSC"],
        layout: SpikeListFiles(
            train: ["ssc_train.h5", "ssc_valid.h5"], test: "ssc_test.h5", trainCount: 85_447,
            testCount: 20_382, channelCount: 700))

    private static func heidelberg(
        name: String, summary: String, classCount: Int, note: String, files: String, folderNames: [String],
        layout: SpikeListFiles
    ) -> CatalogEntry {
        CatalogEntry(
            name: name, summary: summary,
            licence: "CC BY 4.0",
            source:
                "Cramer, Stradmann, Schemmel, Zenke 2022, IEEE TNNLS 33(7) 2744–2757, https://zenkelab.org/datasets/",
            // What a label is called is written in the files, in an order that descriptions of them do not agree on.
            classNames: (0..<classCount).map(String.init),
            width: layout.channelCount, height: 1,
            note: note,
            origin: .byHand("\(files) of https://zenkelab.org/datasets/, unpacked or gzipped"),
            folderNames: folderNames,
            debianPackage: nil,
            substitute: nil,
            layout: .temporal(layout))
    }
}
