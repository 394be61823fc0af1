import CommandParsing
import Figures
import Learning
import Reproduction
import Runs
import SpikeDatasets
import Studies
import TrainingOptions

/// `sqsnn reproduce fig2c`
struct ReproduceFig2cCommand: RivalsCommand {
    static let figure = RivalsFigure.accuracyAndSpikes
    let call: RivalsCall
}

/// `sqsnn reproduce figS2`
struct ReproduceFigS2Command: RivalsCommand {
    static let figure = RivalsFigure.spikesPerNeuron
    let call: RivalsCall
}

/// `sqsnn reproduce controls`
struct ReproduceControlsCommand: RivalsCommand {
    static let figure = RivalsFigure.controls
    let call: RivalsCall
}

/// A command that draws one of the figures of rivals.
protocol RivalsCommand: Command {
    static var figure: RivalsFigure { get }
    var call: RivalsCall { get }
    init(call: RivalsCall)
}

extension RivalsCommand {
    static var description: CommandDescription { figure.description }
    static var arguments: [ArgumentDescription] { figure.arguments }

    init(_ arguments: ParsedArguments) throws { try self.init(call: RivalsCall(Self.figure, arguments)) }
    func run(_ terminal: Terminal) async throws { try await call.run(terminal) }
}

extension RivalsFigure {
    fileprivate static let (output, ansatzName) = ("runs/fig2c", "memory-controlled")

    private var heading: String {
        switch self {
        case .accuracyAndSpikes: "Fig. 2(c)"
        case .spikesPerNeuron: "Fig. S2"
        case .controls: "SQS neurons and controls"
        }
    }

    private var subject: String {
        self == .spikesPerNeuron ? "spikes a neuron and step" : "accuracy and spikes a step"
    }

    fileprivate var title: String { "\(heading): \(subject), T = \(Self.stepCount)" }

    fileprivate var description: CommandDescription { self == .controls ? ofControls : ofRivals }

    private var ofControls: CommandDescription {
        CommandDescription(
            name: rawValue, summary: "What the quantum memory of Fig. 2(c) is worth: the same without it.",
            discussion: """
                \(Self.hiddenCount) hidden SQS neurons, T = \(Self.stepCount), beside as many whose memory is put back at every step, and as many \
                classical ones that are fed back their last spike: what the paper's program computes. All by the same recipe, that of the SQS \
                neurons in Fig. 2(c), whose runs are taken from its folder. Ctrl-C stops, the same command goes on.
                """,
            examples: [
                Example("sqsnn reproduce controls", "The figure, its numbers as CSV and JSON."),
                Example(
                    "sqsnn reproduce controls --seeds 2 --datasets fashion-mnist --epochs 1 --limit 5000 --output runs/quick",
                    "Roughly, in a minute."),
            ])
    }

    private var ofRivals: CommandDescription {
        CommandDescription(
            name: rawValue, summary: "\(heading): models with as many parameters, \(subject).",
            discussion: """
                \(Self.hiddenCount) hidden SQS neurons, T = \(Self.stepCount), and rivals whose hidden layer is as wide as makes their \
                trainable numbers as many, each trained by the recipe of the paper's program (paper) and by the best that was found for it \
                (best). Of KMNIST only a part is to be had, kmnist-8k2k: its 10,000 test images, divided anew. Tables and files tell what \
                'sqsnn compare' tells. fig2c and figS2 are of the same runs: what one has trained the other takes from the folder. Ctrl-C \
                stops, the same command goes on.
                """,
            examples: [
                Example(
                    "sqsnn reproduce \(rawValue)",
                    "The figure, its numbers as CSV and JSON; some three hours of two cores."),
                Example(
                    "sqsnn reproduce \(rawValue) --seeds 2 --datasets fashion-mnist --epochs 1 --limit 5000 --output runs/quick",
                    "Roughly, in a minute."),
            ])
    }

    fileprivate var arguments: [ArgumentDescription] {
        [
            .option(
                name: "datasets", value: "NAME[,NAME…]", help: "Data sets.",
                default: Self.datasets.joined(separator: ","), suggestions: DatasetCatalog.names),
            .option(
                name: "recipes", value: Training.allCases.map(\.rawValue).joined(separator: ","),
                help: "How the models are trained: by the paper's recipe, by the best of each, or both.",
                default: trainings.map(\.rawValue).joined(separator: ",")),
            .option(
                name: "ansatz", value: "NAME|FILE",
                help: "Circuit of the SQS neurons under the paper's recipe.", default: Self.ansatzName),
        ] + ComparisonOptions.shortening(of: "images")
            + ComparisonOptions.arguments(seeds: "\(Self.seedCount)", output: Self.output)
    }
}

/// A call of one of the commands.
struct RivalsCall {
    private let figure: RivalsFigure
    private let comparison: Comparison
    private let options: ComparisonOptions

    init(_ figure: RivalsFigure, _ arguments: ParsedArguments) throws {
        self.figure = figure
        options = try ComparisonOptions(arguments, output: RivalsFigure.output)
        let datasets =
            try arguments.list("datasets") { try DatasetCatalog.entry(named: $0).name }
            ?? RivalsFigure.datasets
        let trainings = try arguments.list("recipes") { word in
            guard let training = RivalsFigure.Training(rawValue: word) else {
                throw UsageError.invalidValue(
                    argument: "--recipes", found: word,
                    expected: "paper or best, or both with a comma between")
            }
            return training
        }
        comparison = try Comparison(
            name: figure.rawValue,
            entries: figure.entries(
                trainings ?? figure.trainings,
                ansatz: arguments.string("ansatz", default: RivalsFigure.ansatzName),
                changes: ComparisonOptions.changes(arguments)),
            datasets: ComparisonOptions.datasets(datasets),
            seedCount: options.seedCount ?? RivalsFigure.seedCount,
            repetitions: options.repetitions ?? ComparisonOptions.repetitionCount
        ) { try RunOptions(named: $0).configuration() }
    }

    func run(_ terminal: Terminal) async throws {
        try await options.run(
            comparison, command: "sqsnn reproduce \(figure.rawValue)", formats: FigureFormat.allCases,
            terminal
        ) { report in
            let title = "\(figure.title), \(report.seeds) runs"
            return [
                figure == .spikesPerNeuron
                    ? ComparisonFigures.spikesPerNeuron(report, name: report.name, title: title)
                    : ComparisonFigures.accuracyAndSpikes(report, name: report.name, title: title)
            ]
        }
    }
}
