import CommandParsing
import Compute
import EventRecordings
import Files
import FoundationEssentials
import SpikeDatasets
import TrainingOptions

/// `sqsnn data info`: one data set, recording or folder of recordings, read and checked.
struct DataInfoCommand: Command {
    static let description = CommandDescription(
        name: "info",
        summary: "Describe a data set, a recording of an event camera, or a folder of recordings.",
        discussion: """
            Of a data set: shape, images a class, files and their digests. Reads the whole set and compares every \
            file with its SHA-256; exits with 3 where one differs. Of a recording: format, sensor, events, first \
            and last event. Of a folder: recordings and events of each folder in it, as of each class. The bits of \
            a file are taken as they are: polarity 1 counts as ON, the first column is the left one.
            """,
        examples: [
            Example("sqsnn data info fashion-mnist", "what training starts from"),
            Example("sqsnn data info n-mnist/Train/0/00002.bin --json", "a recording"),
            Example("sqsnn data info n-mnist/Train", "a folder for each class"),
        ])
    static let arguments: [ArgumentDescription] = [
        .positional(
            name: "name",
            help:
                "Data set, as in 'sqsnn data list'; else a recording ('-' is standard input), or a folder of them.",
            suggestions: DatasetCatalog.names),
        EventInputOptions.format("Of a recording."),
        .flag(name: "json", help: "Print one JSON object on one line."),
    ]

    private enum Subject {
        case dataset(CatalogEntry)
        case recording(String, EventFormat?)
        case folder(String)
    }

    private let subject: Subject
    private let isJSON: Bool

    init(_ arguments: ParsedArguments) throws {
        let name = try arguments.positional("name")
        let format = try arguments.choice("format", of: EventFormat.self)
        if DatasetCatalog.names.contains(name) || !InputFile.isMeant(name) {
            subject = .dataset(try DatasetCatalog.entry(named: name))
        } else if Folder.exists(name) {
            subject = .folder(name)
        } else {
            subject = .recording(name, format)
        }
        if case .recording = subject {
        } else if format != nil {
            throw UsageError.contradiction("--format is of one recording; leave it out, or name one")
        }
        isJSON = arguments.flag("json")
    }

    func run(_ terminal: Terminal) async throws {
        switch subject {
        case .dataset(let entry):
            let summary = DatasetSummary(entry, try await entry.load(nil, stepCount: 1))
            try tell(summary, summary.lines, terminal)
        case .recording(let path, let format):
            let summary = try EventSummary(reading: path, format: format)
            try tell(summary, summary.lines, terminal)
        case .folder(let path):
            let summary = try Self.summary(ofFolder: path, terminal)
            try tell(summary, summary.lines, terminal)
        }
    }

    private static func summary(ofFolder path: String, _ terminal: Terminal) throws -> EventFolderSummary {
        let bar = ProgressBar("recordings", total: 0, unit: "recordings", terminal: terminal)
        defer { bar.finish() }
        return try EventFolderSummary(
            reading: path,
            parallelism: Parallelism(threadCount: ProcessInfo.processInfo.activeProcessorCount)
        ) { bar.update(completed: $0) }
    }

    private func tell(_ summary: some Encodable, _ lines: [String], _ terminal: Terminal) throws {
        if isJSON { return try terminal.writeJSON(summary) }
        for line in lines { terminal.write(line) }
    }
}
