import Learning
import Networks
import SpikeDatasets

/// Forward, loss, backward and Adam on a batch that is already encoded.
struct TrainingStepScenario: Scenario {
    private let workload: Workload
    private var trainer: Trainer
    private let learner: any Learner
    private var batch: SampleBatch
    private var sampleIndices: [Int] = []

    init(_ workload: Workload) throws {
        self.workload = workload
        trainer = try workload.trainer()
        learner = try trainer.learner()
        batch = SampleBatch(input: workload.networkInput(repetition: 0), targets: .classes([]))
    }

    mutating func prepare(repetition: Int) {
        batch = SampleBatch(
            input: workload.networkInput(repetition: repetition),
            targets: .classes(workload.labels(repetition: repetition)))
        sampleIndices = workload.sampleIndices(repetition: repetition)
    }

    mutating func run() throws {
        try trainer.learn(batch, sampleIndices: sampleIndices, learner: learner, updateTotal: 1)
    }

    var work: Double { Double(workload.batchSize) }

    var network: Network { trainer.network }

    /// Spikes of the hidden layer at each step of a sample, mean over all batches so far.
    var hiddenSpikesPerStep: Double {
        Double(trainer.progress.partial.layerSpikes[0])
            / Double(trainer.progress.sampleCount * workload.stepCount)
    }
}

/// A whole epoch on Fashion-MNIST under an intensity ceiling of 0.5 (a density of about 0.2), encoding included.
struct EpochScenario: Scenario {
    private var trainer: Trainer
    private let images: ImageDataset

    init(_ workload: Workload, images: ImageDataset) throws {
        var workload = workload
        workload.takeInput(from: images)
        trainer = try workload.trainer()
        self.images = images
    }

    mutating func run() throws { _ = try trainer.trainEpoch(on: images) }

    var work: Double { Double(images.count) }
}
