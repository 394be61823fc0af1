import CommandParsing
import SpikeDatasets

/// `sqsnn data info`: one data set, read and checked.
struct DataInfoCommand: Command {
    static let description = CommandDescription(
        name: "info", summary: "Describe a data set: shape, images a class, files and their digests.",
        discussion:
            "Reads the whole set and compares every file with its SHA-256; exits with 3 where one differs.",
        examples: [Example("sqsnn data info fashion-mnist", "what training starts from")])
    static let arguments: [ArgumentDescription] = [
        .positional(
            name: "name", help: "Data set, as in 'sqsnn data list'.", suggestions: DatasetCatalog.names),
        .flag(name: "json", help: "Print one JSON object on one line."),
    ]

    private let entry: CatalogEntry
    private let isJSON: Bool

    init(_ arguments: ParsedArguments) throws {
        entry = try DatasetCatalog.entry(named: arguments.positional("name"))
        isJSON = arguments.flag("json")
    }

    func run(_ terminal: Terminal) async throws {
        let summary = DatasetSummary(entry, try await entry.loadImages())
        if isJSON { return try terminal.writeJSON(summary) }
        for line in summary.lines { terminal.write(line) }
    }
}
