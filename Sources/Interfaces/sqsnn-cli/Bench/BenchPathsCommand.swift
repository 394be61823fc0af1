import Benchmarks
import CommandParsing
import Files
import FoundationEssentials

/// `sqsnn bench paths`: the paths through the library that the default workload does not take.
struct BenchPathsCommand: Command {
    private static let names = PathName.allCases.map(\.rawValue)

    static let description = CommandDescription(
        name: "paths",
        summary: "Time recurrent, noisy, wide and streamed networks, LIF, QLIF, the local rule.",
        discussion: """
            Each path is a network of its own, told below the table; a training step and an inference step of each on \
            random spikes, at least three times and for at least a second. Takes about half a minute and 1.5 GB of memory; \
            nothing else should run. A neuron-step counts once, however often a rule of training runs it. \
            Benchmarks/README.md says what the goals rest on. Paths: \(names.joined(separator: ", ")).
            """,
        examples: [
            Example("sqsnn bench paths", "The whole table."),
            Example("sqsnn bench paths --only lif,qlif --json", "Two paths, for a program."),
        ])
    static let arguments: [ArgumentDescription] = [
        .option(
            name: "only", value: "PATH[,PATH…]", help: "Paths to measure.", default: "all", suggestions: names
        ),
        .option(
            name: "threads", value: "K", help: "Threads, 1 to 1024; a stream takes one.",
            default: "one for each core"),
        .flag(name: "json", help: "Print one JSON object: rows, each with its configuration."),
    ]

    private let paths: [PathName]
    private let threadCount: Int
    private let isJSON: Bool

    init(_ arguments: ParsedArguments) throws {
        paths =
            try arguments.list("only") { word in
                guard let path = PathName(rawValue: word) else {
                    throw UsageError.invalidValue(
                        argument: "--only", found: word,
                        expected: "some of \(Self.names.joined(separator: ", "))"
                            + spellingHint(word, among: Self.names))
                }
                return path
            } ?? PathName.allCases
        threadCount =
            try arguments.integer("threads", in: 1...1024) ?? ProcessInfo.processInfo.activeProcessorCount
        isJSON = arguments.flag("json")
    }

    func run(_ terminal: Terminal) async throws {
        let table = try await PathTable.measure(paths, threadCount: threadCount) { path, scenario in
            if terminal.isErrorInteractive {
                terminal.writeError("Measuring \(path.rawValue), \(scenario.rawValue) …")
            }
        }
        if isJSON { return try terminal.writeJSON(table) }
        table.lines.forEach(terminal.write)
    }
}
