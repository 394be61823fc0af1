import Benchmarks
import CommandParsing
import Files
import FoundationEssentials

/// `sqsnn bench events`: how fast recordings of event cameras are read, changed and sorted into steps.
struct BenchEventsCommand: Command {
    private static let names = EventWork.available.map(\.rawValue)
    private static let counts = 1000...50_000_000

    static let description = CommandDescription(
        name: "events",
        summary: "Time the readers of event recordings, transforms and binning.",
        discussion: """
            Writes a recording of a moving square, 128 × 128 pixels, in each format, and reads it back piece by piece on \
            one thread, at least three times and for at least a second. Transforms (crop=112x112, downsample=2, \
            refractory=1ms) and binning into 20 steps take the same events from memory. Work: \
            \(names.joined(separator: ", ")).
            """,
        examples: [
            Example("sqsnn bench events", "The whole table."),
            Example(
                "sqsnn bench events --only npy,atis --files recordings --json",
                "Two formats, for a program; the recordings stay."),
        ])
    static let arguments: [ArgumentDescription] = [
        .option(
            name: "only", value: "WORK[,WORK…]", help: "Work to measure.", default: "all", suggestions: names),
        .option(name: "events", value: "N", help: "Events of the recording.", default: "4000000"),
        .option(
            name: "files", value: "DIR", help: "Folder that keeps the recordings, for other readers.",
            default: "none is kept"),
        .flag(name: "json", help: "Print one JSON object: rows, each with its measurement."),
    ]

    private let works: [EventWork]
    private let eventCount: Int
    private let folder: String?
    private let isJSON: Bool

    init(_ arguments: ParsedArguments) throws {
        works =
            try arguments.list("only") { word in
                guard Self.names.contains(word), let work = EventWork(rawValue: word) else {
                    throw UsageError.invalidValue(
                        argument: "--only", found: word,
                        expected: "some of \(Self.names.joined(separator: ", "))"
                            + spellingHint(word, among: Self.names))
                }
                return work
            } ?? EventWork.available
        eventCount = try arguments.integer("events", in: Self.counts) ?? 4_000_000
        folder = try arguments.folder("files")
        isJSON = arguments.flag("json")
    }

    func run(_ terminal: Terminal) async throws {
        let temporary = FileManager.default.temporaryDirectory.path
        let place = folder ?? "\(temporary)/sqsnn-bench-\(UUID().uuidString)"
        try Folder.make(place)
        defer { if folder == nil { try? FileManager.default.removeItem(atPath: place) } }
        let table = try await EventTable.measure(works, eventCount: eventCount, folder: place) { work in
            if terminal.isErrorInteractive { terminal.writeError("Measuring \(work.rawValue) …") }
        }
        if isJSON { return try terminal.writeJSON(table) }
        table.lines.forEach(terminal.write)
    }
}
