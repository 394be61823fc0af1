import CommandParsing
import Compute
import Files
import FoundationEssentials
import Runs
import SpikeDatasets
import Studies
import Synchronization
import TrainingOptions

/// `sqsnn search FILE`: the best options of `sqsnn train`, by random search with successive halving.
struct SearchCommand: Command {
    static let description = CommandDescription(
        name: "search", summary: "Find the best options of a training, by random search.",
        discussion: """
            A file says which options of 'sqsnn train' are fixed, which are free and how far, for which models and data sets, and what \
            the search may spend. Trials with options drawn at random are trained for a few epochs, the best of them anew for \
            more, and so on. All are judged by training images that are held out; test images have no part in it. The same file gives \
            the same trials. Every training is kept in the folder --output: Ctrl-C loses only those at work, the same command \
            goes on, and several processes may work in one folder.
            """,
        examples: [
            Example(
                "sqsnn search Examples/searches/rivals.json --output runs/neuron-models",
                "Learning rates, temperatures, thresholds, … for each neuron model, at equal cost."),
            Example(
                "sqsnn search Examples/searches/quick.json --output runs/quick --json",
                "Two options in a minute, for a program."),
        ])
    static let arguments: [ArgumentDescription] = [
        .positional(name: "file", help: "JSON file with the space; '-' for standard input."),
        .option(name: "output", value: "DIR", help: "Folder of the search."),
        .option(
            name: "parallel", value: "K",
            help: "Networks trained at a time, one thread each; without effect on the result.",
            default: "one for each core"),
        .option(name: "best", value: "N", help: "Rows of each table, 1 to 10000.", default: "5"),
        .flag(name: "json", help: "Print one JSON object: trials with scores, best options."),
    ]

    private let search: Search
    private let output: String
    private let parallelism: Parallelism
    private let rowCount: Int
    private let isJSON: Bool

    init(_ arguments: ParsedArguments) throws {
        let path = try arguments.positional("file")
        guard let output = try arguments.folder("output") else {
            throw UsageError.invalidValue(
                argument: "--output", found: "none", expected: "the folder of the search")
        }
        self.output = output
        parallelism = Parallelism(
            threadCount: try arguments.integer("parallel", in: 1...1024)
                ?? ProcessInfo.processInfo.activeProcessorCount)
        rowCount = try arguments.integer("best", in: 1...10_000) ?? 5
        isJSON = arguments.flag("json")
        search = try Search(SearchSpace.load(path), path: path) {
            try RunOptions(named: $0).configuration()
        }
    }

    func run(_ terminal: Terminal) async throws {
        var images: [DataKey: Search.Images] = [:]
        for key in search.dataKeys { images[key] = Search.Images(try await key.load()) }
        let (report, share) = try await Interrupt.whileListening { [images] in
            terminal.write(budget)
            return try train(images, terminal)
        }
        guard let report else {
            terminal.write(
                "Stopped after \(Int((100 * share).rounded(.down))) % of the training; the same command goes on."
            )
            return
        }
        report.lines(best: rowCount, in: output).forEach(terminal.write)
        terminal.write("All trials: \(output)/\(SearchReport.tableName)")
        if isJSON { try terminal.writeJSON(report) }
    }

    /// What the search will spend.
    private var budget: String {
        let space = search.space
        let rungs = zip(space.rungSizes, space.rungs).map { count, rung in
            "\(count) × \(rung.text)"
        }
        let subjects = search.subjects.count
        let what = space.datasets == nil ? "models" : "models and data sets"
        let seeds = space.seeds == 1 ? "" : ", \(space.seeds) seeds each"
        return "\(rungs.joined(separator: ", "))\(seeds): \(grouped(space.epochsOfSubject)) epochs"
            + (subjects == 1
                ? "" : " for each of \(subjects) \(what), \(grouped(space.epochCount)) in all")
            + ", \(grouped(space.validation)) images held out"
    }

    /// - Returns: also which share of the images is done.
    private func train(
        _ images: [DataKey: Search.Images], _ terminal: Terminal
    ) throws -> (SearchReport?, share: Double) {
        let total = search.imageCount(images)
        let state = Mutex<(bar: ProgressBar?, images: Int)>((nil, 0))
        defer { state.withLock(\.bar)?.finish() }
        let report = try search.run(
            in: output, images: images, parallelism: parallelism, isInterrupted: { Interrupt.isRequested }
        ) { progress in
            state.withLock { state in
                state.images = progress.images
                // Begun where there is something to do, so that what was done before does not count in the rate.
                if state.bar == nil, progress.hasWork {
                    state.bar = ProgressBar(
                        "search", total: total, unit: "images", completed: progress.images, terminal: terminal
                    )
                }
                state.bar?.update(completed: progress.images, note: progress.note)
            }
        }
        return (report, Double(state.withLock(\.images)) / Double(max(total, 1)))
    }
}
