import Benchmarks
import CommandParsing

/// `sqsnn bench`: how fast everything is, and how far from the machine's limits.
struct BenchCommand: Command {
    static let description = CommandDescription(
        name: "bench", summary: "Measure speed, memory and allocations on this machine.",
        discussion: """
            Times each part of training and inference on random input, Fashion-MNIST where it is installed, at least \
            20 times (an epoch three times), and measures in the same run what the machine's vector units and caches \
            allow. Takes about a minute; nothing else should run. An addition is a spike times a postsynaptic \
            neuron. Benchmarks/README.md says what each scenario and limit is.
            """,
        examples: [
            Example("sqsnn bench", "The whole table."),
            Example(
                "sqsnn bench step --threads 1 --json", "A training and an inference step, for a program."),
        ],
        subcommands: [
            BenchStepCommand.self, BenchPathsCommand.self, BenchLayerCommand.self, BenchDensityCommand.self,
            BenchMemoryCommand.self, BenchQNNCommand.self, BenchEventsCommand.self, BenchCountCommand.self,
        ])
    static let arguments: [ArgumentDescription] =
        BenchOptions.arguments() + [
            .flag(name: "json", help: "Print one JSON object: scenarios and limits.")
        ]

    private let workload: Workload
    private let isJSON: Bool

    init(_ arguments: ParsedArguments) throws {
        workload = try BenchOptions.workload(arguments)
        isJSON = arguments.flag("json")
    }

    func run(_ terminal: Terminal) async throws {
        let table = try await BenchmarkTable.measure(workload) { name in
            if terminal.isErrorInteractive { terminal.writeError("Measuring \(name) …") }
        }
        if isJSON { return try terminal.writeJSON(table) }
        table.lines.forEach(terminal.write)
    }
}
