import Compute
import Networks
import SpikeTrains

/// Measures the network of a trainer.
struct Evaluator {
    /// Passes run at once; without effect on the result.
    static let batchSize = 256
    /// Epoch numbers of evaluation passes in the random streams begin here, so that they share no
    /// numbers with training.
    static let firstEpoch = 32768

    private let trainer: Trainer
    private let seed: UInt64
    let simulator: NetworkSimulator

    /// - Parameter keepsActivity: whether what lies behind the spikes of the last run is kept.
    init(_ trainer: Trainer, seed: UInt64, keepsActivity: Bool = false) {
        self.trainer = trainer
        self.seed = seed
        simulator = NetworkSimulator(
            trainer.network, stepCount: trainer.plan.stepCount, parallelism: trainer.parallelism,
            precision: trainer.plan.precision, keepsActivity: keepsActivity)
        simulator.compile(trainer.network)
    }

    /// - Parameter source: not empty, and of the network's shape.
    func evaluate(on source: some SampleSource, epochs: Range<Int>) throws -> Evaluation {
        precondition(!epochs.isEmpty, "an evaluation has at least one pass")
        var evaluation = Evaluation(classCount: trainer.objective.decoder?.classCount ?? 0)
        var spikes = [Int](repeating: 0, count: trainer.network.populations.count)
        var runCount = 0
        for epoch in epochs {
            var (rightCount, answerCount) = (0, 0)
            var lossSum: Double? = 0
            for indices in batches(of: source) {
                let judgement = try judge(source, indices, epoch: epoch) { targets, judgement in
                    guard case .classes(let labels) = targets else { return }
                    for (label, prediction) in zip(labels, judgement.predictions) {
                        evaluation.confusion[label][prediction] += 1
                    }
                }
                rightCount += judgement.rightCount
                answerCount += judgement.answerCount
                lossSum = lossSum.flatMap { sum in judgement.lossSum.map { sum + $0 } }
                runCount += simulator.outputRaster.sampleCount
                for (layer, count) in simulator.spikeCounts.enumerated() { spikes[layer] += count }
            }
            if answerCount > 0 { evaluation.accuracies.append(Double(rightCount) / Double(answerCount)) }
            if let lossSum { evaluation.losses.append(lossSum / Double(source.count)) }
        }
        let rowCount = Double(runCount * trainer.plan.stepCount)
        evaluation.layerSpikesPerStep = spikes.map { Double($0) / rowCount }
        evaluation.spikesPerStep = evaluation.layerSpikesPerStep.reduce(0, +)
        return evaluation
    }

    /// The numbers of all samples, as many at a time as are run at once.
    func batches(of source: some SampleSource) -> [[Int]] {
        let size = max(Self.batchSize / trainer.objective.passCount, 1)
        return stride(from: 0, to: source.count, by: size).map {
            Array($0..<min($0 + size, source.count))
        }
    }

    /// Runs the network on some samples.
    ///
    /// - Parameter each: is told the targets and how they were met.
    func judge(
        _ source: some SampleSource, _ indices: [Int], epoch: Int,
        _ each: (Targets, Judgement) -> Void = { _, _ in }
    ) throws -> Judgement {
        let (network, objective) = (trainer.network, trainer.objective)
        let batch = try batch(source, indices, epoch: epoch)
        let place = BatchPlace(sampleIndices: indices, seed: seed, epoch: epoch)
        let isGiven = simulator.run(network, batch, place, objective, isTraining: false)
        let judgement = objective.judge(
            simulator.outputActivity(network, place, isGiven: isGiven), batch.targets)
        each(batch.targets, judgement)
        return judgement
    }

    /// Runs the network on some samples, and keeps how probable spikes of the outputs were.
    func run(_ source: some SampleSource, _ indices: [Int], epoch: Int) throws {
        let batch = try batch(source, indices, epoch: epoch)
        simulator.run(
            trainer.network, input: batch.input, sampleIndices: indices, seed: seed, epoch: epoch,
            tellsFiring: true)
    }

    func batch(_ source: some SampleSource, _ indices: [Int], epoch: Int) throws -> SampleBatch {
        try source.batch(
            indices, stepCount: trainer.plan.stepCount,
            channelCount: trainer.network.graph.input.channelCount,
            random: RandomStream(seed: seed, purpose: .encoding, epoch: epoch),
            parallelism: trainer.parallelism)
    }
}
