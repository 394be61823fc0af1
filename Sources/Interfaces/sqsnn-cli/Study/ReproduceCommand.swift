import DeviceNoise
import CommandParsing
import Figures
import LocalLearning
import QuantumBackends
import QuantumCircuits
import Reproduction
import Runs

/// `sqsnn reproduce`: figures of the paper.
struct ReproduceCommand: CommandGroup {
    static let description = CommandDescription(
        name: "reproduce", summary: "Reproduce the figures of the paper, and judge its claims.",
        examples: [
            Example("sqsnn reproduce all --scale smoke", "Everything, for a look."),
            Example("sqsnn reproduce fig2b", "The local rule on a noisy device, with mitigation."),
        ],
        subcommands: [
            ReproduceAllCommand.self, ReproduceClaimsCommand.self,
            ReproduceFig2aCommand.self, ReproduceFig2bCommand.self, ReproduceFig2cCommand.self,
            ReproduceFig2dCommand.self,
            ReproduceFigS2Command.self, ReproduceControlsCommand.self,
        ])
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

/// Both panels differ in the mitigation, the pairs and the references only.
extension Figure2 {
    private static let (iterationCount, seedCount) = (40, 24)
    private static let (circuitName, batchSize) = ("memory-controlled", 1)
    private var output: String { "runs/\(rawValue)" }

    fileprivate var description: CommandDescription {
        let (with, references) =
            self == .unmitigated
            ? ("without mitigation", "")
            : (
                "with zero-noise extrapolation",
                "References without noise: the ideal local rule, surrogate gradients. "
            )
        return CommandDescription(
            name: rawValue,
            summary: "Fig. 2(\(rawValue.suffix(1))): the local rule on a noisy device, \(with).",
            discussion: """
                Test accuracy against iterations, USPS digits 1 against 7, 500 training and 125 test images: one layer of two \
                output neurons, T = 10, M_som = 1, M_p = 5, and the paper's pairs of passes M and perturbations M_syn. An \
                iteration is one update of all parameters from one batch. \(references)Accuracy is that of \
                \(LearningCurve.repetitions) single-shot passes. Bands are 95 % intervals over the seeds, which do not cover \
                the choice of the test images; the table says what that adds. Estimator conditional needs a memory held in a \
                given state, which no device can do; postselected is what a device can do, memoryless what the authors' program does. \
                Every run is kept in the folder: Ctrl-C stops, the same command goes on.
                """,
            examples: [
                Example("sqsnn reproduce \(rawValue)", "The figure, its numbers as CSV and JSON."),
                Example(
                    "sqsnn reproduce \(rawValue) --batch 100 --ansatz exchange --output runs/wide",
                    "Large batches, a circuit that remembers inputs."),
                Example(
                    "sqsnn reproduce \(rawValue) --seeds 2 --iterations 10 --output runs/quick",
                    "Roughly, in seconds."),
            ])
    }

    fileprivate static func arguments(_ figure: Figure2) -> [ArgumentDescription] {
        let pairs = figure.pairs.map { "\($0.passes):\($0.perturbations)" }.joined(separator: ",")
        let mitigation: [ArgumentDescription] =
            figure == .unmitigated
            ? []
            : [
                .option(
                    name: "mitigation", value: "zne-linear|zne-richardson",
                    help:
                        "A line through 1 and 3 times the circuit's length, or Richardson's through 1, 2 and 3.",
                    default: "zne-richardson, Mitiq's own default")
            ]
        return [
            .option(
                name: "pairs", value: "M:M_SYN[,…]", help: "Passes and perturbations of the curves.",
                default: pairs),
            .option(
                name: "batch", value: "B", help: "Images of an iteration, 1 to 500.", default: "\(batchSize)"),
            .option(
                name: "estimator", value: "conditional|postselected|memoryless",
                help: "How a neuron finds its gradient.", default: "conditional; on a backend postselected"),
            .option(
                name: "ansatz", value: "NAME|FILE",
                help: "Circuit of the neurons: catalogue name or JSON gate list.", default: circuitName),
            .option(
                name: "device", value: "NAME|FILE", help: "Device whose noise the neurons have.",
                default: "eagle"),
            .option(
                name: "noise-scale", value: "F", help: "That noise F times as strong.", default: "1"),
            .option(
                name: "backend", value: "NAME",
                help:
                    "Where circuits run, as 'sqsnn backend list' names it; accuracies are simulated without noise.",
                default: "simulated here", suggestions: BackendCatalogue.names),
        ] + mitigation
            + CurveOptions.arguments(iterations: iterationCount, seeds: seedCount, output: figure.output)
    }

    fileprivate func options(_ arguments: ParsedArguments) throws -> CurveOptions {
        let settings = Settings(
            pairs: try chosenPairs(arguments),
            circuit: try Ansatz.load(arguments.string("ansatz", default: Self.circuitName)).circuit(),
            estimator: try estimator(arguments),
            batchSize: try arguments.integer("batch", in: 1...500) ?? Self.batchSize,
            mitigation: try mitigation(arguments),
            device: try device(arguments))
        let panel =
            self == .mitigated ? "Fig. 2(b), \(settings.mitigation.rawValue)" : "Fig. 2(a), no mitigation"
        return try CurveOptions(
            arguments, command: "sqsnn reproduce \(rawValue)", name: rawValue,
            title: "\(panel): \(settings.estimator.rawValue), batch \(settings.batchSize), "
                + "\(settings.circuit.name), \(settings.device.name)",
            curves: curves(settings), iterations: Self.iterationCount, seeds: Self.seedCount, output: output,
            formats: FigureFormat.allCases)
    }

    private func chosenPairs(_ arguments: ParsedArguments) throws -> [Pair] {
        guard let list = arguments.string("pairs") else { return pairs }
        let chosen = list.split(separator: ",", omittingEmptySubsequences: false).map { word -> Pair? in
            let numbers = word.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
            guard numbers.count == 2, let passes = numbers[0], let perturbations = numbers[1],
                LocalRule.passCounts.contains(passes), LocalRule.perturbationCounts.contains(perturbations)
            else { return nil }
            return Pair(passes: passes, perturbations: perturbations)
        }
        let known = chosen.compactMap(\.self)
        guard known.count == chosen.count, Set(known).count == known.count else {
            throw UsageError.invalidValue(
                argument: "--pairs", found: list,
                expected: "different pairs M:M_SYN with commas between, such as 1:1,5:5")
        }
        return known
    }

    private func device(_ arguments: ParsedArguments) throws -> Device {
        guard let name = arguments.string("backend") else {
            return .simulated(
                try RunConfiguration.DeviceNoise(
                    loading: arguments.string("device", default: "eagle"),
                    scale: arguments.number("noise-scale", in: 0...NoiseModel.maximumScale) ?? 1))
        }
        for option in ["device", "noise-scale"] where arguments.string(option) != nil {
            throw UsageError.contradiction(
                "--\(option) with --backend, which has its own noise; leave one out")
        }
        return .backend(name)
    }

    private func estimator(_ arguments: ParsedArguments) throws -> GradientEstimator {
        let isOnBackend = arguments.string("backend") != nil
        let estimator =
            try arguments.choice("estimator", of: GradientEstimator.self)
            ?? (isOnBackend ? .postselected : .conditional)
        if isOnBackend, estimator == .conditional {
            throw UsageError.contradiction(
                "--estimator conditional with --backend: no backend holds a memory in a given state; expected postselected or memoryless"
            )
        }
        guard estimator != .exact else {
            throw UsageError.invalidValue(
                argument: "--estimator", found: "exact",
                expected:
                    "conditional, postselected or memoryless, which make shots; fig2b has the ideal rule beside them"
            )
        }
        return estimator
    }

    private func mitigation(_ arguments: ParsedArguments) throws -> ShotMitigation {
        guard self == .mitigated else { return .none }
        let mitigation = try arguments.choice("mitigation", of: ShotMitigation.self) ?? .richardson
        guard mitigation != .none else {
            throw UsageError.invalidValue(
                argument: "--mitigation", found: "none",
                expected: "zne-linear or zne-richardson; fig2a is without")
        }
        return mitigation
    }
}
