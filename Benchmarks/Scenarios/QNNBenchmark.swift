import Baselines
import Compute
import Files
import Learning
import SpikeDatasets

/// A training step and an inference step of a QNN on one batch of random images: what `sqsnn bench qnn` prints.
///
/// A training step is an epoch of one batch, an inference step an evaluation of it.
public struct QNNBenchmark: Sendable, Encodable {
    public let qnn: QNN
    public let batchSize: Int
    public let threadCount: Int
    public let trainingStep: Measurement
    public let inferenceStep: Measurement

    /// Classes and inputs of the images: those of MNIST.
    private static let (side, classCount) = (28, 10)

    public static func measure(_ qnn: QNN, batchSize: Int, threadCount: Int) async throws -> QNNBenchmark {
        var training = try QNNScenario(qnn, batchSize, threadCount, isTraining: true)
        var inference = try QNNScenario(qnn, batchSize, threadCount, isTraining: false)
        return QNNBenchmark(
            qnn: qnn, batchSize: batchSize, threadCount: threadCount,
            trainingStep: try await Measurement(&training), inferenceStep: try await Measurement(&inference))
    }

    /// The table as lines of text.
    public var lines: [String] {
        func row(_ name: String, _ measurement: Measurement) -> [String] {
            measurement.cells(name, unit: "images") + [measurement.peakMemoryText]
        }
        return TextTable.lines([
            ["step", "median", "minimum", "rate", "peak memory"], row("training step", trainingStep),
            row("inference step", inferenceStep),
        ])
    }

    enum CodingKeys: String, CodingKey {
        case version, configuration, batch, threads
        case instructionSet = "instruction_set"
        case trainingStepSeconds = "training_step_seconds"
        case inferenceStepSeconds = "inference_step_seconds"
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(Software.version, forKey: .version)
        try container.encode(InstructionSet.current.name, forKey: .instructionSet)
        try container.encode(qnn, forKey: .configuration)
        try container.encode(batchSize, forKey: .batch)
        try container.encode(threadCount, forKey: .threads)
        try container.encode(trainingStep.timing, forKey: .trainingStepSeconds)
        try container.encode(inferenceStep.timing, forKey: .inferenceStepSeconds)
    }

    private struct QNNScenario: Scenario {
        private var trainer: QNNTrainer
        private let images: ImageDataset
        private let isTraining: Bool

        init(_ qnn: QNN, _ batchSize: Int, _ threadCount: Int, isTraining: Bool) throws {
            trainer = try QNNTrainer(
                qnn, inputCount: side * side, classCount: classCount,
                plan: TrainingPlan(stepCount: 1, epochCount: 1000, batchSize: batchSize), seed: 1,
                threads: threadCount)
            var random = RandomStream(seed: 1, purpose: .analysis).generator()
            images = try ImageDataset(
                name: "random", width: side, height: side, classNames: (0..<classCount).map { "\($0)" },
                pixels: (0..<batchSize * side * side).map { _ in .random(in: 0...255, using: &random) },
                labels: (0..<batchSize).map { _ in .random(in: 0..<UInt8(classCount), using: &random) })
            self.isTraining = isTraining
        }

        mutating func run() throws {
            if isTraining {
                _ = try trainer.trainEpoch(on: images)
            } else {
                _ = try trainer.evaluate(on: images, repetitions: 1)
            }
        }

        var work: Double { Double(images.count) }
    }
}
