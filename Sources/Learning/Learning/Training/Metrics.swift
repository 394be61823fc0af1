import Compute
import Neurons

/// What one epoch of training did.
public struct EpochMetrics: Sendable, Hashable, Codable {
    /// From 1.
    public var epoch: Int
    /// Mean over the samples.
    public var loss: Double
    /// Mean over the samples of the regulariser (3), summed over layers; not part of ``loss``.
    public var regulariser: Double
    /// Fraction of the answers to training samples that were right, in their one noisy pass; not a number where answers are not
    /// right or wrong.
    public var trainAccuracy: Double
    /// Spikes of the whole network (without its inputs) for each sample and step.
    public var spikesPerStep: Double
    /// The same for each layer.
    public var layerSpikesPerStep: [Double]
    public var seconds: Double
    /// Fraction of test samples classified rightly in one pass, where it was measured.
    public var testAccuracy: Double?
    /// The same of training samples that were held out.
    public var validationAccuracy: Double?
    /// Circuits and shots of the epoch, of the local rule.
    public var ledger: ShotLedger?
}

/// Accuracy of a network over several passes with different random numbers.
public struct Evaluation: Sendable, Hashable, Codable {
    /// Fraction of the answers that were right, one for each repetition; empty where answers are not right or wrong.
    public var accuracies: [Double]
    /// Mean loss, one for each repetition; empty where a measurement does not tell it.
    public var losses: [Double]
    /// Spikes of the whole network (without its inputs) for each sample and step.
    public var spikesPerStep: Double
    public var layerSpikesPerStep: [Double]
    /// Counts over all repetitions, `[label][prediction]`; empty where no classes are read.
    public var confusion: [[Int]]

    public var meanAccuracy: Double {
        accuracies.reduce(0, +) / Double(max(accuracies.count, 1))
    }

    /// Sample standard deviation over the repetitions; nil for fewer than two, which have none.
    public var accuracyDeviation: Double? { SampleStatistics.standardDeviation(of: accuracies) }
}

extension Evaluation {
    /// Nothing measured yet.
    package init(classCount: Int) {
        (accuracies, losses, spikesPerStep, layerSpikesPerStep) = ([], [], 0, [])
        confusion = [[Int]](repeating: [Int](repeating: 0, count: classCount), count: classCount)
    }
}
