import Compute
import LocalLearning
import QuantumBackends
import SpikeTrains
import Networks

extension Trainer {
    /// The local rule for this network; nil for surrogate gradients.
    ///
    /// - Throws: `CircuitError` or `NoiseError` for a circuit that the rule's mitigation cannot fold.
    func localLearner() throws -> LocalLearner? {
        try recipe.local.map {
            try LocalLearner(
                $0, network: network, stepCount: recipe.stepCount, parallelism: parallelism,
                trains: GradientStore(network, trained: recipe.trained ?? .all))
        }
    }

    /// What one update of a full batch costs by the local rule; nil for surrogate gradients.
    public var costOfUpdate: ShotLedger? {
        recipe.localCounts(network.graph, threadCount: 1)?.ledger(sampleCount: recipe.batchSize)
    }

    /// One update by the local rule.
    ///
    /// - Parameters:
    ///   - labels: the class of each sample: its neurons should fire at every step, all others never.
    ///   - simulator: for one free run before the update, which tells the accuracy and is not part of the rule.
    ///   - backend: runs the shots; nil where they are simulated here.
    /// - Throws: `BackendError` and `JournalError`; the trainer is then where it was before the batch.
    package mutating func trainLocally(
        on input: SpikeRaster, labels: [Int], sampleIndices: [Int], learner: LocalLearner,
        simulator: NetworkSimulator, backend: BackendRun? = nil, updateTotal: Int
    ) throws {
        let epoch = progress.epoch
        simulator.compile(network)
        simulator.run(network, input: input, sampleIndices: sampleIndices, seed: seed, epoch: epoch)
        let predictions = try decoder.predictions(
            simulator.outputRaster, sampleIndices: sampleIndices,
            random: RandomStream(seed: seed, purpose: .tie, epoch: epoch))
        let spikeCounts = simulator.spikeCounts

        let store = GradientStore(network, trained: recipe.trained ?? .all)
        let place = "epoch \(epoch + 1), batch \(progress.batch + 1)"
        let seed = seed
        let runner = backend.map { backend in
            { (name: String, tasks: [CircuitTask]) in
                try backend.run(name: "\(place), \(name)", tasks, seed: seed)
            }
        }
        let update = try learner.learn(
            network, input: input, targets: targets(labels), sampleIndices: sampleIndices, seed: seed,
            epoch: epoch, runner: runner, receiver: store)
        apply(store, updateTotal: updateTotal)
        progress.partial.rightCount += zip(predictions, labels).count { $0 == $1 }
        progress.partial.lossSum -= update.logLikelihood * Double(labels.count)
        progress.partial.sampleCount += labels.count
        progress.partial.add(spikeCounts: spikeCounts)
        progress.partial.ledger = (progress.partial.ledger ?? ShotLedger()) + update.ledger
    }

    /// Spikes that the outputs should have: the neurons of the right class at every step, all others never.
    private func targets(_ labels: [Int]) -> SpikeRaster {
        var raster = SpikeRaster(
            sampleCount: labels.count, stepCount: recipe.stepCount, neuronCount: network.outputCount,
            channelCount: network.outputChannelCount)
        for (sample, label) in labels.enumerated() {
            for neuron in label * decoder.neuronsPerClass..<(label + 1) * decoder.neuronsPerClass {
                for step in 0..<recipe.stepCount {
                    for channel in 0..<network.outputChannelCount {
                        raster[sample, step, neuron, channel] = true
                    }
                }
            }
        }
        return raster
    }
}
