import Compute
import SpikeTrains
import SpikingNetworks
import SpikingNeurons

/// Runs the local rule on a network: global passes, the estimates of all neurons, the gradient of every parameter.
///
/// Holds working memory only; the same batch gives the same gradient, bit for bit, for any number of threads.
package final class LocalLearner {
    package let rule: LocalRule
    private let stepCount: Int
    private let parallelism: Parallelism
    private let simulator: NetworkSimulator
    private let outputNode: Int
    private let learners: [Learner?]

    /// How one population learns.
    private enum Learner {
        case exact(ExactPopulation)
        case probes(PopulationProbes)
    }

    /// What an update came to.
    package struct Update {
        /// Mean over samples and passes of Σ_t ℓ_t, the log-likelihood of the outputs, as estimated.
        package var logLikelihood: Double
        package var ledger: ShotLedger
        /// Spikes of each population, summed over samples, passes and steps; those of the outputs are the ones they were given.
        package var spikeCounts: [Int]
    }

    /// - Parameters:
    ///   - network: only its shape is used here.
    ///   - trains: which parameters are trained.
    /// - Throws: `CircuitError` or `NoiseError` for a circuit that cannot be folded or run.
    package init(
        _ rule: LocalRule, network: Network, stepCount: Int, parallelism: Parallelism,
        trains receiver: some GradientReceiver
    ) throws {
        precondition(rule.problem == nil, "the rule's values are in range")
        self.rule = rule
        self.stepCount = stepCount
        self.parallelism = parallelism
        simulator = NetworkSimulator(network, stepCount: stepCount, parallelism: parallelism)
        outputNode = network.outputIndex
        let simulator = simulator
        learners = try network.populations.enumerated().map { node, population in
            let trainsSynapses = simulator.projections(onto: node).contains(
                where: receiver.trainsProjection)
            let trainsAngles = receiver.trainsPopulation(node)
            // The outputs' likelihood is the feedback, trained or not.
            guard trainsSynapses || trainsAngles || node == network.outputIndex else { return nil }
            if rule.estimator == .exact {
                return .exact(
                    ExactPopulation(
                        rule, population: population, stepCount: stepCount, parallelism: parallelism))
            }
            return .probes(
                try PopulationProbes(
                    rule, population: population, stepCount: stepCount, trainsSynapses: trainsSynapses,
                    trainsAngles: trainsAngles, parallelism: parallelism))
        }
    }

    /// Circuits and shots of an update on so many samples: what the formulas say.
    package func ledger(sampleCount: Int, hiddenCount: Int) -> ShotLedger {
        let runCount = sampleCount * rule.passCount
        var ledger = ShotLedger()
        for case .probes(let probes)? in learners { ledger += probes.ledger(runCount: runCount) }
        ledger.passes = .init(circuits: runCount * hiddenCount, shots: runCount * hiddenCount)
        return ledger
    }

    /// The gradient of the negative log-likelihood of the targets, mean over samples and passes and summed over steps.
    ///
    /// - Parameters:
    ///   - input: spikes of the inputs, `[sample][step][input][channel]`.
    ///   - targets: spikes that the outputs should have, `[sample][step][neuron][channel]`.
    ///   - sampleIndices: identity of each sample in the random streams.
    ///   - receiver: is handed the gradient.
    package func learn(
        _ network: Network, input: SpikeRaster, targets: SpikeRaster, sampleIndices: [Int], seed: UInt64,
        epoch: Int, receiver: some GradientReceiver
    ) -> Update {
        let passes = rule.passCount
        let identities = sampleIndices.flatMap { index in (0..<passes).map { index * passes + $0 } }
        let batch = LocalBatch(
            sampleCount: sampleIndices.count, passCount: passes, stepCount: stepCount,
            identities: identities.map { UInt32(truncatingIfNeeded: $0) }, seed: seed, epoch: epoch)
        simulator.compile(network)
        simulator.run(
            network, input: input.repeatingSamples(passes), sampleIndices: identities, seed: seed,
            epoch: epoch, outputs: targets.repeatingSamples(passes))
        var update = Update(logLikelihood: 0, ledger: ShotLedger(), spikeCounts: simulator.spikeCounts)
        let hiddenCount = network.populations.indices.reduce(0) {
            $1 == outputNode ? $0 : $0 + network.populations[$1].neuronCount
        }
        update.ledger.passes = .init(
            circuits: batch.runCount * hiddenCount, shots: batch.runCount * hiddenCount)

        let share = -1 / Float(batch.runCount)
        let ofOutputs = [Float](repeating: share, count: batch.rowCount)
        let feedback = learn(outputNode, network, batch, credit: ofOutputs, receiver, &update)
        update.logLikelihood =
            feedback.reduce(0) { $0 + Double($1) } / Double(batch.runCount)
        let credit = rule.credit(feedback: feedback, batch).map { share * $0 }
        for node in network.populations.indices where node != outputNode {
            _ = learn(node, network, batch, credit: credit, receiver, &update)
        }
        return update
    }

    /// Estimates and hands over the gradient of one population.
    ///
    /// - Returns: Σ over its neurons of log p(s_t | s^{t−1}), `[row]`.
    private func learn(
        _ node: Int, _ network: Network, _ batch: LocalBatch, credit: [Float],
        _ receiver: some GradientReceiver, _ update: inout Update
    ) -> [Float] {
        guard let learner = learners[node] else { return [] }
        let population = network.populations[node]
        let activity = activity(node, network)
        let logs: AlignedBuffer<Float>
        switch learner {
        case .exact(let exact):
            exact.compile(population)
            let result = exact.run(activity, population, credit: credit, runCount: batch.runCount)
            simulator.handOverWeights(
                onto: node, currentErrors: result.currentErrors, network, receiver)
            if receiver.trainsPopulation(node) {
                result.angles.withUnsafeBufferPointer {
                    receiver.receiveAngles(population: node, offset: 0, gradient: $0)
                }
            }
            logs = result.ownLogLikelihoods
        case .probes(let probes):
            probes.compile(population, parallelism: parallelism)
            let result = probes.run(activity, batch, credit: credit, parallelism: parallelism)
            update.ledger += result.ledger
            let gradient = ProbeGradient(
                probes, result, activity, batch, network, parallelism: parallelism)
            gradient.handOver(to: receiver)
            logs = result.ownLogLikelihoods
        }
        return (0..<batch.rowCount).map { row in
            (0..<population.neuronCount).reduce(Float(0)) { $0 + logs.base[$1 * batch.rowCount + row] }
        }
    }

    private func activity(_ node: Int, _ network: Network) -> LocalActivity {
        let population = network.populations[node]
        let channelCount = population.model.channelCount
        let projections = rule.estimator == .exact ? [] : simulator.projections(onto: node)
        return LocalActivity(
            node: node, neuronCount: population.neuronCount, channelCount: channelCount,
            currents: simulator.currents(of: node), spikes: simulator.raster(of: node),
            projections: projections.flatMap { index in
                (0..<channelCount).map { channel in
                    PerturbedProjection(
                        index, channel: channel,
                        spikes: simulator.arrivingSpikes(index, channel: channel, network),
                        network.projections[index])
                }
            })
    }
}

extension LocalRule {
    /// What hidden spikes are given credit for at each step, from the feedback ℓ_t: `[row]`, both.
    func credit(feedback: [Float], _ batch: LocalBatch) -> [Float] {
        var credit = feedback
        if self.credit == .returnToGo {
            for run in 0..<batch.runCount {
                for step in (0..<batch.stepCount - 1).reversed() {
                    let row = run * batch.stepCount + step
                    credit[row] += credit[row + 1]
                }
            }
        }
        guard baseline == .otherPasses, passCount > 1 else { return credit }
        var adjusted = credit
        for sample in 0..<batch.sampleCount {
            for step in 0..<batch.stepCount {
                let rows = (0..<passCount).map { (sample * passCount + $0) * batch.stepCount + step }
                let sum = rows.reduce(Float(0)) { $0 + credit[$1] }
                for row in rows { adjusted[row] -= (sum - credit[row]) / Float(passCount - 1) }
            }
        }
        return adjusted
    }
}
