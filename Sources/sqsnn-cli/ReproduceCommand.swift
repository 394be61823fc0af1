import CommandParsing
import Reproduction
import SpikeLearning

/// `sqsnn reproduce`: figures of the paper.
struct ReproduceCommand: CommandGroup {
    static let description = CommandDescription(
        name: "reproduce", summary: "Reproduce a figure of the paper.",
        examples: [Example("sqsnn reproduce fig2b", "The local rule on a noisy device, with mitigation.")],
        subcommands: [ReproduceFig2aCommand.self, ReproduceFig2bCommand.self])
}

/// `sqsnn reproduce fig2a`
struct ReproduceFig2aCommand: Command {
    static let description = Figure2.unmitigated.description
    static let arguments = Figure2.arguments(.unmitigated)
    private let options: CurveOptions

    init(_ arguments: ParsedArguments) throws { options = try Figure2.unmitigated.options(arguments) }
    func run(_ terminal: Terminal) async throws { try await options.run(terminal) }
}

/// `sqsnn reproduce fig2b`
struct ReproduceFig2bCommand: Command {
    static let description = Figure2.mitigated.description
    static let arguments = Figure2.arguments(.mitigated)
    private let options: CurveOptions

    init(_ arguments: ParsedArguments) throws { options = try Figure2.mitigated.options(arguments) }
    func run(_ terminal: Terminal) async throws { try await options.run(terminal) }
}

/// Both panels differ in the mitigation only.
extension Figure2 {
    private static let iterationCount = 40
    private var output: String { "runs/\(rawValue)" }

    fileprivate var description: CommandDescription {
        let mitigation =
            self == .mitigated
            ? "Every frequency is extrapolated to zero noise from circuits as they are and three times as long. "
            : ""
        return CommandDescription(
            name: rawValue, summary: "\(title).",
            discussion: """
                Test accuracy against iterations, USPS digits 1 against 7, 500 training and 125 test images: one layer of two \
                output neurons, T = 10, M_som = 1, M_p = 5 and several numbers of passes M and perturbations M_syn. \
                \(mitigation)An iteration is one update of all parameters from one batch of 100 images; an epoch has five. \
                Accuracy is that of \(LearningCurve.repetitions) single-shot passes; bands are 95 % intervals over the seeds. \
                References without noise: the ideal local rule, surrogate gradients. Every run is kept in the folder: Ctrl-C \
                stops, the same command goes on.
                """,
            examples: [
                Example("sqsnn reproduce \(rawValue)", "The figure, its numbers as CSV and JSON."),
                Example(
                    "sqsnn reproduce \(rawValue) --seeds 2 --iterations 10 --output runs/quick",
                    "Roughly, in seconds."),
            ])
    }

    fileprivate static func arguments(_ figure: Figure2) -> [ArgumentDescription] {
        [
            .option(
                name: "device", value: "NAME|FILE", help: "Device whose noise the neurons have.",
                default: "eagle")
        ] + CurveOptions.arguments(iterations: iterationCount, output: figure.output)
    }

    fileprivate func options(_ arguments: ParsedArguments) throws -> CurveOptions {
        let device = try RunConfiguration.DeviceNoise(
            loading: arguments.string("device", default: "eagle"))
        return try CurveOptions(
            arguments, command: "sqsnn reproduce \(rawValue)", name: rawValue, title: title,
            curves: curves(on: device),
            iterations: Self.iterationCount, output: output)
    }
}
