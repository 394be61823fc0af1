import CommandParsing
import Files
import Reservoirs

/// `sqsnn reservoir narma`: the error of reservoirs on the NARMA-10 task.
struct ReservoirNARMACommand: Command {
    static let description = CommandDescription(
        name: "narma", summary: "Measure the NARMA-10 error of reservoirs.",
        discussion: """
            The read-out has to follow y(t+1) = 0.3 y(t) + 0.05 y(t) (y(t) + ... + y(t-9)) + 1.5 u(t-9) u(t) + 0.1 from \
            the input u alone, which is uniform in 0 to 0.5; the reservoir gets 2u. The error is the root of the mean \
            squared error over the variance of y, on test steps (NRMSE): 1 is what a constant achieves. Reservoirs and \
            read-out are those of 'sqsnn reservoir capacity'. Two lines without a reservoir say what a linear read-out \
            of the present input and of the last 20 inputs achieves. ± is one standard error over the seeds.
            """,
        examples: [
            Example("sqsnn reservoir narma", "The whole catalogue."),
            Example(
                "sqsnn reservoir narma exchange --memory-qubits 1,2 --neurons 100",
                "More neurons with one or two memory qubits."),
        ])
    static let arguments: [ArgumentDescription] =
        ReservoirOptions.steps + ReservoirOptions.arguments + [
            .flag(
                name: "json", help: "Print one JSON object: schedule, errors of circuits and of plain inputs."
            ),
            NeuronSelection.positional,
        ]

    /// Inputs that the two lines without a reservoir see.
    private static let inputCounts = [1, 20]

    private let options: ReservoirOptions
    private let schedule: ReservoirSchedule
    private let isJSON: Bool

    init(_ arguments: ParsedArguments) throws {
        options = try ReservoirOptions(arguments)
        schedule = try ReservoirOptions.schedule(arguments)
        isJSON = arguments.flag("json")
    }

    private struct Answer: Encodable {
        struct Inputs: Encodable {
            let count: Int
            let error: SeedStatistics
        }

        let schedule: ReservoirSchedule
        let shots: Int?
        let noise: String?
        let ridge: Double
        let circuits: [ReservoirResult]
        let inputs: [Inputs]
    }

    func run(_ terminal: Terminal) async throws {
        func error(
            _ reservoir: Reservoir, _ settings: ReservoirSettings, _ seed: UInt64
        ) throws -> Double {
            try NARMA.error(
                of: reservoir, schedule: schedule, shots: options.shots, ridge: settings.ridge, seed: seed,
                parallelism: options.parallelism)
        }
        if !isJSON { try options.writeInputs("narma \(schedule)", terminal) }
        let measured = try options.map(terminal, error, error: error)
        let inputs = try Self.inputCounts.map { count in
            Answer.Inputs(
                count: count,
                error: SeedStatistics(
                    try options.map { seed in
                        try NARMA.errorOfInputs(
                            count: count, schedule: schedule, ridge: options.settings.ridge, seed: seed)
                    }))
        }
        if isJSON {
            return try terminal.writeJSON(
                Answer(
                    schedule: schedule, shots: options.shots, noise: options.selection.noiseName,
                    ridge: options.settings.ridge, circuits: measured.map { ReservoirResult($0) },
                    inputs: inputs))
        }
        let rows =
            measured.map { [$0.label] + ReservoirOptions.cells(SeedStatistics($0.values)) }
            + inputs.map {
                [$0.count == 1 ? "present input alone" : "last \($0.count) inputs"]
                    + ReservoirOptions.cells($0.error)
            }
        // One seed has no error.
        let heading =
            ["reservoir", "NRMSE"] + (inputs.allSatisfy { $0.error.standardError != nil } ? ["±"] : [])
        options.write([heading] + rows, measured, terminal)
    }
}
