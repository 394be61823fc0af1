import CommandParsing
import Files
import Glibc
import SpikeTrainFits
import Studies

/// `sqsnn spikes fit`: models of a spike train, judged on spikes that they were not fitted to.
struct SpikesFitCommand: Command {
    static let description = CommandDescription(
        name: "fit", summary: "Fit neurons to a spike train, and judge them on other spikes.",
        discussion: """
            Maximises the likelihood of the spikes given all before them, (13)-(18) of arXiv:2506.21324. Without --input one neuron at \
            constant current is fitted exactly to the intervals; with --input, and with --hidden neurons, by gradients through time. The \
            models are those of sqsnn study memory; hidden-states-K are then classical states that a spike puts back. Fits are judged on \
            the last part of the train, or on --test, by how much likelier they make it than a spike at each step with one probability. \
            Each is written to --output as MODEL.json, for sqsnn spikes generate.

            FILE has a spike time a line, ascending; --input a time and a value a line; lines with # are comments. Times are in one unit, \
            of which a step has --step.
            """,
        examples: [
            Example("sqsnn spikes fit clock.txt --models exchange,hidden-states-4", "A train in steps."),
            Example(
                "sqsnn spikes fit spikes.txt --step 1000 --input sound.txt --lags 0,2,4,6,8,10",
                "A driven neuron, in microseconds."),
        ])
    static let arguments: [ArgumentDescription] = [
        .positional(name: "file", help: "Spike times of the train."),
        .option(name: "step", value: "WIDTH", help: "Width of a step, in the file's unit.", default: "1"),
        .option(
            name: "models", value: "NAME[,NAME…]", help: "Models.",
            default: standardModels.joined(separator: ",")),
        .option(name: "input", value: "FILE", help: "What the neuron was given, over time."),
        .option(
            name: "lags", value: "STEPS[,STEPS…]", help: "Delays at which the input is given.", default: "0"),
        .option(name: "hidden", value: "COUNT", help: "Neurons between input and output.", default: "0"),
        .option(
            name: "held-out", value: "SHARE", help: "Share of the steps, at the end, that judge.",
            default: "0.3"),
        .option(name: "test", value: "FILE", help: "Spike times of a train that judges, in place of it."),
        .option(name: "test-input", value: "FILE", help: "Its input."),
        .option(name: "epochs", value: "COUNT", help: "Of a training by gradients.", default: "150"),
        .option(name: "seed", value: "SEED", help: "Of beginnings and hidden spikes.", default: "1"),
        .option(name: "output", value: "DIR", help: "Folder of the models.", default: "spike-fits"),
        .flag(name: "json", help: "Print one JSON object: a row a model."),
    ]

    private static let standardModels = ["exchange", "two-way", "hidden-states-2", "hidden-states-4"]

    private let train: SpikeTrain
    private let test: SpikeTrain
    private let width: Double
    private let models: [CandidateModel]
    private let fit: SpikeTrainFit
    private let output: String
    private let isJSON: Bool

    init(_ arguments: ParsedArguments) throws {
        width = try arguments.number("step", in: 1e-12...1e12) ?? 1
        models =
            try arguments.list("models") { try CandidateModel.named($0) }
            ?? Self.standardModels.map { try CandidateModel.named($0) }
        var fit = SpikeTrainFit()
        fit.hiddenCount = try arguments.integer("hidden", in: 0...256) ?? 0
        fit.epochCount = try arguments.integer("epochs", in: 1...100_000) ?? fit.epochCount
        fit.seed = UInt64(try arguments.integer("seed", in: 0...Int.max) ?? 1)
        fit.lags = try arguments.integers("lags", in: 0...10_000) ?? [0]
        self.fit = fit
        let testPath = arguments.string("test")
        guard testPath == nil || !arguments.isGiven("held-out") else {
            throw UsageError.contradiction("--held-out beside --test, which judges in its place")
        }
        guard testPath == nil || arguments.isGiven("test-input") == arguments.isGiven("input") else {
            throw UsageError.contradiction(
                "--test with --input, without --test-input, or the other way round")
        }
        let path = try arguments.positional("file")
        let whole = try Self.read(path, input: arguments.string("input"), width: width)
        if let testPath {
            train = whole
            test = try Self.read(testPath, input: arguments.string("test-input"), width: width)
        } else {
            let share = try arguments.number("held-out", in: 0.01...0.9) ?? 0.3
            let cut = Int((Double(whole.stepCount) * (1 - share)).rounded())
            train = try whole.part(0..<cut)
            test = try whole.part(cut..<whole.stepCount)
        }
        output = try arguments.folder("output") ?? "spike-fits"
        isJSON = arguments.flag("json")
    }

    private static func read(_ path: String, input: String?, width: Double) throws -> SpikeTrain {
        let spikes = try SpikeTimesFile.read(path, width: width)
        return try SpikeTrain(
            spikes: spikes,
            inputs: try input.map {
                [try SpikeTimesFile.readInput($0, width: width, stepCount: spikes.count)]
            } ?? [])
    }

    private struct Row: Encodable {
        let model: String
        let numbers: Int
        let fitted: SpikeTrainScore
        let judged: SpikeTrainScore
        let file: String
    }

    private struct Report: Encodable {
        let trainingSpikes: Int
        let trainingSteps: Int
        let testSpikes: Int
        let testSteps: Int
        let rows: [Row]
    }

    func run(_ terminal: Terminal) async throws {
        try Folder.make(output)
        var rows: [Row] = []
        for model in models {
            if terminal.isErrorInteractive { terminal.writeError("Fitting \(model.name) …") }
            guard
                let found = try await Interrupt.whileListening({
                    try fit.fit(model.neuron, to: train, stepWidth: width) { Interrupt.isRequested }
                })
            else { break }
            let path = "\(output)/\(model.name).json"
            try found.write(to: path)
            let rate = Double(train.spikeCount) / Double(train.stepCount)
            func score(_ train: SpikeTrain) throws -> SpikeTrainScore {
                SpikeTrainScore(
                    train, logLikelihoods: try found.logLikelihoods(of: train, seed: fit.seed), rate: rate,
                    comparisons: models.count)
            }
            rows.append(
                Row(
                    model: model.name, numbers: found.network.parameterCount, fitted: try score(train),
                    judged: try score(test), file: path))
        }
        terminal.write(
            "Fitted to \(train.spikeCount) spikes in \(train.stepCount) steps, judged by \(test.spikeCount) in \(test.stepCount)"
        )
        terminal.write(
            "Gain over a spike at each step with one probability, nats a spike; the \(models.count) intervals (±) hold together with 95 %"
        )
        let table =
            [["model", "numbers", "fitted", "judged", "±", "log p a spike"]]
            + rows.map { row in
                [
                    row.model, "\(row.numbers)", String(printf: "%.4f", row.fitted.gain.mean),
                    String(printf: "%.4f", row.judged.gain.mean),
                    String(printf: "%.4f", (row.judged.gain.high - row.judged.gain.low) / 2),
                    String(printf: "%.4f", row.judged.perSpike),
                ]
            }
        TextTable.numberLines(table).forEach(terminal.write)
        if isJSON {
            try terminal.writeJSON(
                Report(
                    trainingSpikes: train.spikeCount, trainingSteps: train.stepCount,
                    testSpikes: test.spikeCount, testSteps: test.stepCount, rows: rows))
        }
    }
}
