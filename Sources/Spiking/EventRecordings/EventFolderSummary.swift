import Compute
import Files
import Synchronization

/// The recordings of a folder and the folders in it, a line for each that holds some: of a data set, each class of each part.
public struct EventFolderSummary: Sendable, Hashable, Codable {
    public struct Class: Sendable, Hashable, Codable {
        /// Path from the folder that was asked about; `.` for itself.
        public let name: String
        public let recordings: Int
        public let events: Int
        public let onEvents: Int
        public let offEvents: Int
        /// Of the shortest recording.
        public let shortestUs: Int64
        /// Of the longest one.
        public let longestUs: Int64

        init(name: String, _ summaries: [EventSummary]) {
            self.name = name
            recordings = summaries.count
            events = summaries.reduce(0) { $0 + $1.events }
            onEvents = summaries.reduce(0) { $0 + $1.onEvents }
            offEvents = events - onEvents
            shortestUs = summaries.map(\.durationUs).min() ?? 0
            longestUs = summaries.map(\.durationUs).max() ?? 0
        }
    }

    public let path: String
    public let formats: [EventFormat]
    /// The smallest that holds those of all recordings.
    public let sensor: EventSensor
    public let recordings: Int
    public let events: Int
    /// In the order of their names, numbers by size.
    public let classes: [Class]
    /// Files that are no recordings by their names, and were not opened.
    public let otherFiles: Int

    /// Reads all recordings of a folder.
    ///
    /// - Parameter afterRecording: told how many are read.
    /// - Throws: ``EventError`` for the first recording that makes no sense, ``EventError/noRecordings(path:)``.
    public init(
        reading path: String, parallelism: Parallelism,
        afterRecording: @escaping @Sendable (_ done: Int) -> Void = { _ in }
    ) throws {
        let (recordings, otherCount) = Self.files(in: path)
        guard !recordings.isEmpty else { throw EventError.noRecordings(path: path) }
        let done = Atomic(0)
        let summaries = try parallelism.map(recordings.count) { index, _ in
            let result = Result { try EventSummary(reading: "\(path)/\(recordings[index])") }
            afterRecording(done.add(1, ordering: .relaxed).newValue)
            return result
        }.map { try $0.get() }
        self.init(path, recordings, summaries, otherFiles: otherCount)
    }

    private init(
        _ path: String, _ recordings: [String], _ summaries: [EventSummary], otherFiles: Int
    ) {
        var classes: [String: [EventSummary]] = [:]
        for (recording, summary) in zip(recordings, summaries) {
            let name = recording.lastIndex(of: "/").map { String(recording[..<$0]) } ?? "."
            classes[name, default: []].append(summary)
        }
        self.path = path
        self.classes = classes.map { Class(name: $0.key, $0.value) }.sorted {
            $0.name.precedesByNumbers($1.name)
        }
        self.otherFiles = otherFiles
        self.recordings = summaries.count
        events = summaries.reduce(0) { $0 + $1.events }
        formats = EventFormat.allCases.filter { format in summaries.contains { $0.format == format } }
        sensor = EventSensor(
            width: summaries.reduce(0) { max($0, $1.sensor.width) },
            height: summaries.reduce(0) { max($0, $1.sensor.height) })
    }

    /// Paths of recordings from the folder on, sorted, and how many other files there are; hidden ones do not count. A link is
    /// what it leads to, but for one that leads to a folder it lies in.
    static func files(in path: String) -> (recordings: [String], otherCount: Int) {
        var (recordings, otherCount): ([String], Int) = ([], 0)
        func look(in inner: String, within outer: Set<String>) {
            let here = "\(path)/\(inner)"
            guard let own = Folder.withoutLinks(here), !outer.contains(own) else { return }
            for name in Folder.names(in: here) {
                let file = inner + name
                if Folder.exists("\(path)/\(file)") {
                    look(in: "\(file)/", within: outer.union([own]))
                } else if FileState("\(path)/\(file)") != nil, EventFormat.isNameOfRecording(name) {
                    recordings.append(file)
                } else {
                    otherCount += 1
                }
            }
        }
        look(in: "", within: [])
        return (recordings.sorted { $0.precedesByNumbers($1) }, otherCount)
    }

    /// The summary as lines of text.
    public var lines: [String] {
        let rows = classes.map { entry in
            [
                "  \(entry.name)", "\(entry.recordings)", "\(entry.events)", "\(entry.onEvents)",
                "\(entry.offEvents)", "\(entry.shortestUs)", "\(entry.longestUs)",
            ]
        }
        return [
            "\(path): \(recordings) recordings, \(formats.map(\.description).joined(separator: ", "))",
            "  sensor \(sensor.width) × \(sensor.height) pixels, \(events) events",
        ]
            + TextTable.numberLines(
                [["  folder", "recordings", "events", "ON", "OFF", "shortest (µs)", "longest"]] + rows)
            + (otherFiles > 0 ? ["  \(otherFiles) other files, not opened"] : [])
    }
}
