import EventRecordings
import Files

/// Recordings of several gestures each, as the archive of DVS128 Gesture has them: lists of AEDAT 3 files, and beside each of these
/// `NAME_labels.csv` with a line `class,startTime_usec,endTime_usec` for each gesture, classes from 1.
struct GestureRecordings: TemporalLayout {
    let train: String
    let test: String
    let trainCount: Int
    let testCount: Int

    var fileNames: [String] { [train, test] }
    var publishedCounts: (train: Int, test: Int) { (trainCount, testCount) }
    var noun: String { "gestures" }

    func sensor(of entry: CatalogEntry, _ input: EventInput) throws(DatasetError) -> EventSensor {
        try entry.refuse(sound: input.sound, series: input.series)
        return EventSensor(width: entry.width, height: entry.height)
    }

    func parts(
        of entry: CatalogEntry, at paths: [String: String], _ input: EventInput
    ) throws -> (train: TemporalPart, test: TemporalPart) {
        (try part(train, of: entry, at: paths), try part(test, of: entry, at: paths))
    }

    private struct Gesture {
        let label: Int
        let times: Range<Int64>
        let path: String
    }

    private func part(
        _ name: String, of entry: CatalogEntry, at paths: [String: String]
    ) throws(DatasetError) -> TemporalPart {
        let list = paths[name, default: name]
        let folder = Folder.above(list)
        let sensor = EventSensor(width: entry.width, height: entry.height)
        var gestures: [Gesture] = []
        var files: [String] = []
        for (line, text) in try Self.lines(of: list).enumerated() {
            // A name alone, so that no list leads out of the folder.
            guard text.hasSuffix(".aedat"), !text.contains("/") else {
                throw .damaged(
                    path: list,
                    .table(line: line + 1, problem: "found '\(text)', expected a file that ends in .aedat"))
            }
            let path = "\(folder)/\(text)"
            let labels = "\(path.dropLast(6))_labels.csv"
            gestures += try Self.gestures(labels, path, classCount: entry.classNames.count)
            files += [path, labels]
        }
        guard !gestures.isEmpty else {
            throw .damaged(path: list, .table(line: 1, problem: "found no gestures"))
        }
        return TemporalPart(
            name: name, path: folder,
            samples: gestures.interleaved(by: \.label).map { gesture in
                TemporalPart.Sample(label: gesture.label) {
                    (EventRecording(events: try Self.events(gesture, sensor), sensor: sensor), nil)
                }
            }, files: files)
    }

    private static func lines(of path: String) throws(DatasetError) -> [String] {
        let bytes = try DatasetError.reading { () throws(FileError) in
            try InputFile.read(path, limit: 1 << 20)
        }
        return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).map(String.init)
    }

    private static func gestures(
        _ labels: String, _ path: String, classCount: Int
    ) throws(DatasetError) -> [Gesture] {
        var gestures: [Gesture] = []
        for (line, text) in try lines(of: labels).enumerated().dropFirst() {
            let numbers = text.split(separator: ",").map { Int64($0) }
            guard numbers.count == 3, let label = numbers[0], let start = numbers[1], let end = numbers[2],
                (1...Int64(classCount)).contains(label), start < end
            else {
                throw .damaged(
                    path: labels,
                    .table(
                        line: line + 1,
                        problem:
                            "found '\(text)', expected a class from 1 to \(classCount), and two times in µs"))
            }
            gestures.append(Gesture(label: Int(label) - 1, times: start..<end, path: path))
        }
        return gestures
    }

    /// Those of a gesture; what comes after it is not read.
    private static func events(_ gesture: Gesture, _ sensor: EventSensor) throws -> [Event] {
        var (_, reader) = try EventFile.open(gesture.path, format: .aedat3, sensor: sensor)
        var (events, piece) = ([Event](), [Event]())
        let pieceSize = 1 << 16
        repeat {
            piece.removeAll(keepingCapacity: true)
            try reader.read(pieceSize, into: &piece)
            events += piece.lazy.filter { gesture.times.contains($0.time) }
        } while piece.count == pieceSize && piece[pieceSize - 1].time < gesture.times.upperBound
        return events
    }
}

extension DatasetCatalog {
    static let gesture = CatalogEntry(
        name: "dvs128-gesture",
        summary: "1,464 recordings of 11 gestures by an event camera, 128×128 pixels, ON and OFF, 11 classes",
        licence: "CC BY 4.0",
        source: "Amir and others 2017, CVPR, https://research.ibm.com/interactive/dvsgesture/",
        classNames: [
            "hand clapping", "right hand wave", "left hand wave", "right arm clockwise",
            "right arm counter clockwise", "left arm clockwise", "left arm counter clockwise", "arm roll",
            "air drums", "air guitar", "other gestures",
        ],
        width: 128, height: 128,
        note: "the published split by persons, 1,176 gestures to learn from, 288 to judge by",
        origin: .byHand(
            "DvsGesture.tar.gz, unpacked: trials_to_train.txt, user01_fluorescent.aedat and so on"),
        folderNames: ["DvsGesture", "dvs128-gesture"],
        debianPackage: nil,
        substitute: nil,
        layout: .temporal(
            GestureRecordings(
                train: "trials_to_train.txt", test: "trials_to_test.txt", trainCount: 1176, testCount: 288)))
}
