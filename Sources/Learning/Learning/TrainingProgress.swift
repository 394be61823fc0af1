import LocalLearning

/// Where a training run stands, and what the epoch in progress has done so far.
public struct TrainingProgress: Sendable, Hashable, Codable {
    /// Epochs done.
    public var epoch = 0
    /// Batches done in the epoch in progress.
    public var batch = 0
    var partial = PartialEpoch()

    init(epoch: Int = 0) { self.epoch = epoch }

    /// Samples done in the epoch in progress.
    public var sampleCount: Int { partial.sampleCount }

    /// Circuits and shots of the epoch so far, of the local rule.
    public var ledger: ShotLedger? { partial.ledger }

    /// Mean loss over the epoch so far.
    public var loss: Double { partial.lossSum / Double(max(partial.sampleCount, 1)) }

    /// Fraction of the epoch's samples classified rightly so far.
    public var accuracy: Double { Double(partial.rightCount) / Double(max(partial.sampleCount, 1)) }
}

/// Sums over the samples of an epoch.
struct PartialEpoch: Sendable, Hashable, Codable {
    var sampleCount = 0
    var rightCount = 0
    var lossSum = 0.0
    var regulariserSum = 0.0
    var layerSpikes: [Int] = []
    var seconds = 0.0
    /// Of the local rule.
    var ledger: ShotLedger?

    mutating func add(spikeCounts: [Int]) {
        if layerSpikes.isEmpty { layerSpikes = spikeCounts.map { _ in 0 } }
        for (layer, count) in spikeCounts.enumerated() { layerSpikes[layer] += count }
    }

    func metrics(epoch: Int, stepCount: Int) -> EpochMetrics {
        let samples = Double(max(sampleCount, 1))
        let rates = layerSpikes.map { Double($0) / samples / Double(stepCount) }
        return EpochMetrics(
            epoch: epoch, loss: lossSum / samples, regulariser: regulariserSum / samples,
            trainAccuracy: Double(rightCount) / samples, spikesPerStep: rates.reduce(0, +),
            layerSpikesPerStep: rates, seconds: seconds, testAccuracy: nil, ledger: ledger)
    }
}
