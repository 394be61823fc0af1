import Compute
import Networks
import SpikeTrains

/// Surrogate gradients through time, (S10), (S11).
public struct SurrogateGradients: LearningRule, Hashable {
    /// What the derivative of a spike with respect to its probability is taken to be.
    public var surrogate: Surrogate
    /// λ of the sparsity regulariser (3).
    public var regularization: Double
    /// Steps K of truncated backpropagation: no gradient crosses the steps K, 2 K, …; nil for none.
    public var truncation: Int?
    /// Whether a spike is told what it does to its own neuron's memory (`NeuronAdjointPass.creditsOwnSpikes`), and not only what it
    /// does to other neurons and the loss (docs/decisions/0027).
    package var creditsOwnSpikes = false

    public init(
        surrogate: Surrogate = .straightThrough, regularization: Double = 0, truncation: Int? = nil
    ) {
        self.surrogate = surrogate
        self.regularization = regularization
        self.truncation = truncation
    }

    package var needsWholeGradient: Bool { false }

    package func check(_ graph: NetworkGraph, _ objective: any Objective) throws(LearningError) {
        if creditsOwnSpikes,
            let node = graph.nodes.first(where: { !$0.model.engine(.current).creditsOwnSpikes })
        {
            throw .recipe(
                "credit through own spikes: found population \(node.name) of \(node.model.title), whose engine knows no "
                    + "other memory than that of its spikes; expected hidden-bit, hidden-states, last-spike-feedback, memoryless, "
                    + "or sqs with noise (or noise none)"
            )
        }
        guard objective is TargetLikelihood else { return }
        if regularization != 0 || truncation != nil {
            throw .recipe(
                "the likelihood of target spikes is trained without regularization and truncation: the spikes of the "
                    + "outputs are given, not drawn; leave these out")
        }
    }

    package func memoryCeiling(
        _ graph: NetworkGraph, _ plan: TrainingPlan, passCount: Int, threadCount: Int
    ) -> Count {
        SimulatorSize(
            graph, stepCount: plan.stepCount, threadCount: threadCount, truncation: truncation,
            precision: plan.precision
        )
        .memoryCeiling(
            sampleCount: Count.of(plan.batchSize, passCount), regularizes: regularization != 0)
    }

    package func learner(for network: Network, _ plan: TrainingPlan, _ parallelism: Parallelism)
        -> any Learner
    {
        SurrogateLearner(
            self,
            NetworkSimulator(
                network, stepCount: plan.stepCount, parallelism: parallelism, truncation: truncation,
                precision: plan.precision))
    }
}

/// Forward, judgement, backward.
package final class SurrogateLearner: Learner {
    private let rule: SurrogateGradients
    /// Of the last batch.
    package let simulator: NetworkSimulator

    package init(_ rule: SurrogateGradients, _ simulator: NetworkSimulator) {
        self.rule = rule
        self.simulator = simulator
    }

    package func learn(
        _ batch: SampleBatch, _ place: BatchPlace, _ network: Network, _ objective: inout any Objective,
        receiver: some GradientReceiver
    ) -> BatchOutcome {
        simulator.compile(network)
        let passCount = objective.passCount
        let isGiven = simulator.run(
            network, batch, place, objective, isTraining: true, regularizes: rule.regularization != 0)
        let (judgement, errors) = objective.learn(
            simulator.outputActivity(network, place, isGiven: isGiven), batch.targets)
        let sampleCount = place.sampleIndices.count
        let regulariser = simulator.reverse(
            network, outputErrors: errors, surrogate: rule.surrogate.kernelKind,
            outputSurrogate: isGiven
                ? network.outputChannelCount == 1 ? .straightThrough : .recordedPattern : nil,
            creditsOwnSpikes: rule.creditsOwnSpikes,
            regularization: Float(rule.regularization / Double(sampleCount * passCount)), receiver: receiver)
        return BatchOutcome(
            judgement, regulariser: regulariser, spikeCounts: simulator.spikeCounts, passCount: passCount)
    }
}

extension NetworkSimulator {
    /// Runs a batch as an objective wants it.
    ///
    /// - Returns: whether the outputs' spikes were given.
    func run(
        _ network: Network, _ batch: SampleBatch, _ place: BatchPlace, _ objective: any Objective,
        isTraining: Bool, regularizes: Bool = false
    ) -> Bool {
        let given = objective.given(
            batch.targets, isTraining: isTraining,
            outputs: SpikeRaster(
                sampleCount: batch.input.sampleCount, stepCount: stepCount, neuronCount: network.outputCount,
                channelCount: network.outputChannelCount))
        let passCount = isTraining || given != nil ? objective.passCount : 1
        run(
            network, input: batch.input.repeatingSamples(passCount),
            sampleIndices: place.identities(passCount: passCount), seed: place.seed, epoch: place.epoch,
            regularizes: regularizes,
            given: given.map { [network.outputIndex: $0.repeatingSamples(passCount)] } ?? [:])
        return given != nil
    }

    /// What the outputs did in the last run.
    func outputActivity(_ network: Network, _ place: BatchPlace, isGiven: Bool) -> OutputActivity {
        OutputActivity(
            spikes: outputRaster, likelihoods: isGiven ? outputLikelihoods(network) : [],
            sampleIndices: place.sampleIndices, ties: place.ties)
    }
}
