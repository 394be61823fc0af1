import Baselines
import CommandParsing
import Files
import Neurons
import SpikeDatasets
import Studies
import TrainingOptions

/// `sqsnn compare`: several models on several data sets, several runs of each.
struct CompareCommand: Command {
    static let description = CommandDescription(
        name: "compare", summary: "Compare models on data sets, over several seeds.",
        discussion: """
            Trains every model on every data set with several seeds, all by the same machinery, and compares accuracy, spikes, \
            synaptic operations, shots and times, with paired differences, their intervals and corrected p values. Models are those of \
            --models, with the options of 'sqsnn train' that are given here, or the entries of FILE, in which each has options of its \
            own; options that are given here take the place of those in FILE. Every run is kept in the folder: Ctrl-C stops, the same \
            command goes on, and other seeds, models and data sets can be added.
            """,
        examples: [
            Example(
                "sqsnn compare --models sqs,lif,qlif --datasets mnist,fashion-mnist --seeds 5 --match sqs",
                "Three models with as many parameters."),
            Example(
                "sqsnn compare Examples/comparisons/threshold.json", "Entries with options of their own."),
            Example(
                "sqsnn compare --models sqs,memoryless --hidden 100 --epochs 1 --seeds 2 --output runs/quick",
                "Roughly, in a minute."),
        ])

    static let arguments: [ArgumentDescription] =
        [
            .positional(
                name: "file", help: "Entries, data sets, seeds, repetitions and match, in JSON.",
                optional: true),
            .option(
                name: "models", value: "NAME[,NAME…]", help: "Models, in place of FILE.",
                suggestions: NeuronModels.kinds + [QNN.kind]),
            .option(
                name: "datasets", value: "NAME[,NAME…]", help: "Data sets; see 'sqsnn data list'.",
                default: "those of FILE, or fashion-mnist", suggestions: DatasetCatalog.names),
            .option(
                name: "match", value: "NAME|COUNT",
                help: "Give all models the width that comes closest to as many parameters.",
                default: "that of FILE, or none"),
        ] + ComparisonOptions.arguments(seeds: "those of FILE, or \(seedCount)", output: defaultOutput)
        + trainOptions

    private static let (seedCount, defaultOutput) = (5, "runs/comparison")

    /// Options of 'sqsnn train' that can be given for all models.
    private static let trainOptions = RunOptions.arguments.filter {
        !["model", "dataset", "seed", "match-parameters"].contains($0.name)
    }

    private let comparison: Comparison
    private let options: ComparisonOptions

    init(_ arguments: ParsedArguments) throws {
        options = try ComparisonOptions(arguments, output: Self.defaultOutput)
        var file = try Self.file(arguments)
        if let datasets = try arguments.list("datasets", { try DatasetCatalog.entry(named: $0).name }) {
            file.datasets = datasets
        }
        for option in Self.trainOptions {
            guard let value = arguments.string(option.name) else { continue }
            for index in file.entries.indices { file.entries[index].options[option.name] = value }
        }
        if let match = arguments.string("match") {
            let isEntry = file.entries.contains { $0.name == match }
            file.match = isEntry ? .entry(match) : Int(match).map { .count($0) } ?? .entry(match)
        }
        comparison = try Self.comparison(file, options)
    }

    /// What FILE holds, or what the options say in its place.
    private static func file(_ arguments: ParsedArguments) throws -> ComparisonFile {
        let models = try arguments.list("models") { $0 }
        guard let path = arguments.string("file") else {
            guard let models else {
                throw UsageError.contradiction("found neither FILE nor --models, expected one of them")
            }
            return ComparisonFile(entries: models.map { ComparisonEntry($0, options: ["model": $0]) })
        }
        guard models == nil else {
            throw UsageError.contradiction("--models beside FILE, whose entries are the models")
        }
        let file = try ComparisonFile.load(path)
        do {
            // As it stands: what is wrong then is not what was typed.
            for name in (file.datasets ?? []) + file.entries.flatMap({ $0.datasets ?? [] }) {
                _ = try DatasetCatalog.entry(named: name)
            }
            _ = try comparison(file)
        } catch {
            throw ComparisonError.file(path, problem: "\(error)")
        }
        return file
    }

    private static func comparison(
        _ file: ComparisonFile, _ options: ComparisonOptions? = nil
    ) throws -> Comparison {
        try Comparison(
            name: "comparison", entries: file.entries.matching(file.match),
            datasets: ComparisonOptions.datasets(file.datasets ?? ["fashion-mnist"]),
            seedCount: options?.seedCount ?? file.seeds ?? seedCount,
            repetitions: options?.repetitions ?? file.repetitions ?? ComparisonOptions.repetitionCount
        ) { try RunOptions(named: $0).configuration() }
    }

    func run(_ terminal: Terminal) async throws {
        try await options.run(comparison, command: "sqsnn compare", terminal) { report in
            let title = "\(report.seeds) runs of each model"
            return [
                ComparisonFigures.accuracyAndSpikes(report, name: report.name, title: title),
                ComparisonFigures.spikesPerNeuron(
                    report, name: "\(report.name)-spikes-per-neuron", title: title),
            ]
        }
    }
}
