import Compute
import Networks

/// How the gradient of a batch is found.
///
/// Of the package: a rule is handed the simulator's gradients as the engines have them.
package protocol LearningRule: Sendable {
    /// Whether a batch's gradient must be whole before any parameter changes, as where a batch can fail half way.
    var needsWholeGradient: Bool { get }

    /// Refuses a graph or an objective that the rule is not for.
    ///
    /// - Throws: ``LearningError``.
    func check(_ graph: NetworkGraph, _ objective: any Objective) throws(LearningError)

    /// Bytes that updates take at most, with all working memory of the network's simulation.
    ///
    /// - Throws: `CircuitError` or `NoiseError` for circuits that the rule cannot run.
    func memoryCeiling(_ graph: NetworkGraph, _ plan: TrainingPlan, passCount: Int, threadCount: Int) throws
        -> Count

    /// Takes the working memory of an epoch.
    func learner(for network: Network, _ plan: TrainingPlan, _ parallelism: Parallelism) throws -> any Learner
}

/// Finds the gradients of one batch after the other.
package protocol Learner: AnyObject {
    /// - Parameters:
    ///   - network: may be changed by the receiver, part by part, as it is handed the gradient.
    ///   - objective: keeps the gradient of its own numbers.
    ///   - receiver: is handed the gradient of the mean loss.
    func learn(
        _ batch: SampleBatch, _ place: BatchPlace, _ network: Network, _ objective: inout any Objective,
        receiver: some GradientReceiver
    ) throws -> BatchOutcome
}

/// Which batch it is, for random numbers and names.
package struct BatchPlace: Sendable {
    /// Identity of each sample in the random streams.
    package var sampleIndices: [Int]
    package var seed: UInt64
    package var epoch: Int
    package var batch: Int

    package init(sampleIndices: [Int], seed: UInt64, epoch: Int, batch: Int = 0) {
        self.sampleIndices = sampleIndices
        self.seed = seed
        self.epoch = epoch
        self.batch = batch
    }

    package var ties: RandomStream { RandomStream(seed: seed, purpose: .tie, epoch: epoch) }

    /// Identities of the passes of each sample.
    func identities(passCount: Int) -> [Int] {
        passCount == 1
            ? sampleIndices
            : sampleIndices.flatMap { index in (0..<passCount).map { index * passCount + $0 } }
    }
}

/// What one batch did.
package struct BatchOutcome: Sendable {
    package var judgement: Judgement
    /// The regulariser (3), mean over the samples.
    package var regulariser: Double
    /// Spikes of each population, summed over samples and passes.
    package var spikeCounts: [Int]
    package var passCount: Int
    package var ledger: ShotLedger?

    package init(
        _ judgement: Judgement, regulariser: Double = 0, spikeCounts: [Int], passCount: Int = 1,
        ledger: ShotLedger? = nil
    ) {
        self.judgement = judgement
        self.regulariser = regulariser
        self.spikeCounts = spikeCounts
        self.passCount = passCount
        self.ledger = ledger
    }
}
