import CommandParsing
import Foundation
import QuantumCircuits
import SpikingNeurons

/// `sqsnn neuron mitigate FILE`: zero-noise extrapolation of noisy neurons, end to end.
struct NeuronMitigateCommand: Command {
    static let description = CommandDescription(
        name: "mitigate", summary: "Fold a noisy neuron's circuit and extrapolate to zero noise.",
        discussion: """
            FILE is a neuron-trace file whose cases have noise. At each scale factor the circuit of every step is folded, as Mitiq's \
            fold_global, fold_all (local) or fold_gates_at_random do, and run on the forced spikes; measurement and reset are not folded. Firing probabilities \
            and the log-likelihood are then extrapolated by every model of 'sqsnn neuron extrapolate'. The values are \
            exact, and ± the deviation from the fitted curve; with --shots they are frequencies over that many shots \
            at each step and scale, given the forced spikes before, and ± is the shots' standard deviation. 'ideal' is the neuron \
            without noise.
            """,
        examples: [
            Example(
                "sqsnn neuron mitigate Tests/Golden/neuron-noisy.json --folding random --scales 1,1.5,2",
                "Local folding to partial scale factors."),
            Example(
                "sqsnn neuron mitigate noisy.json --readout --shots 10000 --json",
                "Readout errors undone first, with shot noise, for a program."),
        ])
    static let arguments: [ArgumentDescription] = [
        .option(name: "folding", value: "global|all|random", help: "What is folded.", default: "global"),
        .option(name: "scales", value: "S,S,…", help: "Scale factors, from 1.", default: "1,3,5"),
        .flag(name: "readout", help: "Undo readout errors by the inverse confusion matrix first."),
        .option(
            name: "shots", value: "COUNT", help: "Shots at each step and scale.",
            default: "exact probabilities"),
        .option(name: "seed", value: "SEED", help: "Seed of random folding and shots.", default: "0"),
        .option(
            name: "asymptote", value: "A", help: "Where the exponential with a given asymptote ends.",
            default: "0.5"),
        .flag(
            name: "json",
            help:
                "Print one JSON object: cases with gate_counts, error_bars, and for each quantity ideal, unmitigated, points and a number for each model."
        ),
        .positional(name: "file", help: "Neuron-trace file with noise."),
    ]

    private let file: String
    private let mitigation: NeuronMitigation
    private let isJSON: Bool

    init(_ arguments: ParsedArguments) throws {
        file = try arguments.positional("file")
        isJSON = arguments.flag("json")
        let asymptote = try arguments.number("asymptote", in: -1...1) ?? 0.5
        mitigation = try NeuronMitigation(
            folding: try arguments.choice("folding", of: UnitaryFolding.self) ?? .global,
            scaleFactors: try arguments.numbers("scales") ?? [1, 3, 5],
            models: ZeroNoiseExtrapolation.Model.usual(asymptote: asymptote),
            undoesReadout: arguments.flag("readout"),
            shots: try arguments.integer("shots", in: NeuronMitigation.shotCounts),
            seed: UInt64(try arguments.integer("seed", in: 0...Int.max) ?? 0))
    }

    func run(_ terminal: Terminal) async throws {
        let reports = try NeuronTrace.load(path: file).mitigated(mitigation, path: file)
        if isJSON { return try terminal.writeJSON(["cases": reports]) }
        for (index, report) in reports.enumerated() {
            let counts = zip(mitigation.scaleFactors, report.gateCounts).map {
                String(format: "%g: %d", $0, $1)
            }
            terminal.write(
                "case \(index): \(report.circuit), \(report.folding.rawValue) folding, "
                    + "gates at scale \(counts.joined(separator: ", ")); ± from \(report.errorBars.rawValue)")
            for (step, channels) in report.firing.enumerated() {
                for (channel, quantity) in channels.enumerated() {
                    let name = channels.count == 1 ? "step \(step)" : "step \(step) channel \(channel)"
                    terminal.write("  \(name)  p(fires) \(Self.text(quantity))")
                }
            }
            terminal.write(
                "  log-likelihood  "
                    + (report.logLikelihood.map(Self.text) ?? "none: a probability came out as 0 or less"))
        }
    }

    private static func text(_ quantity: MitigationReport.Quantity) -> String {
        let result = quantity.result
        var parts = [
            "ideal \(number(quantity.ideal))", "unmitigated \(number(result.extrapolation.unmitigated))",
        ]
        parts += result.estimates.map {
            "\($0.model.name) \(number($0.value))" + ($0.standardError.map { " ± \(number($0))" } ?? "")
        }
        parts += result.refusals.map { "\($0.model.name) refused" }
        return parts.joined(separator: "  ")
    }

    private static func number(_ value: Double) -> String { String(format: "%.6f", value) }
}
