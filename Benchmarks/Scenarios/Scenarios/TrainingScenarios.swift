import Neurons
import Compute
import SpikeDatasets
import Learning
import SpikeTrains
import Networks

/// Forward, loss, backward and Adam on a batch that is already encoded.
struct TrainingStepScenario: Scenario {
    private let workload: Workload
    private var trainer: Trainer
    private let simulator: NetworkSimulator
    private var input: SpikeRaster
    private var labels: [Int] = []
    private var sampleIndices: [Int] = []

    init(_ workload: Workload) throws {
        self.workload = workload
        let network = try workload.network()
        trainer = try Trainer(
            network: network, recipe: workload.recipe, seed: Workload.seed, threads: workload.threadCount)
        simulator = NetworkSimulator(
            network, stepCount: workload.stepCount, parallelism: workload.parallelism)
        input = workload.input(repetition: 0)
    }

    mutating func prepare(repetition: Int) {
        input = workload.input(repetition: repetition)
        labels = workload.labels(repetition: repetition)
        sampleIndices = workload.sampleIndices(repetition: repetition)
    }

    mutating func run() {
        trainer.train(
            on: input, labels: labels, sampleIndices: sampleIndices, simulator: simulator, updateTotal: 1)
    }

    var work: Double { Double(workload.batchSize) }

    /// Spikes of the hidden layer in the last batch.
    var hiddenSpikeCount: Int { simulator.spikeCounts[0] }
}

/// A whole epoch on Fashion-MNIST under an intensity ceiling of 0.5 (a density of about 0.2), encoding included.
struct EpochScenario: Scenario {
    private var trainer: Trainer
    private let images: ImageDataset

    init(_ workload: Workload, images: ImageDataset) throws {
        var recipe = workload.recipe
        recipe.intensityCeiling = 0.5
        let network = try recipe.network(
            inputCount: images.inputCount, classCount: images.classCount, model: workload.model,
            seed: Workload.seed)
        trainer = try Trainer(
            network: network, recipe: recipe, seed: Workload.seed, threads: workload.threadCount)
        self.images = images
    }

    mutating func run() throws { _ = try trainer.trainEpoch(on: images) }

    var work: Double { Double(images.count) }
}
