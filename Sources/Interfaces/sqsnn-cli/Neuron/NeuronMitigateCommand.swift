import NeuronAnalysis
import ErrorMitigation
import DeviceNoise
import CommandParsing
import Files
import QuantumCircuits
import Neurons
import TrainingOptions

/// `sqsnn neuron mitigate FILE`: zero-noise extrapolation of noisy neurons, end to end.
struct NeuronMitigateCommand: Command {
    static let description = CommandDescription(
        name: "mitigate", summary: "Fold a noisy neuron's circuit and extrapolate to zero noise.",
        discussion: """
            FILE is a neuron-trace file whose cases have noise, or are put on a device by --noise. At each scale factor the circuit of every step is folded, as Mitiq's \
            fold_global, fold_all (local) or fold_gates_at_random do, and run on the forced spikes; measurement and reset are not folded. Firing probabilities \
            and the log-likelihood are then extrapolated by every model of 'sqsnn neuron extrapolate', over the scale factors that the \
            folded circuits reach (a few gates cannot be folded to any factor, and 'all' reaches odd ones alone); factors at which a circuit is \
            folded alike are refused. The values are \
            exact, and ± the deviation from the fitted curve; with --shots they are frequencies over that many shots \
            at each step and scale, given the forced spikes before, and ± is the shots' standard deviation. 'ideal' is the neuron \
            without noise.
            """,
        examples: [
            Example(
                "sqsnn neuron mitigate Tests/Golden/neuron-noisy.json --folding random --scales 1,2,3",
                "Local folding to partial scale factors."),
            Example(
                "sqsnn neuron mitigate noisy.json --readout --shots 10000 --json",
                "Readout errors undone first, with shot noise, for a program."),
        ])
    static let arguments: [ArgumentDescription] =
        [NoiseOptions.noiseOfFile, NoiseOptions.scale] + [
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
                    "Print one JSON object: cases with scale_factors, reached_scale_factors, gate_counts, error_bars, and for each quantity ideal, unmitigated, points and a number for each model."
            ),
            .positional(name: "file", help: "Neuron-trace file with noise; - for standard input."),
        ]

    private let file: String
    private let mitigation: NeuronMitigation
    private let noise: NoiseModel?
    private let isJSON: Bool

    init(_ arguments: ParsedArguments) throws {
        file = try arguments.positional("file")
        noise = try NoiseOptions.model(arguments)
        isJSON = arguments.flag("json")
        let asymptote = try arguments.number("asymptote", in: -1...1) ?? 0.5
        mitigation = try NeuronMitigation(
            folding: try arguments.choice("folding", of: UnitaryFolding.self) ?? .global,
            scaleFactors: try arguments.differentNumbers("scales", in: 1...UnitaryFolding.maximumScale) ?? [
                1, 3, 5,
            ],
            models: ZeroNoiseExtrapolation.Model.usual(asymptote: asymptote),
            undoesReadout: arguments.flag("readout"),
            shots: try arguments.integer("shots", in: NeuronMitigation.shotCounts),
            seed: UInt64(try arguments.integer("seed", in: 0...Int.max) ?? 0))
    }

    func run(_ terminal: Terminal) async throws {
        var trace = try NeuronTrace.load(path: file)
        if let noise { trace = try trace.replacingNoise(noise, path: file) }
        let reports = try trace.mitigated(mitigation, path: file)
        if isJSON { return try terminal.writeJSON(["cases": reports]) }
        for (index, report) in reports.enumerated() {
            let counts = report.gateCounts.indices.map { index in
                let (asked, reached) = (report.scaleFactors[index], report.reachedScaleFactors[index])
                return String(printf: "%g", asked)
                    + (reached == asked ? "" : String(printf: " (reached %.4g)", reached))
                    + ": \(report.gateCounts[index])"
            }
            terminal.write(
                "case \(index): \(report.circuit), \(report.folding.rawValue) folding, "
                    + "gates at scale \(counts.joined(separator: ", ")); ± from \(report.errorBars.rawValue)")
            for line in Self.table(report) { terminal.write("  " + line) }
        }
    }

    /// A row for each quantity, a column for each model.
    private static func table(_ report: MitigationReport) -> [String] {
        var quantities: [(String, MitigationReport.Quantity)] = []
        for (step, channels) in report.firing.enumerated() {
            for (channel, quantity) in channels.enumerated() {
                let place = channels.count == 1 ? "step \(step)" : "step \(step) channel \(channel)"
                quantities.append(("p(fires) \(place)", quantity))
            }
        }
        if let logLikelihood = report.logLikelihood { quantities.append(("log-likelihood", logLikelihood)) }
        let models = quantities.first.map { $0.1.result.models } ?? []
        var rows = [["", "ideal", "unmitigated"] + models.map(\.name)]
        for (name, quantity) in quantities {
            let result = quantity.result
            rows.append(
                [name, number(quantity.ideal), number(result.extrapolation.unmitigated)]
                    + models.map { model in
                        guard let estimate = result.estimates.first(where: { $0.model == model }) else {
                            return "refused"
                        }
                        return number(estimate.value)
                            + (estimate.standardError.map { " ± \(number($0))" } ?? "")
                    })
        }
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        let lines = rows.map { row in
            zip(row, widths).map { $0.padded(to: $1) }
                .joined(separator: "  ").trimmingTrailingSpaces
        }
        return report.logLikelihood == nil
            ? lines + ["log-likelihood: none, a probability came out as 0 or less"] : lines
    }

    private static func number(_ value: Double) -> String { String(printf: "%.6f", value) }
}

extension String {
    fileprivate var trimmingTrailingSpaces: String { String(reversed().drop { $0 == " " }.reversed()) }
}
