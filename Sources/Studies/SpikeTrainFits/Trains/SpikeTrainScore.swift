import Compute
import Glibc
import Learning

/// How likely a train is under a model, beside a spike at each step with one probability.
public struct SpikeTrainScore: Sendable, Hashable, Codable {
    /// log p of the whole train over its spikes, nats.
    public let perSpike: Double
    /// By how much that is more than of independent steps with the rate of the trains that were fitted, nats a spike.
    public let gain: MeanInterval
    public let spikeCount: Int

    /// Pieces of the train that the interval is made of: long enough to be independent, about.
    static let pieceCount = 20

    /// - Parameters:
    ///   - logLikelihoods: of each step.
    ///   - rate: spikes a step of the train that was fitted.
    ///   - comparisons: intervals that are to hold together with 95 %.
    public init(_ train: SpikeTrain, logLikelihoods: [Double], rate: Double, comparisons: Int = 1) {
        let baseline = train.spikes.map { $0 ? log(rate) : log(1 - rate) }
        let gains = zip(logLikelihoods, baseline).map { $0 - $1 }
        spikeCount = train.spikeCount
        perSpike = logLikelihoods.reduce(0, +) / Double(spikeCount)
        let mean = Double(spikeCount) / Double(Self.pieceCount)
        // Whole steps, as evenly as can be.
        let pieces = (0..<Self.pieceCount).map { piece -> Double in
            let range =
                piece * gains.count / Self.pieceCount..<(piece + 1) * gains.count / Self.pieceCount
            return gains[range].reduce(0, +) / mean
        }
        gain = MeanInterval(pieces, comparisons: comparisons)
    }
}
