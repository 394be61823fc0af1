import CommandParsing
import SpikeDatasets

/// `sqsnn data list`: the catalogue, and which sets are here.
struct DataListCommand: Command {
    static let description = CommandDescription(
        name: "list", summary: "List the data sets known by name, and where they lie.",
        examples: [Example("sqsnn data list --json", "the same for a program")])
    static let arguments: [ArgumentDescription] = [
        .flag(name: "json", help: "Print one JSON object on one line.")
    ]

    private let isJSON: Bool

    init(_ arguments: ParsedArguments) throws {
        isJSON = arguments.flag("json")
    }

    func run(_ terminal: Terminal) async throws {
        let listing = Listing(datasets: DatasetCatalog.entries.map(Listing.Dataset.init))
        if isJSON { return try terminal.writeJSON(listing) }
        for dataset in listing.datasets {
            terminal.write("\(dataset.name): \(dataset.summary)")
            terminal.write("  \(dataset.note)")
            terminal.write("  " + (dataset.folder.map { "in \($0)" } ?? "not here"))
        }
    }

    private struct Listing: Encodable {
        struct Dataset: Encodable {
            let name: String
            let summary: String
            let licence: String
            let source: String
            let note: String
            let folder: String?

            init(_ entry: CatalogEntry) {
                name = entry.name
                summary = entry.summary
                licence = entry.licence
                source = entry.source
                note = entry.note
                folder = entry.folder()
            }
        }

        let datasets: [Dataset]
    }
}
