import Compute
import Networks
import SpikeDatasets
import SpikeTrains

/// What a network says of one sample.
public struct Prediction: Sendable, Hashable {
    /// The class with the most spikes over all passes; of several, one at random.
    public let label: Int
    /// Spikes of each class's neurons, for each neuron, step, channel and pass, 0…1.
    public let rates: [Double]
    /// Firing probabilities given the neurons' own spikes before, likewise a mean for each class: what ``rates`` is a sample
    /// of.
    public let firingProbabilities: [Double]
}

extension Trainer {
    /// Classifies images of one's own, encoded as the plan says.
    ///
    /// - Throws: as ``predict(_:repetitions:seed:)``.
    public func predict(
        _ images: ImageFile, repetitions: Int = 1, seed: UInt64? = nil
    ) throws -> [Prediction] {
        let classCount = objective.decoder?.classCount ?? 1
        return try predict(
            ArraySamples(
                pixels: images.pixels, inputCount: images.inputCount, encoder: plan.encoder,
                targets: .classes([Int](repeating: 0, count: images.count)), classCount: classCount,
                name: images.path),
            repetitions: repetitions, seed: seed)
    }

    /// Classifies samples in single-shot passes: spikes only.
    ///
    /// With one pass and the run's seed, the classes are those of `evaluate(on:repetitions:)`.
    ///
    /// - Parameters:
    ///   - source: of which the targets are without effect.
    ///   - repetitions: passes, each with random numbers of its own, within ``evaluationCounts``.
    ///   - seed: of the random numbers; that of the run if nil.
    /// - Returns: one prediction a sample.
    /// - Throws: ``LearningError`` for no samples, samples that do not fit the network, and no passes.
    public func predict(
        _ source: some SampleSource, repetitions: Int = 1, seed: UInt64? = nil
    ) throws -> [Prediction] {
        guard let decoder = objective.decoder as? RateDecoder else { throw LearningError.noClassRates }
        try check(source)
        guard Self.evaluationCounts.contains(repetitions) else {
            throw LearningError.repetitions(found: repetitions)
        }
        let evaluator = Evaluator(self, seed: seed ?? self.seed)
        return try stride(from: 0, to: source.count, by: Evaluator.batchSize).flatMap { first in
            let indices = Array(first..<min(first + Evaluator.batchSize, source.count))
            return try predictions(
                evaluator, decoder, source, indices, seed: seed ?? self.seed, repetitions: repetitions)
        }
    }

    private func predictions(
        _ evaluator: Evaluator, _ decoder: RateDecoder, _ source: some SampleSource, _ indices: [Int],
        seed: UInt64, repetitions: Int
    ) throws -> [Prediction] {
        let classCount = decoder.classCount
        var counts = [Int](repeating: 0, count: indices.count * classCount)
        var firing = [Double](repeating: 0, count: counts.count)
        for repetition in 0..<repetitions {
            try evaluator.run(source, indices, epoch: Evaluator.firstEpoch + repetition)
            let simulator = evaluator.simulator
            for (place, count) in decoder.counts(simulator.outputRaster).enumerated() {
                counts[place] += count
            }
            let probabilities = simulator.outputFiring(neuronsPerGroup: decoder.neuronsPerClass)
            for (place, probability) in probabilities.enumerated() { firing[place] += probability }
        }
        let labels = decoder.predictions(
            spikeCounts: counts, sampleIndices: indices,
            random: RandomStream(seed: seed, purpose: .tie, epoch: Evaluator.firstEpoch))
        let spikes =
            decoder.neuronsPerClass * plan.stepCount * network.outputChannelCount * repetitions
        return indices.indices.map { sample in
            let own = sample * classCount..<(sample + 1) * classCount
            return Prediction(
                label: labels[sample], rates: counts[own].map { Double($0) / Double(spikes) },
                firingProbabilities: firing[own].map { $0 / Double(repetitions) })
        }
    }
}
