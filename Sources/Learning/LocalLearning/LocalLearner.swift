import Compute
import Learning
import QuantumBackends
import SpikeTrains
import Networks
import Neurons

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
    /// Of each projection, the inputs that are connected to each neuron; nil where all are.
    private let connected: [[UInt64]?]

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
    }

    /// - Parameters:
    ///   - network: only its shape is used here.
    ///   - trains: which parameters are trained.
    /// - Throws: ``LocalRuleError`` for neurons that cannot learn by the rule, `CircuitError` or `NoiseError` for a circuit that
    ///   cannot be folded or run.
    package init(
        _ rule: LocalRule, network: Network, stepCount: Int, parallelism: Parallelism,
        trains receiver: some GradientReceiver
    ) throws {
        precondition(rule.problem == nil, "the rule's values are in range")
        self.rule = rule
        self.stepCount = stepCount
        self.parallelism = parallelism
        simulator = NetworkSimulator(
            network, stepCount: stepCount, parallelism: parallelism, precision: .float32)
        outputNode = network.outputIndex
        connected = network.projections.map(PerturbedProjection.connectedInputs)
        let simulator = simulator
        learners = try network.populations.enumerated().map { node, population in
            let trainsSynapses = simulator.projections(onto: node).contains(
                where: receiver.trainsProjection)
            let trainsAngles = receiver.trainsPopulation(node)
            // The outputs' likelihood is the feedback, trained or not.
            guard trainsSynapses || trainsAngles || node == network.outputIndex else { return nil }
            _ = try population.model.asLocalNeuron()
            if rule.estimator == .exact {
                return .exact(
                    ExactPopulation(
                        rule, population: population, stepCount: stepCount, parallelism: parallelism))
            }
            let counts = ProbeCounts(
                rule, model: population.model, neuronCount: population.neuronCount, stepCount: stepCount,
                trainsSynapses: trainsSynapses, trainsAngles: trainsAngles)
            return .probes(
                try PopulationProbes(counts, model: population.model, parallelism: parallelism))
        }
    }

    /// The gradient of the negative log-likelihood of the targets, mean over samples and passes and summed over steps.
    ///
    /// - Parameters:
    ///   - input: spikes of the inputs, `[sample][step][input][channel]`.
    ///   - targets: spikes that the outputs should have, `[sample][step][neuron][channel]`.
    ///   - sampleIndices: identity of each sample in the random streams.
    ///   - runner: runs the circuits of all neurons; nil where they are simulated here.
    ///   - receiver: is handed the gradient.
    /// - Throws: what `runner` throws, before anything has been handed over; nothing without one.
    package func learn(
        _ network: Network, input: SpikeRaster, targets: SpikeRaster, sampleIndices: [Int], seed: UInt64,
        epoch: Int, runner: CircuitRunner? = nil, receiver: some GradientReceiver
    ) throws -> Update {
        let passes = rule.passCount
        let identities = sampleIndices.flatMap { index in (0..<passes).map { index * passes + $0 } }
        let batch = LocalBatch(
            sampleCount: sampleIndices.count, passCount: passes, stepCount: stepCount,
            identities: identities.map { UInt32(truncatingIfNeeded: $0) }, seed: seed, epoch: epoch)
        let input = input.repeatingSamples(passes)
        var given = [outputNode: targets.repeatingSamples(passes)]
        simulator.compile(network)
        func run() {
            simulator.run(
                network, input: input, sampleIndices: identities, seed: seed, epoch: epoch, given: given)
        }
        var measured: [Int: MeasuredProbes] = [:]
        if let runner {
            // Population after population: the currents of each depend on what those before it answered.
            for node in simulator.orderWithoutCycles ?? [] where node != outputNode {
                run()
                given[node] = try spikes(of: node, network, batch, runner)
            }
            run()
            measured = try measure(network, batch, runner)
        } else {
            run()
        }
        var update = Update(logLikelihood: 0, ledger: ShotLedger())
        let hiddenCount = hiddenCount(network)
        update.ledger.passes = .init(
            circuits: batch.runCount * hiddenCount, shots: batch.runCount * hiddenCount)

        let share = -1 / Float(batch.runCount)
        let ofOutputs = [Float](repeating: share, count: batch.rowCount)
        let feedback = learn(
            outputNode, network, batch, credit: ofOutputs, measured[outputNode], receiver, &update)
        update.logLikelihood =
            feedback.reduce(0) { $0 + Double($1) } / Double(batch.runCount)
        let credit = rule.credit(feedback: feedback, batch).map { share * $0 }
        for node in network.populations.indices where node != outputNode {
            _ = learn(node, network, batch, credit: credit, measured[node], receiver, &update)
        }
        return update
    }

    private func hiddenCount(_ network: Network) -> Int {
        network.populations.indices.reduce(0) {
            $1 == outputNode ? $0 : $0 + network.populations[$1].neuronCount
        }
    }

    /// Spikes of a hidden population on a backend, one shot of T steps for each neuron and pass.
    private func spikes(
        of node: Int, _ network: Network, _ batch: LocalBatch, _ runner: CircuitRunner
    ) throws -> SpikeRaster {
        let population = network.populations[node]
        let activity = activity(node, network)
        let neuron = try NeuronCircuit(population.model.circuitOfDevice(), stepCount: stepCount)
        var sets: [[Double]] = []
        for index in 0..<population.neuronCount {
            let angles = population[parameters: index].map { Double($0) }
            for run in 0..<batch.runCount {
                let rows = run * stepCount..<(run + 1) * stepCount
                let currents = rows.map { row in
                    (0..<activity.channelCount).map {
                        Double(activity.current(index, channel: $0, row: row))
                    }
                }
                sets.append(try neuron.parameters(angles: angles, currents: currents))
            }
        }
        let counts = try runner(
            "passes of \(network.graph.nodes[node].name)",
            [CircuitTask(neuron, parameterSets: sets, shots: 1)])
        var raster = SpikeRaster(
            sampleCount: batch.runCount, stepCount: stepCount, neuronCount: population.neuronCount,
            channelCount: activity.channelCount)
        for index in 0..<population.neuronCount {
            for run in 0..<batch.runCount {
                guard let history = counts[0][index * batch.runCount + run].entries.first?.history else {
                    continue
                }
                for step in 0..<stepCount {
                    for channel in 0..<activity.channelCount where history.fires(step: step, channel: channel)
                    {
                        raster[run, step, index, channel] = true
                    }
                }
            }
        }
        return raster
    }

    /// The shots of all populations' probes, in one batch.
    private func measure(
        _ network: Network, _ batch: LocalBatch, _ runner: CircuitRunner
    ) throws -> [Int: MeasuredProbes] {
        var tasks: [CircuitTask] = []
        var ranges: [Int: Range<Int>] = [:]
        for node in network.populations.indices {
            guard case .probes(let probes)? = learners[node] else { continue }
            let own = try probes.tasks(activity(node, network), batch, network.populations[node])
            ranges[node] = tasks.count..<tasks.count + own.count
            tasks += own
        }
        let counts = try runner("probes", tasks)
        var measured: [Int: MeasuredProbes] = [:]
        for (node, range) in ranges {
            guard case .probes(let probes)? = learners[node] else { continue }
            measured[node] = probes.measured(Array(counts[range]), activity(node, network), batch)
        }
        return measured
    }

    /// Estimates and hands over the gradient of one population.
    ///
    /// - Returns: Σ over its neurons of log p(s_t | s^{t−1}), `[row]`.
    private func learn(
        _ node: Int, _ network: Network, _ batch: LocalBatch, credit: [Float], _ measured: MeasuredProbes?,
        _ receiver: some GradientReceiver, _ update: inout Update
    ) -> [Float] {
        guard let learner = learners[node] else { return [] }
        let population = network.populations[node]
        let activity = activity(node, network)
        let logs: BufferView<Float>
        switch learner {
        case .exact(let exact):
            exact.compile(population)
            let result = exact.run(activity, population, credit: credit, runCount: batch.runCount)
            simulator.handOverWeights(
                onto: node, currentErrors: result.currentErrors, network, receiver)
            if receiver.trainsPopulation(node) {
                receiver.receiveParameters(
                    population: node, offset: 0, gradient: result.parameters.view.view)
            }
            logs = result.ownLogLikelihoods.view.view
        case .probes(let probes):
            if measured == nil { probes.compile(population, parallelism: parallelism) }
            let result = probes.run(
                activity, batch, credit: credit, measured: measured, parallelism: parallelism)
            update.ledger += result.ledger
            let gradient = ProbeGradient(
                probes, result, activity, batch, network, parallelism: parallelism)
            gradient.handOver(to: receiver)
            logs = result.ownLogLikelihoods.view.view
        }
        return (0..<batch.rowCount).map { row in
            (0..<population.neuronCount).reduce(Float(0)) { $0 + logs[$1 * batch.rowCount + row] }
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
                (0..<channelCount).map { current in
                    PerturbedProjection(
                        index: index, current: current,
                        spikes: simulator.arrivingSpikes(index, current: current),
                        connected: connected[index])
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
        guard baseline == .otherPasses, batch.passCount > 1 else { return credit }
        var adjusted = credit
        for sample in 0..<batch.sampleCount {
            for step in 0..<batch.stepCount {
                let rows = (0..<batch.passCount).map {
                    (sample * batch.passCount + $0) * batch.stepCount + step
                }
                let sum = rows.reduce(Float(0)) { $0 + credit[$1] }
                for row in rows { adjusted[row] -= (sum - credit[row]) / Float(batch.passCount - 1) }
            }
        }
        return adjusted
    }
}
