import Baselines
import Benchmarks
import CommandParsing
import FoundationEssentials
import Runs
import TrainingOptions

/// `sqsnn bench qnn`: a training step and an inference step of a QNN.
struct BenchQNNCommand: Command {
    static let description = CommandDescription(
        name: "qnn", summary: "Time a training step and an inference step of a QNN on random images.",
        discussion: """
            A training step is forward, loss, the adjoint method and Adam on a batch of images of 28 × 28 in ten classes, an \
            inference step forward and the classes.
            """,
        examples: [
            Example("sqsnn bench qnn --qubits 8 --circuits 125 --json", "Larger circuits, for a program.")
        ])
    static let arguments: [ArgumentDescription] =
        ModelOptions.ofQNN + [
            .option(name: "batch", value: "B", help: "Images a batch.", default: "256"),
            .option(
                name: "threads", value: "K", help: "Threads, 1 to 1024.", default: "one for each core"),
            .flag(
                name: "json",
                help: "Print one JSON object: training_step_seconds and inference_step_seconds, each with "
                    + "minimum, median and repetitions."),
        ]

    private let qnn: QNN
    private let batchSize: Int
    private let threadCount: Int
    private let isJSON: Bool

    init(_ arguments: ParsedArguments) throws {
        qnn = try ModelOptions.qnn(arguments)
        batchSize = try arguments.integer("batch", in: Recipe.batchSizes) ?? 256
        threadCount =
            try arguments.integer("threads", in: 1...1024) ?? ProcessInfo.processInfo.activeProcessorCount
        isJSON = arguments.flag("json")
    }

    func run(_ terminal: Terminal) async throws {
        let result = try await QNNBenchmark.measure(qnn, batchSize: batchSize, threadCount: threadCount)
        if isJSON { try terminal.writeJSON(result) } else { result.lines.forEach(terminal.write) }
    }
}
