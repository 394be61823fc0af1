import CommandParsing
import Foundation
import SpikeDatasets
import Learning
import Networks
import Runs

/// `sqsnn predict RUN FILE`: what a trained network says of images.
struct PredictCommand: Command {
    static let description = CommandDescription(
        name: "predict", summary: "Classify images of your own with a trained network.",
        discussion: """
            Reads images from an IDX file (the format of MNIST, plain or gzipped, of the size of the run's data set) and \
            prints for each the class, the spike rates of the classes, and the firing probabilities of which these are a \
            sample: means over the class's neurons, the steps and the passes. The class is the one with the most spikes over \
            all passes. Labels are not needed, nor are the images that the network was trained on.
            """,
        examples: [
            Example("sqsnn predict runs/mnist-sqs-1 images-idx3-ubyte.gz", "A line an image, as CSV."),
            Example(
                "sqsnn predict runs/mnist-sqs-1 - --repetitions 20 --json < images-idx3-ubyte",
                "Twenty passes an image, from standard input, for a program."),
        ])
    static let arguments: [ArgumentDescription] = [
        .positional(name: "run", help: "Folder of the run."),
        .positional(name: "file", help: "IDX file of images; '-' for standard input."),
        .option(name: "repetitions", value: "R", help: "Passes over the images, 1 to 1000.", default: "1"),
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
        guard !dataset.isTemporal else {
            throw DatasetError.input(
                dataset: dataset.name,
                problem: "the network takes samples over time, expected one that takes images")
        }
        let images = try ImageFile(path: file, height: dataset.height, width: dataset.width)
        let predictions = try trainer.predict(images, repetitions: repetitions, seed: seed)
        let classNames = dataset.classNames
        guard isJSON else {
            return Self.table(predictions, classNames).forEach(terminal.write)
        }
        try terminal.writeJSON(
            Answer(
                run: folder.path, weightsDigest: trainer.weightsDigest, seed: seed ?? trainer.seed,
                passes: repetitions, classNames: classNames,
                predictions: predictions.enumerated().map { image, prediction in
                    Answer.Image(
                        image: image, label: prediction.label, className: classNames[prediction.label],
                        rates: prediction.rates, firingProbabilities: prediction.firingProbabilities)
                }))
    }

    private static func table(_ predictions: [Prediction], _ classNames: [String]) -> [String] {
        let columns = ["rate", "firing_probability"].flatMap { kind in
            classNames.indices.map { "\(kind)_\($0)" }
        }
        let heading = (["image", "class", "class_name"] + columns).joined(separator: ",")
        return [heading]
            + predictions.enumerated().map { image, prediction in
                let numbers = (prediction.rates + prediction.firingProbabilities).map {
                    String(format: "%.6g", $0)
                }
                // RFC 4180: a field with a comma or a quote is quoted.
                let name = classNames[prediction.label].replacing("\"", with: "\"\"")
                return (["\(image)", "\(prediction.label)", "\"\(name)\""] + numbers).joined(separator: ",")
            }
    }

    private struct Answer: Encodable {
        struct Image: Encodable {
            let image: Int
            let label: Int
            let className: String
            let rates: [Double]
            let firingProbabilities: [Double]

            enum CodingKeys: String, CodingKey {
                case image, rates, className, firingProbabilities
                case label = "class"
            }
        }

        let run: String
        let weightsDigest: String
        let seed: UInt64
        let passes: Int
        let classNames: [String]
        let predictions: [Image]
    }
}
