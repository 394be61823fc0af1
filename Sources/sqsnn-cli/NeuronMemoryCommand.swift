import CommandParsing
import Foundation
import QuantumCircuits
import SpikingNeurons

/// `sqsnn neuron memory`: what does a circuit remember?
struct NeuronMemoryCommand: Command {
    static let description = CommandDescription(
        name: "memory", summary: "Measure what a neuron's circuit remembers.",
        discussion: """
            For random angles and currents, all spike histories are enumerated with their exact probabilities. \
            'own spikes' is how far the probability of the last spike varies with the neuron's own past spikes, \
            'past currents' how far its average varies with the past currents, both at the same last current. Each \
            is the largest found; 0 means at most 1e-12, the rounding error.
            """,
        examples: [
            Example("sqsnn neuron memory", "The whole catalogue."),
            Example(
                "sqsnn neuron memory input-controlled --memory-qubits 2", "One circuit with more memory."),
            Example(
                "sqsnn neuron memory layered-2 exchange --steps 6 --json", "Two circuits, for a program."),
        ])
    static let arguments: [ArgumentDescription] =
        [
            .option(name: "steps", value: "T", help: "Steps of a run, 2 to 6.", default: "4"),
            .option(name: "draws", value: "COUNT", help: "Random angles and currents tried.", default: "200"),
            .option(name: "seed", value: "SEED", help: "Seed of the random numbers.", default: "0"),
        ] + ParsedArguments.circuitOptions + [
            .flag(name: "json", help: "Print one JSON object: circuits with both spreads and a verdict."),
            .positional(
                name: "circuit",
                help: "Catalogue name, layered-L, or JSON gate list; default: the catalogue.",
                optional: true, repeating: true),
        ]

    private let analysis: MemoryAnalysis
    private let circuits: [Circuit]
    private let isJSON: Bool

    init(_ arguments: ParsedArguments) throws {
        analysis = try MemoryAnalysis(
            stepCount: try arguments.integer("steps", in: MemoryAnalysis.stepCounts) ?? 4,
            drawCount: try arguments.integer("draws", in: MemoryAnalysis.drawCounts) ?? 200,
            seed: UInt64(try arguments.integer("seed", in: 0...Int.max) ?? 0))
        let given = arguments.positionals("circuit")
        let names = given.isEmpty ? Ansatz.catalogue.map(\.name) : given
        circuits = try names.map { try arguments.circuit($0) }
        isJSON = arguments.flag("json")
    }

    func run(_ terminal: Terminal) async throws {
        let reports = try circuits.map { try analysis.report(for: $0) }
        if isJSON { return try terminal.writeJSON(["circuits": reports]) }
        let width = reports.map(\.name.count).max() ?? 0
        func line(_ name: String, _ ownSpikes: String, _ pastCurrents: String, _ verdict: String) -> String {
            name.padding(toLength: max(width, 7), withPad: " ", startingAt: 0) + "  "
                + ownSpikes.padding(toLength: 10, withPad: " ", startingAt: 0) + "  "
                + pastCurrents.padding(toLength: 13, withPad: " ", startingAt: 0) + "  " + verdict
        }
        terminal.write(line("circuit", "own spikes", "past currents", "verdict"))
        for report in reports {
            terminal.write(
                line(
                    report.name, Self.text(report.spreadOverOwnSpikes),
                    Self.text(report.spreadOverPastCurrents), report.verdict))
        }
    }

    private static func text(_ spread: Double) -> String {
        spread <= MemoryAnalysis.rounding ? "0" : String(format: "%.3g", spread)
    }
}
