import CommandParsing
import DeviceNoise
import Figures
import Files
import FoundationEssentials
import Neurons
import QuantumCircuits
import Runs
import SpikeDatasets
import Studies

/// `sqsnn study noise`: accuracy against the strength of a device's noise.
struct StudyNoiseCommand: Command {
    static let description = CommandDescription(
        name: "noise", summary: "Train networks on a noisy device, and plot accuracy against its noise.",
        discussion: """
            Trains a network under a device's noise at several strengths, and one without noise that is then measured at the \
            same strengths. Each network is a run in a folder of its own within --output: Ctrl-C saves, the same command \
            goes on, and more scales can be added later.
            """,
        examples: [
            Example("sqsnn study noise", "The table and its figure, 784-200-10 with two memory qubits."),
            Example(
                "sqsnn study noise --scales 0,10 --limit 2000 --epochs 2 --output runs/quick",
                "Two points, roughly, in a minute."),
        ])
    static let arguments: [ArgumentDescription] = [
        .option(
            name: "noise", value: "NAME|FILE", help: "Noise of a device: eagle, or a device file.",
            default: "eagle"),
        .option(
            name: "scales", value: "F[,F…]", help: "Factors on that noise, ascending.",
            default: standardScales.map { String(printf: "%g", $0) }.joined(separator: ",")),
        .option(
            name: "dataset", value: "NAME", help: "Data set; see 'sqsnn data list'.",
            default: "fashion-mnist",
            suggestions: DatasetCatalog.names
        ),
        .option(name: "limit", value: "N", help: "Train on the first N images only.", default: "10000"),
        .option(
            name: "ansatz", value: "NAME|FILE",
            help: "Circuit of the neuron: catalogue name or JSON gate list.", default: "exchange"),
        .option(
            name: "memory-qubits", value: "M", help: "Memory qubits of each neuron, 0 to 6.", default: "2"),
        .option(name: "hidden", value: "N", help: "Neurons of the hidden layer.", default: "200"),
        .option(name: "epochs", value: "E", help: "Epochs, 1 to 30000.", default: "8"),
        .option(name: "seed", value: "SEED", help: "Seed of all random numbers.", default: "1"),
        .option(
            name: "repetitions", value: "R", help: "Passes over the test images, 1 to 1000.",
            default: "\(RunText.evaluationCount)"),
        .option(
            name: "threads", value: "K", help: "Threads; without effect on the result.",
            default: "one for each core"),
        .option(name: "output", value: "DIR", help: "Folder of the study.", default: "runs/noise-study"),
        .flag(name: "json", help: "Print one JSON object: points with accuracies."),
    ]

    private static let standardScales: [Double] = [0, 1, 2, 5, 10, 20]

    private let study: NoiseStudy
    private let repetitions: Int
    private let threads: Int
    private let isJSON: Bool

    init(_ arguments: ParsedArguments) throws {
        var recipe = Recipe.standard
        recipe.neuronsPerClass = 1
        recipe.hiddenCounts = [try arguments.integer("hidden", in: Recipe.layerSizes) ?? 200]
        recipe.epochCount = try arguments.integer("epochs", in: Recipe.epochCounts) ?? 8
        let circuit = try Ansatz.load(arguments.string("ansatz", default: "exchange"))
            .circuit(ioQubits: 1, memoryQubits: arguments.integer("memory-qubits", in: 0...6) ?? 2)
        let dataset = try DatasetCatalog.entry(
            named: arguments.string("dataset", default: "fashion-mnist"))
        let configuration = RunConfiguration(
            dataset: dataset.name,
            trainingLimit: try arguments.integer("limit", in: 1...Int.max) ?? 10_000, neuron: SQS(circuit),
            seed: UInt64(try arguments.integer("seed", in: 0...Int.max) ?? 1), recipe: recipe)
        study = try NoiseStudy(
            configuration, device: arguments.string("noise", default: "eagle"),
            scales: try Self.scales(arguments),
            path: try arguments.folder("output") ?? "runs/noise-study")
        repetitions = try arguments.integer("repetitions", in: 1...1000) ?? RunText.evaluationCount
        threads =
            try arguments.integer("threads", in: 1...1024) ?? ProcessInfo.processInfo.activeProcessorCount
        isJSON = arguments.flag("json")
    }

    private static func scales(_ arguments: ParsedArguments) throws -> [Double] {
        guard let scales = try arguments.differentNumbers("scales") else { return standardScales }
        let isAscending = zip(scales, scales.dropFirst()).allSatisfy { $0 < $1 }
        guard isAscending, scales.allSatisfy((0...NoiseModel.maximumScale).contains) else {
            throw UsageError.invalidValue(
                argument: "--scales", found: arguments.string("scales", default: ""),
                expected: "ascending numbers from 0 to \(Int(NoiseModel.maximumScale)) with commas between")
        }
        return scales
    }

    func run(_ terminal: Terminal) async throws {
        let data = try await study.configuration.loadData()
        let report = try await Interrupt.whileListening {
            try study.run(
                data: data, threads: threads, repetitions: repetitions,
                isInterrupted: { Interrupt.isRequested }
            ) { run in
                terminal.write(RunText.heading(run))
                return try !TrainingLoop.train(&run, terminal)
            }
        }
        guard let report else {
            terminal.write("Stopped. The same command goes on.")
            return
        }
        TextTable.numberLines(rows(report)).forEach(terminal.write)
        // The runs are safe; the same command draws the figure later.
        FigureFiles.draw(figure(report), folder: study.path, command: "sqsnn study noise", terminal)
        if isJSON { try terminal.writeJSON(report) }
    }

    private func rows(_ report: NoiseStudy.Report) -> [[String]] {
        let heading = ["noise", "trained with it (%)", "trained without (%)", "spikes a step", "s an epoch"]
        func text(_ accuracy: RunSummary.Accuracy) -> String {
            RunText.percent(accuracy)
        }
        let body = report.points.map { point in
            [
                "\(report.device) × \(String(printf: "%g", point.scale))", text(point.trained),
                text(point.transferred), String(printf: "%.1f", point.spikesPerStep),
                String(printf: "%.1f", point.secondsPerEpoch),
            ]
        }
        return [heading] + body
    }

    private func figure(_ report: NoiseStudy.Report) -> CurveFigure {
        func curve(_ name: String, _ accuracy: KeyPath<NoiseStudy.Point, RunSummary.Accuracy>)
            -> CurveFigure.Curve
        {
            CurveFigure.Curve(
                name: name,
                points: report.points.map { point in
                    let mean = point[keyPath: accuracy].mean
                    // One pass has no deviation.
                    let deviation: Double? =
                        repetitions > 1 ? point[keyPath: accuracy].standardDeviation : nil
                    return CurveFigure.Point(
                        x: point.scale, y: 100 * mean,
                        band: deviation.map { 100 * (mean - $0)...100 * (mean + $0) })
                })
        }
        let sizes = study.configuration.recipe.hiddenCounts.map(String.init).joined(separator: "-")
        return CurveFigure(
            name: "noise",
            title: "\(report.dataset) under noise: \(sizes) \(report.ansatz) neurons, "
                + "\(report.memoryQubits) memory qubit\(report.memoryQubits == 1 ? "" : "s")",
            xLabel: "times the noise of \(report.device)",
            yLabel: "test accuracy (%)"
                + (repetitions > 1 ? ", bars: ± standard deviation of \(repetitions) passes" : ", one pass"),
            intervals: .bars,
            curves: [curve("trained with noise", \.trained), curve("trained without", \.transferred)])
    }
}
