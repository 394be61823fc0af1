import Benchmarks
import CommandParsing

/// `sqsnn bench count SCENARIO`: a scenario without a clock, for counters.
struct BenchCountCommand: Command {
    private static let names = ScenarioName.allCases.map(\.rawValue)

    static let description = CommandDescription(
        name: "count", summary: "Repeat one scenario without a clock, and count allocations.",
        discussion: """
            Two runs that differ in --repetitions alone differ by the work of the repetitions, so that start-up \
            cancels; every repetition does the same work. This is what Benchmarks/check-counts runs under valgrind. \
            Scenarios: \(names.joined(separator: ", ")).
            """,
        examples: [
            Example(
                "sqsnn bench count \"training step\" --repetitions 10 --batch 32 --threads 1",
                "Allocations of ten small training steps.")
        ])
    static let arguments: [ArgumentDescription] =
        BenchOptions.arguments() + [
            .option(name: "repetitions", value: "COUNT", help: "Repetitions, at least 1.", default: "1"),
            .flag(name: "json", help: "Print one JSON object."),
            .positional(name: "scenario", help: "Name of a scenario."),
        ]

    private let scenario: ScenarioName
    private let workload: Workload
    private let repetitions: Int
    private let isJSON: Bool

    init(_ arguments: ParsedArguments) throws {
        guard let scenario = try arguments.choice("scenario", of: ScenarioName.self) else {
            throw UsageError.missingArgument("SCENARIO")
        }
        self.scenario = scenario
        workload = try BenchOptions.workload(arguments)
        repetitions = try arguments.integer("repetitions", in: 1...1_000_000) ?? 1
        isJSON = arguments.flag("json")
    }

    func run(_ terminal: Terminal) async throws {
        let count = try await ScenarioCount.run(scenario, on: workload, repetitions: repetitions)
        if isJSON { return try terminal.writeJSON(count) }
        let allocations =
            count.allocations.map { "\($0) allocations" } ?? "allocations cannot be counted here"
        terminal.write("\(scenario.rawValue), \(repetitions) repetitions: \(allocations)")
    }
}
