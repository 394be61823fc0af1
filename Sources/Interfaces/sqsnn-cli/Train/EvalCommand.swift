import CommandParsing
import DeviceNoise
import FoundationEssentials
import Networks
import Runs
import SpikeDatasets
import TrainingOptions

/// `sqsnn eval RUN`: measures a trained network.
struct EvalCommand: Command {
    static let description = CommandDescription(
        name: "eval", summary: "Measure a trained network.",
        discussion: """
            Classifies the test images of the run's data set, or the training images that the run held out for validation, in single-shot passes, each with random numbers of its \
            own, and prints accuracy, spikes and the confusion matrix, which is summed over all passes. The run's folder is \
            not changed. With --noise, the network runs on another device than the one it was trained on; with --dataset, \
            it classifies the test images of another data set, of the same shape and as many classes.
            """,
        examples: [
            Example("sqsnn eval runs/fashion-mnist-sqs-1", "Five passes over the test images."),
            Example(
                "sqsnn eval runs/fashion-mnist-sqs-1 --noise eagle --noise-scale 5",
                "A network trained without noise on a noisy device."),
            Example("sqsnn eval runs/mnist-sqs-1 --dataset kmnist", "Digits' network, shown hiragana."),
            Example(
                "sqsnn eval runs/held-out --split test",
                "The test images, of a run that held training images out."),
            Example("sqsnn eval runs/paper --repetitions 20 --json", "Twenty passes, for a program."),
        ])
    static let arguments: [ArgumentDescription] = [
        .positional(name: "run", help: "Folder of the run."),
        .option(
            name: "dataset", value: "NAME", help: "Another data set, as in 'sqsnn data list'.",
            default: "the run's own"),
        .option(
            name: "split", value: "test|validation",
            help: "Test images, or the training images that the run held out.",
            default: "validation where the run has some, else test"),
        .option(
            name: "repetitions", value: "R", help: "Passes over the images, 1 to 1000.",
            default: "\(RunText.evaluationCount)"),
        .option(
            name: "noise", value: "NAME|FILE|none",
            help: "Noise of a device: eagle, a device file, or none at all.", default: "the run's own"),
        NoiseOptions.scale,
        PrecisionOption.argument(default: "the run's own"),
        .option(
            name: "threads", value: "K", help: "Threads; without effect on the result.",
            default: "one for each core"),
        .flag(name: "json", help: "Print the result as one JSON object."),
    ]

    private let folder: RunFolder
    /// Nil for that of the run.
    private let dataset: CatalogEntry?
    /// Nil for what the run is measured on itself.
    private let part: MeasuredImages?
    private let repetitions: Int
    /// Nil for that of the run.
    private let device: Device?
    /// Nil for that of the run.
    private let precision: SumPrecision?
    private let threads: Int
    private let isJSON: Bool

    /// What the network runs on instead of its own device.
    private enum Device {
        case noiseless
        case noisy(RunConfiguration.DeviceNoise)

        var noise: RunConfiguration.DeviceNoise? {
            if case .noisy(let noise) = self { noise } else { nil }
        }
    }

    init(_ arguments: ParsedArguments) throws {
        folder = RunFolder(path: try arguments.positional("run"))
        dataset = try arguments.string("dataset").map { try DatasetCatalog.entry(named: $0) }
        part = try arguments.choice("split", of: MeasuredImages.self)
        if let dataset, part == .validation {
            throw UsageError.contradiction(
                "--split validation beside --dataset \(dataset.name), of which the run held nothing out")
        }
        repetitions = try arguments.integer("repetitions", in: 1...1000) ?? RunText.evaluationCount
        if arguments.string("noise") == "none" {
            try NoiseOptions.refuseScale(arguments)
            device = .noiseless
        } else {
            device = try NoiseOptions.noise(arguments).map { .noisy($0) }
        }
        precision = try PrecisionOption.value(arguments)
        threads =
            try arguments.integer("threads", in: 1...1024) ?? ProcessInfo.processInfo.activeProcessorCount
        isJSON = arguments.flag("json")
    }

    func run(_ terminal: Terminal) async throws {
        let configuration = try folder.configuration()
        let data = try await configuration.loadData()
        let run = try TrainingRun(reading: folder, data: data, threads: threads)
        if let epoch = run.divergedEpoch {
            terminal.writeError(
                "sqsnn eval: \(folder.path): the run diverged in epoch \(epoch); measured is what was kept, the state after "
                    + "epoch \(run.trainer.progress.epoch)")
        }
        let other = try await dataset?.load(
            configuration.input, stepCount: configuration.recipe.stepCount
        ).test
        let summary =
            try device.map {
                try run.evaluate(
                    repetitions: repetitions, on: part, of: other, precision: precision, under: $0.noise)
            } ?? run.evaluate(repetitions: repetitions, on: part, of: other, precision: precision)
        if isJSON { return try terminal.writeJSON(summary) }
        terminal.write(RunText.result(summary))
        for line in RunText.confusion(summary, classNames: (other ?? data.test).classNames) {
            terminal.write(line)
        }
    }
}
