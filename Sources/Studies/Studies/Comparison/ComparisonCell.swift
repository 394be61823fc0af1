import Campaigns
import Learning
import Runs
import SpikeDatasets

/// One run of a comparison: a model trained on a data set with one seed, and measured on images that it was not trained on.
///
/// What a model is called is no part of it: two names for the same settings are one run.
struct ComparisonCell: CampaignCell {
    let name: String
    /// With the seed and the digests of the data, and without the program's version.
    let configuration: RunConfiguration
    /// Single-shot passes over the measured images.
    let repetitions: Int

    private enum CodingKeys: CodingKey { case configuration, repetitions }

    init(_ contender: Contender, seed: UInt64, repetitions: Int, digests: [String: String]) {
        name = "\(contender.title) on \(contender.dataset), seed \(seed)"
        var configuration = contender.configuration
        configuration.version = ""
        configuration.seed = seed
        configuration.datasetDigests = digests
        self.configuration = configuration
        self.repetitions = repetitions
    }

    struct Result: Sendable, Codable {
        /// nil for a run that diverged.
        var measured: MeasuredRun?
        /// The epoch, from 1, in which it diverged: the same again whenever it is run, and so no failure to be tried again.
        var divergedEpoch: Int?
    }

    func problem(of result: Result) -> String? {
        switch (result.measured, result.divergedEpoch) {
        case (nil, let epoch?):
            (1...configuration.recipe.epochCount).contains(epoch)
                ? nil : "diverged_epoch: found \(epoch), expected 1 to \(configuration.recipe.epochCount)"
        case (let run?, nil): run.problem(repetitions: repetitions)
        default: "found a measurement beside a divergence, or neither, expected one of both"
        }
    }

    /// Trains and measures, on the calling thread.
    ///
    /// - Parameters:
    ///   - isStopped: asked after every batch.
    ///   - afterEpoch: told the epochs done.
    /// - Returns: nil if it was stopped.
    func result(
        data: DatasetSplits<LabelledDataset>, isStopped: () -> Bool, afterEpoch: (Int) -> Void
    ) throws -> Result? {
        let (train, validation) = try configuration.parts(ofTraining: data.train)
        let measured = validation ?? data.test
        var trainer = try configuration.trainer(for: train, threads: 1)
        var seconds = 0.0
        do {
            let isWhole = try trainer.trainAll(on: train, isStopped: isStopped) { metrics in
                seconds += metrics.seconds
                afterEpoch(metrics.epoch)
            }
            guard isWhole else { return nil }
        } catch LearningError.diverged(let epoch) {
            return Result(divergedEpoch: epoch)
        }
        let evaluation = try trainer.evaluate(on: measured, repetitions: repetitions)
        let run = MeasuredRun(
            accuracies: evaluation.accuracies, spikesPerStep: evaluation.spikesPerStep,
            layerSpikesPerStep: evaluation.layerSpikesPerStep,
            parameterCount: try configuration.parameterCount(
                inputCount: train.inputCount, classCount: train.classCount),
            cost: try trainer.inferenceCost(on: measured),
            secondsPerEpoch: seconds / Double(configuration.recipe.epochCount))
        return Result(measured: run)
    }
}

/// What was measured of one trained network.
public struct MeasuredRun: Sendable, Hashable, Codable {
    /// Fraction of the measured images classified rightly, in each single-shot pass.
    public var accuracies: [Double]
    /// Spikes of the whole network, without its inputs, for each image and step.
    public var spikesPerStep: Double
    public var layerSpikesPerStep: [Double]
    /// Trainable numbers.
    public var parameterCount: Int
    /// Of one pass over the measured images.
    public var cost: InferenceCost
    /// Of training, on one thread.
    public var secondsPerEpoch: Double

    private enum CodingKeys: String, CodingKey {
        case accuracies, spikesPerStep, layerSpikesPerStep, cost, secondsPerEpoch
        case parameterCount = "parameters"
    }

    /// Mean over the passes.
    public var accuracy: Double { accuracies.reduce(0, +) / Double(accuracies.count) }

    /// Mean spikes of one neuron in one step, 0…1; nil of a model without spikes.
    public var spikesPerNeuronPerStep: Double? {
        cost.neuronCount == 0 ? nil : spikesPerStep / Double(cost.neuronCount)
    }

    /// What cannot be in it, nil if nothing.
    func problem(repetitions: Int) -> String? {
        // A model that draws nothing makes one pass.
        let passes = cost.neuronCount == 0 ? 1 : repetitions
        if accuracies.count != passes {
            return "accuracies: found \(accuracies.count), expected \(passes)"
        }
        if let index = accuracies.firstIndex(where: { !(0...1).contains($0) }) {
            return "accuracies[\(index)]: found \(accuracies[index]), expected 0 to 1"
        }
        let operations = cost.operations
        for (name, count) in [
            ("parameters", parameterCount), ("cost.steps", cost.stepCount),
            ("cost.operations.inferences", operations.inferences), ("cost.shots", cost.shots ?? 1),
        ] where count < 1 {
            return "\(name): found \(count), expected at least 1"
        }
        for (name, count) in [
            ("cost.neurons", cost.neuronCount), ("cost.operations.dense", operations.dense),
            ("cost.operations.effective_macs", operations.effectiveMACs),
            ("cost.operations.effective_acs", operations.effectiveACs),
        ] where count < 0 {
            return "\(name): found \(count), expected at least 0"
        }
        for amount in layerSpikesPerStep + [spikesPerStep, secondsPerEpoch]
        where !(amount >= 0 && amount.isFinite) {
            return "found \(amount) spikes a step or seconds an epoch, expected a number of at least 0"
        }
        return nil
    }
}
