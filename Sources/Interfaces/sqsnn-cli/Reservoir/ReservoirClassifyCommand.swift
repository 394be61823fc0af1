import CommandParsing
import Compute
import Files
import Reservoirs
import SpikeDatasets

/// `sqsnn reservoir classify`: which class is a series, by reservoirs that are given all its numbers.
struct ReservoirClassifyCommand: Command {
    static let description = CommandDescription(
        name: "classify", summary: "Measure how well reservoirs tell classes of series.",
        discussion: """
            Every neuron is given all numbers of a step, as shares of their range over the series to learn from, through \
            random weights: q = low + (high - low) (1/2 + a (u - 1/2)), a of length --gain. Features are the firing probabilities \
            averaged over the steps of a series, or over those of --segments equal parts. A linear read-out for each class is \
            trained to be 1 for its own and 0 for others, and the largest wins.

            One line without a reservoir is of the numbers themselves, averaged as the features are. --trials, which \
            chooses the gain too, judges settings by the last third of each class to learn from. ± is one standard error over \
            the seeds.
            """,
        examples: [
            Example("sqsnn reservoir classify exchange memoryless", "Nine speakers of two vowels."),
            Example(
                "sqsnn reservoir classify exchange --segments 3 --trials 20",
                "With the course in time, and settings from twenty."),
        ])
    static let arguments: [ArgumentDescription] =
        [
            .option(name: "dataset", value: "NAME", help: "Set of series.", default: standardDataset),
            .option(
                name: "segments", value: "COUNT", help: "Equal parts of a series with features of their own.",
                default: "1"),
            .option(
                name: "gain", value: "G", help: "Length of a channel's weights.", default: "1"),
        ] + ReservoirOptions.arguments + [
            .flag(name: "json", help: "Print one JSON object: accuracy of circuits and of plain inputs."),
            NeuronSelection.positional,
        ]
    private static let standardDataset = "japanese-vowels"

    private let options: ReservoirOptions
    private let entry: CatalogEntry
    private let segmentCount: Int
    private let isJSON: Bool

    init(_ arguments: ParsedArguments) throws {
        options = try ReservoirOptions(
            arguments, gain: arguments.number("gain", in: ReservoirSettings.gains) ?? 1)
        entry = try DatasetCatalog.entry(named: arguments.string("dataset", default: Self.standardDataset))
        segmentCount = try arguments.integer("segments", in: SeriesClassification.segmentCounts) ?? 1
        isJSON = arguments.flag("json")
    }

    private struct Answer: Encodable {
        let dataset: String
        let segments: Int
        let shots: Int?
        let noise: String?
        let circuits: [ReservoirResult]
        /// Of the plain inputs.
        let inputs: Double
    }

    func run(_ terminal: Terminal) async throws {
        if !isJSON { try options.writeInputs("classify \(entry.name) \(segmentCount)", terminal) }
        let task = try SeriesClassification(entry)
        let validation = try task.validation()
        func accuracy(
            _ task: SeriesClassification, _ reservoir: Reservoir, _ settings: ReservoirSettings
        ) throws -> Double {
            try task.accuracy(
                of: reservoir, segmentCount: segmentCount, shots: options.shots, ridge: settings.ridge,
                parallelism: options.parallelism)
        }
        let measured = try options.map(terminal, inputCount: task.inputCount) { reservoir, settings, _ in
            try accuracy(task, reservoir, settings)
        } error: { reservoir, settings, _ in
            try 1 - accuracy(validation, reservoir, settings)
        }
        let inputs = try task.accuracyOfInputs(
            segmentCount: segmentCount, ridge: options.settings.ridge)
        if isJSON {
            return try terminal.writeJSON(
                Answer(
                    dataset: entry.name, segments: segmentCount, shots: options.shots,
                    noise: options.selection.noiseName,
                    circuits: measured.map { ReservoirResult($0, isAccuracy: true) }, inputs: inputs))
        }
        let rows =
            measured.map {
                [$0.label, "\($0.featureCount * segmentCount)"]
                    + ReservoirOptions.cells(SeedStatistics($0.values.map { 100 * $0 }), digits: 2)
            } + [
                ["inputs alone", "\(task.inputCount * segmentCount)", String(printf: "%.2f", 100 * inputs)]
            ]
        // One seed has no error.
        let heading = ["reservoir", "features", "accuracy (%)"] + (options.seedCount > 1 ? ["±"] : [])
        options.write(
            [heading] + rows, measured,
            ending: "; \(task.training.count) series to learn from, \(task.test.count) to judge by",
            isOfSeveralInputs: true, terminal)
    }
}

extension SeriesClassification {
    /// The published parts of a data set.
    init(_ entry: CatalogEntry) throws {
        let (train, test) = try entry.loadSeries()
        func samples(_ file: SeriesFile) -> [Sample] {
            file.series.map { Sample(values: $0.values, label: $0.label) }
        }
        try self.init(
            training: samples(train), test: samples(test), classCount: entry.classNames.count)
    }
}
