import CommandParsing
import SpikeDatasets
import Synchronization

/// `sqsnn data fetch`: brings a data set from the network.
struct DataFetchCommand: Command {
    static let description = CommandDescription(
        name: "fetch", summary: "Download a data set into the user's own folder.",
        discussion: """
            Files go to $XDG_DATA_HOME/sqsnn (~/.local/share/sqsnn). Each is compared with its SHA-256 before it \
            gets its name; what is there and right is not fetched again. An interrupted download goes on where \
            it stopped when the command is run again.
            """,
        examples: [
            Example("sqsnn data fetch mnist", "from the place in the catalogue"),
            Example("sqsnn data fetch kmnist --url https://example.org/kmnist/", "from a mirror"),
        ])
    static let arguments: [ArgumentDescription] = [
        .positional(
            name: "name", help: "Data set, as in 'sqsnn data list'.", suggestions: DatasetCatalog.names),
        .option(name: "url", value: "BASE", help: "Folder on the network that holds the files."),
    ]

    private let entry: CatalogEntry
    private let address: String?

    init(_ arguments: ParsedArguments) throws {
        entry = try DatasetCatalog.entry(named: arguments.positional("name"))
        address = arguments.string("url")
    }

    func run(_ terminal: Terminal) async throws {
        terminal.writeError("\(entry.name): \(entry.licence) licence, \(entry.source)")
        let display = FetchDisplay(terminal)
        defer { display.finish() }
        let paths = try await DatasetFetcher(address: address).fetch(entry) { display.show($0) }
        display.finish()
        for path in paths { terminal.write(path) }
    }
}

/// One progress bar a file; its length is known only when the server answers.
private final class FetchDisplay: Sendable {
    private let terminal: Terminal
    private let bar = Mutex<ProgressBar?>(nil)

    init(_ terminal: Terminal) {
        self.terminal = terminal
    }

    func show(_ progress: DatasetFetcher.Progress) {
        bar.withLock { bar in
            if bar?.label != progress.fileName {
                bar?.finish()
                bar = ProgressBar(
                    progress.fileName, total: progress.expected ?? 0, unit: "bytes",
                    completed: progress.received, terminal: terminal)
            }
            bar?.update(completed: progress.received)
        }
    }

    func finish() {
        bar.withLock { $0?.finish() }
    }
}
