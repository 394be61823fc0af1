import Compute
import SpikeDatasets

/// What a run trains: a network of spiking neurons, which ``Trainer`` does, or a rival that has no spikes.
public protocol ModelTrainer: Sendable {
    var plan: TrainingPlan { get }
    /// Where the run stands.
    var progress: TrainingProgress { get }
    var parallelism: Parallelism { get }
    /// Trainable numbers.
    var parameterCount: Int { get }
    /// Spikes that each population can give at a step: of as many populations metrics tell. None of a model without spikes.
    var spikeSlots: [Int] { get }
    /// Bytes that training takes beyond the data at most, with the model and its optimiser.
    var memoryCeiling: Int { get }

    /// Refuses data of another shape, or with other classes, than the model's.
    ///
    /// - Throws: ``LearningError``.
    func check(_ data: LabelledDataset) throws

    /// Trains one epoch, or the rest of one that was interrupted.
    ///
    /// - Parameter afterBatch: return `false` to stop; the trainer goes on later with the next batch.
    /// - Returns: what the epoch did, or nil if it was stopped.
    /// - Throws: ``LearningError``, `MemoryError`.
    mutating func trainEpoch(on data: LabelledDataset, afterBatch: (TrainingProgress) -> Bool) throws
        -> EpochMetrics?

    /// Measures the model.
    ///
    /// - Parameter repetitions: passes, each with random numbers of its own; a model without random numbers makes one.
    /// - Throws: ``LearningError``.
    func evaluate(on data: LabelledDataset, repetitions: Int) throws -> Evaluation

    /// Counts what classifying takes, in one pass.
    ///
    /// - Throws: ``LearningError``.
    func inferenceCost(on data: LabelledDataset) throws -> InferenceCost
}

extension ModelTrainer {
    public mutating func trainEpoch(on data: LabelledDataset) throws -> EpochMetrics? {
        try trainEpoch(on: data) { _ in true }
    }

    /// Trains one epoch on images, encoded as the plan says.
    public mutating func trainEpoch(
        on images: ImageDataset, afterBatch: (TrainingProgress) -> Bool = { _ in true }
    ) throws -> EpochMetrics? {
        try trainEpoch(on: .images(images), afterBatch: afterBatch)
    }

    /// Classifies images, encoded as the plan says.
    public func evaluate(on images: ImageDataset, repetitions: Int = 1) throws -> Evaluation {
        try evaluate(on: .images(images), repetitions: repetitions)
    }

    /// Trains all epochs of the plan.
    ///
    /// - Parameters:
    ///   - isStopped: asked after every batch.
    ///   - afterEpoch: told what each epoch did.
    /// - Returns: whether it was not stopped.
    /// - Throws: ``LearningError``, `MemoryError`.
    package mutating func trainAll(
        on data: LabelledDataset, isStopped: () -> Bool, afterEpoch: (EpochMetrics) -> Void
    ) throws -> Bool {
        for _ in 0..<plan.epochCount {
            guard let metrics = try trainEpoch(on: data, afterBatch: { _ in !isStopped() }) else {
                return false
            }
            afterEpoch(metrics)
        }
        return true
    }
}

extension Trainer: ModelTrainer {
    public var parameterCount: Int {
        network.parameterCount + (objective.trainedValues?.values.count ?? 0)
    }

    public var spikeSlots: [Int] {
        network.populations.map { $0.neuronCount * $0.model.channelCount }
    }

    public func check(_ data: LabelledDataset) throws { try check(samples(data)) }
}
