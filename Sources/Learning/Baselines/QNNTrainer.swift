import Compute
import FoundationEssentials
import Learning
import SpikeDatasets

/// Trains a ``QNN`` on images: softmax cross-entropy of the logits, gradients by the adjoint method.
///
/// A value: a copy goes on independently. Same seed, same parameters, bit for bit, for any number of threads, and after interruption at
/// any batch; on another kind of processor, OpenBLAS may add in another order.
public struct QNNTrainer: ModelTrainer {
    public let qnn: QNN
    public internal(set) var plan: TrainingPlan
    public let seed: UInt64
    public let inputCount: Int
    public let classCount: Int
    public private(set) var progress = TrainingProgress()
    public let parallelism: Parallelism
    package private(set) var parameters: QNNParameters
    /// Updates done.
    package private(set) var updateCount = 0
    /// Images of an evaluation that are run at once; without effect on the result but for its last bits.
    private static let evaluationSize = 256

    /// A trainer at the beginning, with random parameters.
    ///
    /// - Parameters:
    ///   - plan: its steps, encoder, precision and what is trained are without effect.
    ///   - weightGain: weights and constants start uniform in ±`weightGain`/√(inputs of the layer).
    ///   - angleMean: of the angles at the start, radians.
    ///   - angleDeviation: likewise.
    /// - Throws: `LearningError` for a plan that cannot be.
    public init(
        _ qnn: QNN, inputCount: Int, classCount: Int, plan: TrainingPlan, seed: UInt64,
        weightGain: Double = 1,
        angleMean: Double = 0, angleDeviation: Double = 0.1,
        threads: Int = ProcessInfo.processInfo.activeProcessorCount
    ) throws {
        if let problem = plan.problem { throw LearningError.recipe(problem) }
        self.qnn = qnn
        self.plan = plan
        self.seed = seed
        self.inputCount = inputCount
        self.classCount = classCount
        parallelism = Parallelism(threadCount: max(threads, 1))
        parameters = QNNParameters(
            qnn, inputCount: inputCount, classCount: classCount, seed: seed, weightGain: weightGain,
            angleMean: angleMean, angleDeviation: angleDeviation)
        for part in QNNParameters.parts { parameters[keyPath: part.field].prepare(plan.optimizer) }
    }

    public var parameterCount: Int { parameters.count }
    public var spikeSlots: [Int] { [] }

    public func check(_ data: LabelledDataset) throws { _ = try images(data) }

    /// The images of a data set, if they fit the model.
    private func images(_ data: LabelledDataset) throws -> ImageDataset {
        guard case .images(let images) = data else {
            throw LearningError.samples(
                name: data.name,
                problem: "found samples over time, expected images, which are what a QNN takes")
        }
        guard images.count > 0 else { throw LearningError.emptyDataset(images.name) }
        guard images.inputCount == inputCount, images.classCount == classCount else {
            throw LearningError.datasetShape(
                name: images.name, inputs: images.inputCount, classes: images.classCount,
                expectedInputs: inputCount, expectedClasses: classCount)
        }
        return images
    }

    public mutating func trainEpoch(on data: LabelledDataset, afterBatch: (TrainingProgress) -> Bool) throws
        -> EpochMetrics?
    {
        let images = try images(data)
        try ProcessMemory.require(trainingBytes, for: "training", remedy: Self.memoryRemedy)
        var pass = pass()
        var batches = EpochBatches(
            sampleCount: images.count, isShuffled: true, plan: plan, seed: seed, progress: progress,
            parallelism: parallelism
        ) { indices in (pixels: images.gather(indices), labels: indices.map { Int(images.labels[$0]) }) }
        let start = Date()
        let earlierSeconds = progress.partial.seconds
        while let (batch, _) = try batches.next() {
            learn(batch.pixels, batch.labels, &pass, updateTotal: batches.count * plan.epochCount)
            progress.batch += 1
            progress.partial.seconds = earlierSeconds + Date().timeIntervalSince(start)
            if !afterBatch(progress) && !batches.isAtEnd { return nil }
        }
        guard isSound else { throw LearningError.diverged(epoch: progress.epoch + 1) }
        let metrics = progress.partial.metrics(epoch: progress.epoch + 1, stepCount: 1)
        progress = TrainingProgress(epoch: progress.epoch + 1)
        return metrics
    }

    /// Whether all numbers are such that a checkpoint of them can be gone on with.
    package var isSound: Bool {
        parameters.isWithin(Trainer.largestParameter) && progress.partial.lossSum.isFinite
    }

    private mutating func learn(
        _ pixels: [UInt8], _ labels: [Int], _ pass: inout QNNPass, updateTotal: Int
    ) {
        pass.run(parameters, pixels: pixels)
        var slopes: [Float] = []
        let judgement = Self.judge(pass, labels) { _, logits, label in
            slopes += Self.loss.gradient(rates: logits, label: label).map { Float($0 / Double(labels.count)) }
        }
        pass.reverse(&parameters, slopes: slopes)
        var scale: Float = 1
        if let limit = plan.gradientNormLimit {
            let norm = parameters.gradientNorm
            if norm > limit { scale = Float(limit / norm) }
        }
        let rate = plan.learningRate * plan.schedule.factor(update: updateCount, of: updateTotal)
        updateCount += 1
        for part in QNNParameters.parts {
            parameters[keyPath: part.field].step(
                plan.optimizer, updateCount: updateCount,
                rate: part.field == \QNNParameters.angles ? rate * plan.angleRateFactor : rate,
                gradientScale: scale,
                parallelism: parallelism)
        }
        progress.partial.add(BatchOutcome(judgement, spikeCounts: []), sampleCount: labels.count)
    }

    private static let loss = Loss.softmaxCrossEntropy(temperature: 1)

    /// - Parameter each: is told each sample with its logits and its label.
    private static func judge(
        _ pass: QNNPass, _ labels: [Int], _ each: (Int, [Double], Int) -> Void = { _, _, _ in }
    ) -> Judgement {
        let logits = labels.indices.map(pass.logits)
        let predictions = logits.map { logits in
            logits.indices.reduce(0) { logits[$1] > logits[$0] ? $1 : $0 }
        }
        return loss.judge(
            labels, predictions: predictions, classCount: logits.first?.count ?? 0,
            setScores: { $1 = logits[$0] }, each: each)
    }

    /// Nothing is drawn at random: one pass says it all.
    public func evaluate(on data: LabelledDataset, repetitions: Int) throws -> Evaluation {
        let images = try images(data)
        var pass = pass()
        var evaluation = Evaluation(classCount: classCount)
        var (rightCount, lossSum) = (0, 0.0)
        for first in stride(from: 0, to: images.count, by: Self.evaluationSize) {
            let indices = Array(first..<min(first + Self.evaluationSize, images.count))
            pass.run(parameters, pixels: images.gather(indices))
            let labels = indices.map { Int(images.labels[$0]) }
            let judgement = Self.judge(pass, labels)
            for (label, answer) in zip(labels, judgement.predictions) {
                evaluation.confusion[label][answer] += 1
            }
            rightCount += judgement.rightCount
            lossSum += judgement.lossSum ?? 0
        }
        evaluation.accuracies = [Double(rightCount) / Double(images.count)]
        evaluation.losses = [lossSum / Double(images.count)]
        return evaluation
    }

    /// The classical layers' multiplications: of the first as many as there are pixels that are not black. Circuits are not counted, and
    /// their exact expectation values have no number of shots.
    public func inferenceCost(on data: LabelledDataset) throws -> InferenceCost {
        let images = try images(data)
        var operations = SynapticOperations()
        operations.inferences = images.count
        operations.dense = images.count * (inputCount + classCount) * qnn.width
        operations.effectiveMACs =
            (images.pixels.count { $0 > 0 } + images.count * classCount) * qnn.width
        return InferenceCost(operations: operations, neuronCount: 0, stepCount: 1, shots: nil)
    }

    private func pass() -> QNNPass {
        QNNPass(qnn, inputCount: inputCount, classCount: classCount, parallelism: parallelism)
    }

    /// Puts the trainer into another state of the same run.
    package mutating func replace(parameters: QNNParameters, updateCount: Int, progress: TrainingProgress) {
        self.parameters = parameters
        self.updateCount = updateCount
        self.progress = progress
    }

    /// Makes the run longer or shorter.
    package mutating func setEpochCount(_ epochCount: Int) {
        precondition(plan.schedule == .constant, "a schedule over the whole run decides every update")
        plan.epochCount = epochCount
    }
}

// MARK: - Memory

extension QNNTrainer {
    package static let memoryRemedy = "take fewer circuits, or a smaller batch"

    /// Bytes of a trainer: parameters, gradients and moments.
    package static func trainerBytes(_ qnn: QNN, inputCount: Int, classCount: Int, _ optimizer: Optimizer)
        -> Count
    {
        Count(qnn.parameterCount(inputCount: inputCount, classCount: classCount))
            .times(4, 2 + optimizer.momentCount)
    }

    /// Bytes that training takes beyond the data and the trainer at most.
    package static func trainingBytes(
        _ qnn: QNN, inputCount: Int, classCount: Int, _ plan: TrainingPlan, threadCount: Int
    ) -> Count {
        let samples = max(plan.batchSize, evaluationSize)
        return QNNPass.bytes(
            qnn, inputCount: inputCount, classCount: classCount, sampleCount: samples,
            threadCount: threadCount)
            + Count.of(2, plan.batchSize, inputCount + 8)
            + trainerBytes(qnn, inputCount: inputCount, classCount: classCount, plan.optimizer).times(2)
    }

    private var trainingBytes: Count {
        Self.trainingBytes(
            qnn, inputCount: inputCount, classCount: classCount, plan, threadCount: parallelism.threadCount)
    }

    public var memoryCeiling: Int {
        (trainingBytes
            + Self.trainerBytes(qnn, inputCount: inputCount, classCount: classCount, plan.optimizer)).value
    }
}
