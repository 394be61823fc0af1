import CommandParsing
import Figures
import Learning
import Reproduction
import Runs
import SpikeDatasets
import Studies

/// `sqsnn reproduce fig2c`
struct ReproduceFig2cCommand: Command {
    static let description = RivalsFigure.accuracyAndSpikes.description
    static let arguments = RivalsFigure.arguments
    private let call: RivalsCall

    init(_ arguments: ParsedArguments) throws { call = try RivalsCall(.accuracyAndSpikes, arguments) }
    func run(_ terminal: Terminal) async throws { try await call.run(terminal) }
}

/// `sqsnn reproduce figS2`
struct ReproduceFigS2Command: Command {
    static let description = RivalsFigure.spikesPerNeuron.description
    static let arguments = RivalsFigure.arguments
    private let call: RivalsCall

    init(_ arguments: ParsedArguments) throws { call = try RivalsCall(.spikesPerNeuron, arguments) }
    func run(_ terminal: Terminal) async throws { try await call.run(terminal) }
}

/// Both figures differ in what they show of the same runs.
extension RivalsFigure {
    fileprivate static let (output, ansatzName) = ("runs/fig2c", "memory-controlled")

    private var heading: String { self == .accuracyAndSpikes ? "Fig. 2(c)" : "Fig. S2" }
    private var subject: String {
        self == .accuracyAndSpikes ? "accuracy and spikes a step" : "spikes a neuron and step"
    }

    fileprivate var title: String { "\(heading): \(subject), T = \(Self.stepCount)" }

    fileprivate var description: CommandDescription {
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

    fileprivate static let arguments: [ArgumentDescription] =
        [
            .option(
                name: "datasets", value: "NAME[,NAME…]", help: "Data sets.",
                default: datasets.joined(separator: ","), suggestions: DatasetCatalog.names),
            .option(
                name: "recipes", value: Training.allCases.map(\.rawValue).joined(separator: ","),
                help: "How the models are trained: by the paper's recipe, by the best of each, or both.",
                default: Training.allCases.map(\.rawValue).joined(separator: ",")),
            .option(
                name: "ansatz", value: "NAME|FILE",
                help: "Circuit of the SQS neurons under the paper's recipe.", default: ansatzName),
        ] + ComparisonOptions.shortening(of: "images")
        + ComparisonOptions.arguments(seeds: "\(seedCount)", output: output)
}

/// A call of one of the two commands.
private struct RivalsCall {
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
            entries: RivalsFigure.entries(
                trainings ?? RivalsFigure.Training.allCases,
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
                figure == .accuracyAndSpikes
                    ? ComparisonFigures.accuracyAndSpikes(report, name: report.name, title: title)
                    : ComparisonFigures.spikesPerNeuron(report, name: report.name, title: title)
            ]
        }
    }
}
