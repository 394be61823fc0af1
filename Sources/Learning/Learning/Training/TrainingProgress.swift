/// Where a training run stands, and what the epoch in progress has done so far.
public struct TrainingProgress: Sendable, Hashable, Codable {
    /// Epochs done.
    public var epoch = 0
    /// Batches done in the epoch in progress.
    public var batch = 0
    package var partial = PartialEpoch()

    package init(epoch: Int = 0) { self.epoch = epoch }

    /// Samples done in the epoch in progress.
    public var sampleCount: Int { partial.sampleCount }

    /// Circuits and shots of the epoch so far, of the local rule.
    public var ledger: ShotLedger? { partial.ledger }

    /// Mean loss over the epoch so far.
    public var loss: Double { partial.lossSum / Double(max(partial.sampleCount, 1)) }

    /// Fraction of the epoch's answers that were right so far; not a number where none can be right or wrong.
    public var accuracy: Double {
        Double(partial.rightCount) / Double(partial.answerCount ?? max(partial.sampleCount, 1))
    }
}

/// Sums over the samples of an epoch.
package struct PartialEpoch: Sendable, Hashable, Codable {
    package var sampleCount = 0
    package var rightCount = 0
    /// Answers that could be right or wrong; nil where each sample is one.
    package var answerCount: Int?
    package var lossSum = 0.0
    package var regulariserSum = 0.0
    package var layerSpikes: [Int] = []
    /// Passes of each sample in ``layerSpikes``; nil for one.
    package var passCount: Int?
    package var seconds = 0.0
    /// Of the local rule.
    package var ledger: ShotLedger?

    package mutating func add(_ outcome: BatchOutcome, sampleCount added: Int) {
        regulariserSum += outcome.regulariser * Double(added)
        lossSum += outcome.judgement.lossSum ?? 0
        rightCount += outcome.judgement.rightCount
        if answerCount != nil || outcome.judgement.answerCount != added {
            answerCount = (answerCount ?? sampleCount) + outcome.judgement.answerCount
        }
        sampleCount += added
        passCount = outcome.passCount == 1 ? nil : outcome.passCount
        if layerSpikes.isEmpty { layerSpikes = outcome.spikeCounts.map { _ in 0 } }
        for (layer, count) in outcome.spikeCounts.enumerated() { layerSpikes[layer] += count }
        if let added = outcome.ledger { ledger = (ledger ?? ShotLedger()) + added }
    }

    package func metrics(epoch: Int, stepCount: Int) -> EpochMetrics {
        let samples = Double(max(sampleCount, 1))
        let rates = layerSpikes.map { Double($0) / samples / Double(stepCount * (passCount ?? 1)) }
        return EpochMetrics(
            epoch: epoch, loss: lossSum / samples, regulariser: regulariserSum / samples,
            trainAccuracy: Double(rightCount) / (answerCount.map { Double($0) } ?? samples),
            spikesPerStep: rates.reduce(0, +),
            layerSpikesPerStep: rates, seconds: seconds, testAccuracy: nil, ledger: ledger)
    }
}
