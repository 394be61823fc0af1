import CommandParsing
import Files
import Foundation
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
        ReservoirOptions.arguments + [
            .flag(
                name: "json", help: "Print one JSON object: schedule, errors of circuits and of plain inputs."
            ),
            NeuronSelection.positional,
        ]

    /// Inputs that the two lines without a reservoir see.
    private static let inputCounts = [1, 20]

    private let options: ReservoirOptions
    private let isJSON: Bool

    init(_ arguments: ParsedArguments) throws {
        options = try ReservoirOptions(arguments)
        isJSON = arguments.flag("json")
    }

    private struct Answer: Encodable {
        struct Circuit: Encodable {
            let name: String
            let memoryQubits: Int
            let features: Int
            let error: SeedStatistics
        }

        struct Inputs: Encodable {
            let count: Int
            let error: SeedStatistics
        }

        let schedule: ReservoirSchedule
        let shots: Int?
        let noise: String?
        let ridge: Double
        let circuits: [Circuit]
        let inputs: [Inputs]
    }

    func run(_ terminal: Terminal) async throws {
        let measured = try options.map(terminal) { reservoir, seed in
            try NARMA.error(
                of: reservoir, schedule: options.schedule, shots: options.shots, ridge: options.ridge,
                seed: seed, parallelism: options.parallelism)
        }
        let inputs = try Self.inputCounts.map { count in
            Answer.Inputs(
                count: count,
                error: SeedStatistics(
                    try options.map { seed in
                        try NARMA.errorOfInputs(
                            count: count, schedule: options.schedule, ridge: options.ridge, seed: seed)
                    }))
        }
        let circuits = measured.map {
            Answer.Circuit(
                name: $0.neuron.name, memoryQubits: $0.neuron.model.memoryQubits,
                features: $0.featureCount, error: SeedStatistics($0.values))
        }
        if isJSON {
            return try terminal.writeJSON(
                Answer(
                    schedule: options.schedule, shots: options.shots, noise: options.selection.noiseName,
                    ridge: options.ridge, circuits: circuits, inputs: inputs))
        }
        func row(_ label: String, _ error: SeedStatistics) -> [String] {
            [label] + [error.mean, error.standardError].compactMap(\.self).map { String(format: "%.3f", $0) }
        }
        let rows =
            zip(measured, circuits).map { row($0.label, $1.error) }
            + inputs.map {
                row($0.count == 1 ? "present input alone" : "last \($0.count) inputs", $0.error)
            }
        // One seed has no error.
        let heading =
            ["reservoir", "NRMSE"] + (inputs.allSatisfy { $0.error.standardError != nil } ? ["±"] : [])
        TextTable.numberLines([heading] + rows).forEach(terminal.write)
        terminal.write(options.reading.joined(separator: ", "))
    }
}
