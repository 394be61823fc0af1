import ErrorMitigation
import CommandParsing
import Files
import QuantumCircuits

/// `sqsnn neuron extrapolate FILE`: values at several scales of the noise, extrapolated to none.
struct NeuronExtrapolateCommand: Command {
    static let description = CommandDescription(
        name: "extrapolate", summary: "Extrapolate measured values to zero noise.",
        discussion: """
            The file holds {"cases": [{"scale_factors": [1, 3, 5], "values": [0.71, 0.67, 0.63]}]}, the noise of the \
            device itself being scale 1; "standard_errors" of the values may stand beside them. The answer has, for each \
            case, the value at scale 0 by a line, a parabola, the polynomial through all points (Richardson), and \
            exponentials with and without a given asymptote, as Mitiq defines them. ± is one standard deviation: from \
            the errors of the values where they are given, else from the residuals where there are more points than \
            parameters. An estimate in which errors of the values grow more than a thousandfold says so; one in which nothing \
            but rounding errors would be left is refused.
            """,
        examples: [
            Example("sqsnn neuron extrapolate measured.json", "Prints the value by each model."),
            Example("sqsnn neuron extrapolate measured.json --json", "The same for a program."),
        ])
    static let arguments: [ArgumentDescription] = [
        .option(
            name: "asymptote", value: "A",
            help:
                "Where the exponential with a given asymptote ends; 0.5 is a qubit that has lost everything.",
            default: "0.5"),
        .flag(
            name: "json",
            help:
                "Print one JSON object: cases with a number for each model, unmitigated, points, standard_errors, error_amplification, refused."
        ),
        .positional(
            name: "file", help: "JSON file with cases of scale_factors and values; - for standard input."),
    ]

    private let file: String
    private let asymptote: Double
    private let isJSON: Bool

    init(_ arguments: ParsedArguments) throws {
        file = try arguments.positional("file")
        asymptote = try arguments.number("asymptote", in: -1...1) ?? 0.5
        isJSON = arguments.flag("json")
    }

    func run(_ terminal: Terminal) async throws {
        let results = try ExtrapolationFile.load(path: file)
            .results(ZeroNoiseExtrapolation.Model.usual(asymptote: asymptote), path: file)
        if isJSON { return try terminal.writeJSON(results) }
        for (index, result) in results.cases.enumerated() {
            let extrapolation = result.extrapolation
            terminal.write(
                "case \(index): \(extrapolation.values.count) points, "
                    + "unmitigated \(Self.text(extrapolation.unmitigated))")
            for estimate in result.estimates {
                let error = estimate.standardError.map { " ± \(Self.text($0))" } ?? ""
                let warning =
                    estimate.amplification > 1000
                    ? String(printf: "  (errors of the values grow up to %.1e times)", estimate.amplification)
                    : ""
                terminal.write(
                    "  \(estimate.model.name.padded(to: 25))  \(Self.text(estimate.value))\(error)\(warning)")
            }
            for refusal in result.refusals {
                terminal.write("  \(refusal.model.name.padded(to: 25))  refused: \(refusal.reason)")
            }
        }
    }

    private static func text(_ value: Double) -> String { String(printf: "%.6f", value) }
}
