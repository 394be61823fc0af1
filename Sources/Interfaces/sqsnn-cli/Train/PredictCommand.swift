import CommandParsing
import Files
import FoundationEssentials
import Learning
import Networks
import Runs
import SpikeDatasets
import TrainingOptions

/// `sqsnn predict RUN FILE`: what a trained network says of images, recordings and sounds.
struct PredictCommand: Command {
    static let description = CommandDescription(
        name: "predict", summary: "Classify samples of your own with a trained network.",
        discussion: """
            Of a network that takes images: reads them from an IDX file (the format of MNIST, plain or gzipped, of the size of the run's \
            data set). Of one that takes recordings of events or sounds: reads a file, or all files of a folder, each a sample, \
            which become spikes as those of the run did. Prints for each sample the class, the spike rates of the classes, and the firing \
            probabilities of which these are a \
            sample: means over the class's neurons, the steps and the passes. The class is the one with the most spikes over \
            all passes. Labels are not needed, nor are the samples that the network was trained on.
            """,
        examples: [
            Example("sqsnn predict runs/mnist-sqs-1 images-idx3-ubyte.gz", "A line an image, as CSV."),
            Example("sqsnn predict runs/n-mnist-sqs-1 recordings", "A line a recording of a folder."),
            Example(
                "sqsnn predict runs/mnist-sqs-1 - --repetitions 20 --json < images-idx3-ubyte",
                "Twenty passes an image, from standard input, for a program."),
        ])
    static let arguments: [ArgumentDescription] = [
        .positional(name: "run", help: "Folder of the run."),
        .positional(
            name: "file",
            help: "IDX file of images, or recording, sound, folder of them; '-' for standard input."),
        .option(name: "repetitions", value: "R", help: "Passes over the samples, 1 to 1000.", default: "1"),
        .option(
            name: "seed", value: "S", help: "Seed of the passes' random numbers.", default: "the run's own"),
        PrecisionOption.argument(default: "the run's own"),
        .option(
            name: "threads", value: "K", help: "Threads; without effect on the result.",
            default: "one for each core"),
        .flag(name: "json", help: "Print one JSON object instead of CSV."),
    ]

    private let folder: RunFolder
    private let file: String
    private let repetitions: Int
    private let seed: UInt64?
    /// Nil for that of the run.
    private let precision: SumPrecision?
    private let threads: Int
    private let isJSON: Bool

    init(_ arguments: ParsedArguments) throws {
        folder = RunFolder(path: try arguments.positional("run"))
        file = try arguments.positional("file")
        repetitions = try arguments.integer("repetitions", in: 1...1000) ?? 1
        seed = try arguments.integer("seed", in: 0...Int.max).map(UInt64.init)
        precision = try PrecisionOption.value(arguments)
        threads =
            try arguments.integer("threads", in: 1...1024) ?? ProcessInfo.processInfo.activeProcessorCount
        isJSON = arguments.flag("json")
    }

    func run(_ terminal: Terminal) async throws {
        let (trained, dataset) = try folder.trainedNetwork(threads: threads)
        let trainer = trained.running(in: precision)
        let classNames = dataset.classNames
        var files: [String]?
        let predictions: [Prediction]
        if dataset.isTemporal {
            let configuration = try folder.configuration()
            let paths = try Self.samples(file)
            let spikes = try dataset.spikes(
                ofFiles: paths, configuration.input ?? EventInput(), stepCount: trainer.plan.stepCount,
                parallelism: trainer.parallelism)
            predictions = try trainer.predict(SpikeSamples(spikes), repetitions: repetitions, seed: seed)
            files = paths
        } else {
            let images = try ImageFile(path: file, height: dataset.height, width: dataset.width)
            predictions = try trainer.predict(images, repetitions: repetitions, seed: seed)
        }
        guard isJSON else {
            return Self.table(predictions, classNames, files).forEach(terminal.write)
        }
        try terminal.writeJSON(
            Answer(
                run: folder.path, weightsDigest: trainer.weightsDigest, seed: seed ?? trainer.seed,
                passes: repetitions, classNames: classNames,
                predictions: predictions.enumerated().map { image, prediction in
                    Answer.Sample(
                        image: files == nil ? image : nil, file: files?[image], label: prediction.label,
                        className: classNames[prediction.label],
                        rates: prediction.rates, firingProbabilities: prediction.firingProbabilities)
                }))
    }

    /// The file, or those of a folder but hidden ones, by their names.
    private static func samples(_ path: String) throws -> [String] {
        guard Folder.exists(path) else { return [path] }
        let files = Folder.names(in: path).map { "\(path)/\($0)" }.filter { !Folder.exists($0) }
        if files.isEmpty { throw LearningError.emptyDataset(path) }
        return files
    }

    private static func table(
        _ predictions: [Prediction], _ classNames: [String], _ files: [String]?
    ) -> [String] {
        /// RFC 4180: a field with a comma or a quote is quoted.
        func quoted(_ text: String) -> String { "\"\(text.replacing("\"", with: "\"\""))\"" }
        let columns = ["rate", "firing_probability"].flatMap { kind in
            classNames.indices.map { "\(kind)_\($0)" }
        }
        let heading = ([files == nil ? "image" : "file", "class", "class_name"] + columns).joined(
            separator: ",")
        return [heading]
            + predictions.enumerated().map { image, prediction in
                let numbers = (prediction.rates + prediction.firingProbabilities).map {
                    String(printf: "%.6g", $0)
                }
                let sample = files.map { quoted($0[image]) } ?? "\(image)"
                return ([sample, "\(prediction.label)", quoted(classNames[prediction.label])] + numbers)
                    .joined(
                        separator: ",")
            }
    }

    private struct Answer: Encodable {
        struct Sample: Encodable {
            /// Of images; left out of others.
            let image: Int?
            /// Of recordings and sounds; left out of images.
            let file: String?
            let label: Int
            let className: String
            let rates: [Double]
            let firingProbabilities: [Double]

            enum CodingKeys: String, CodingKey {
                case image, file, rates, className, firingProbabilities
                case label = "class"
            }
        }

        let run: String
        let weightsDigest: String
        let seed: UInt64
        let passes: Int
        let classNames: [String]
        let predictions: [Sample]
    }
}
