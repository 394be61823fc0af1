import CommandParsing
import Compute
import Figures
import Files
import FoundationEssentials
import Runs
import SpikeDatasets
import Studies

/// What commands that compare models have in common: options, progress, tables, files, figures.
struct ComparisonOptions {
    static func arguments(seeds: String, output: String) -> [ArgumentDescription] {
        [
            .option(
                name: "seeds", value: "N", help: "Runs of each model on each data set, 1 to 1000.",
                default: seeds),
            .option(
                name: "repetitions", value: "R",
                help: "Single-shot passes of each run over the images that it is measured on, 1 to 1000.",
                default: "\(repetitionCount)"),
            .option(
                name: "parallel", value: "K",
                help: "Runs at a time, each on one thread; without effect on the results but for the times.",
                default: "one for each core"),
            .option(name: "output", value: "DIR", help: "Folder of the comparison.", default: output),
            .option(
                name: "figures", value: "DIR", help: "Folder of the figures.",
                default: "that of the comparison"),
            .flag(name: "json", help: "Print one JSON object: the report."),
        ]
    }

    static let repetitionCount = RunText.evaluationCount

    let seedCount: Int?
    let repetitions: Int?
    private let parallelCount: Int
    private let output: String
    private let figureFolder: String?
    private let isJSON: Bool

    init(_ arguments: ParsedArguments, output: String) throws {
        func count(_ name: String, _ range: ClosedRange<Int>) throws -> Int? {
            try arguments.integer(name, in: range)
        }
        seedCount = try count("seeds", Comparison.seedCounts)
        repetitions = try count("repetitions", Comparison.repetitionCounts)
        parallelCount = try count("parallel", 1...1024) ?? ProcessInfo.processInfo.activeProcessorCount
        self.output = try arguments.folder("output") ?? output
        figureFolder = try arguments.folder("figures")
        isJSON = arguments.flag("json")
    }

    /// Options that make the trainings of a figure shorter, which are the same for all models.
    ///
    /// - Parameter samples: what is trained on, as in `images`.
    static func shortening(of samples: String) -> [ArgumentDescription] {
        [
            .option(
                name: "epochs", value: "E", help: "Epochs of all trainings.", default: "those of the recipes"),
            .option(
                name: "limit", value: "N", help: "Train on the first N \(samples) only.",
                default: "all of them"),
        ]
    }

    /// What those options say, as options of `sqsnn train`.
    static func changes(_ arguments: ParsedArguments) throws -> [String: String] {
        var changes: [String: String] = [:]
        for (name, range) in [("epochs", Recipe.epochCounts), ("limit", 1...Int.max)] {
            if let count = try arguments.integer(name, in: range) { changes[name] = "\(count)" }
        }
        return changes
    }

    /// Data sets of the catalogue by their names.
    static func datasets(_ names: [String]) throws -> [ComparedDataset] {
        try names.map { ComparedDataset(try DatasetCatalog.entry(named: $0)) }
    }

    /// Trains what is missing, and reports.
    ///
    /// - Parameters:
    ///   - summary: lines below the tables of the report.
    ///   - formats: of the figures.
    ///   - figures: of the report.
    func run(
        _ comparison: Comparison, command: String, formats: [FigureFormat] = FigureFormat.usual,
        _ terminal: Terminal, summary: (ComparisonReport) -> [String] = { _ in [] },
        figures: (ComparisonReport) -> [any Figure]
    ) async throws {
        try FigureFiles.prepare(figureFolder)
        let runCount = comparison.runCount
        terminal.write(
            "\(comparison.name): \(comparison.datasets.map(\.name).joined(separator: ", ")), seeds 1 to "
                + "\(comparison.seeds.count), \(runCount) runs → \(output)")
        // Before anything is loaded, so that a recorded run can be compared where the data are not.
        terminal.write("Inputs: \(try comparison.inputsDigest())")
        let data = try await load(comparison)
        let outcome = try await Interrupt.whileListening {
            let bar = ProgressBar(comparison.name, total: runCount, unit: "runs", terminal: terminal)
            defer { bar.finish() }
            return try comparison.run(
                in: output, data: data, parallelism: Parallelism(threadCount: parallelCount),
                isInterrupted: { Interrupt.isRequested },
                onProgress: { bar.update(completed: $0.finishedCount, note: $0.note) })
        }
        guard let report = outcome.report else {
            terminal.write("Stopped. The same command goes on.")
            if let error = outcome.error { throw error }
            return
        }
        (report.lines + summary(report)).forEach(terminal.write)
        for path in try report.write(to: output) { terminal.write("Numbers: \(path)") }
        if let figureFolder {
            try FigureFiles.draw(figures(report), folder: figureFolder, formats: formats, terminal)
        } else {
            // The runs are safe; the same command draws the figures later.
            for figure in figures(report) {
                FigureFiles.draw(figure, folder: output, formats: formats, command: command, terminal)
            }
        }
        if isJSON { try terminal.writeJSON(report) }
        if let error = outcome.error { throw error }
    }

    private func load(_ comparison: Comparison) async throws -> [DataKey: DatasetSplits<LabelledDataset>] {
        var data: [DataKey: DatasetSplits<LabelledDataset>] = [:]
        for dataset in comparison.datasets {
            do throws(DatasetError) {
                // All of them first: what is missing is told before anything is read.
                _ = try DatasetCatalog.entry(named: dataset.name).paths(in: DatasetSearchPath())
            } catch {
                throw ComparisonError.data("\(error), or choose other data sets with --datasets")
            }
        }
        for key in comparison.dataKeys { data[key] = try await key.load() }
        return data
    }
}
