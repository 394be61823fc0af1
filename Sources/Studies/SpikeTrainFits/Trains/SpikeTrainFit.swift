import Compute
import Glibc
import Learning
import Networks
import Neurons
import SpikeTrains

/// Fits of spike trains by maximum likelihood, (13)–(18) of arXiv:2506.21324, the spikes of the output being given.
///
/// A train without inputs is fitted by one neuron at constant current, exactly: classical states that a spike puts back by expectation and
/// maximisation on its intervals, any other neuron with a small memory as ``CircuitFit`` does. A train with inputs, hidden neurons, and larger
/// memories are fitted by gradients through time on pieces of the train, many outputs at once, which are as many beginnings; the likeliest is kept.
public struct SpikeTrainFit: Sendable {
    public var hiddenCount = 0
    /// Delays at which each input is given, steps.
    public var lags: [Int] = [0]
    /// Outputs that are trained beside one another, where there are no hidden neurons.
    public var beginningCount = 32
    /// Steps of a piece of a train.
    public var windowLength = 200
    public var epochCount = 150
    public var learningRate = 0.03
    public var seed: UInt64 = 1
    /// Of a train without inputs.
    public var effort = CircuitFit.Effort.standard
    public var threads = 1

    public init() {}

    /// - Parameters:
    ///   - stepWidth: of the train, in the unit of its file.
    ///   - isStopped: asked after each batch.
    /// - Returns: nil where it was stopped.
    /// - Throws: ``SpikeFitError``, `LearningError`, `MemoryError`.
    public func fit(
        _ neuron: any NeuronModel, to train: SpikeTrain, stepWidth: Double = 1,
        isStopped: () -> Bool = { false }
    ) throws -> SpikeTrainModel? {
        guard neuron.channelCount == 1, neuron.currentCount == 1, neuron.knowsLikelihoods else {
            throw SpikeFitError.train(
                "model \(neuron.kind): found a neuron whose spikes have no likelihood, or of several channels, expected one such as "
                    + "sqs or hidden-states")
        }
        if train.inputs.isEmpty, hiddenCount == 0, neuron.hasSmallMemory {
            return try fitIntervals(neuron, train, stepWidth)
        }
        return try fitGradients(neuron, try train.delayed(by: lags), stepWidth, isStopped)
    }

    private func fitIntervals(
        _ neuron: any NeuronModel, _ train: SpikeTrain, _ stepWidth: Double
    ) throws -> SpikeTrainModel {
        let intervals = train.intervals
        let (parameters, current): ([Double], Double)
        if let states = neuron as? HiddenStates, states.embedding == .measured {
            let law = try IntervalLaw(of: intervals)
            let found = PhaseTypeLaw.fit(
                law.probabilities, stateCount: states.stateCount,
                effort: .enough(for: states.stateCount), seed: seed
            ).law
            (parameters, current) = (states.logits(of: found), 0)
        } else {
            let fit = CircuitFit(.neuron(neuron), to: intervals).best(effort, seed: seed)
            (parameters, current) = (
                Array(fit.parameters.dropLast()), fit.parameters[fit.parameters.count - 1] / .pi
            )
        }
        var network = try SpikeTrainModel.network(
            inputCount: 1, neuron: neuron, hiddenCount: 0, outputCount: 1)
        network.withPopulation(0) { $0[parameters: 0] = parameters.map { Float($0) } }
        network.withProjection(0) { $0[0, 0] = Float(current) }
        return SpikeTrainModel(lags: lags, scales: [], stepWidth: stepWidth, network: network)
    }

    private func fitGradients(
        _ neuron: any NeuronModel, _ train: SpikeTrain, _ stepWidth: Double, _ isStopped: () -> Bool
    ) throws -> SpikeTrainModel? {
        // Hidden neurons would serve all outputs.
        let outputCount = hiddenCount == 0 ? beginningCount : 1
        let scales = train.inputs.map { SpikeTrainModel.Scale(of: $0) }
        var network = try SpikeTrainModel.network(
            inputCount: train.inputs.count + 1, neuron: neuron, hiddenCount: hiddenCount,
            outputCount: outputCount)
        try network.initialize(seed: seed, weightGain: 1, angleDeviation: 1)
        let frame = SpikeTrainModel(lags: lags, scales: scales, stepWidth: stepWidth, network: network)
        let windowCount = train.stepCount / windowLength
        guard windowCount > 0 else {
            throw SpikeFitError.train(
                "found \(train.stepCount) steps, expected at least \(windowLength); fit shorter pieces")
        }
        let series = try frame.series(train.inputs, stepCount: train.stepCount)
        var targets = SpikeRaster(
            sampleCount: windowCount, stepCount: windowLength, neuronCount: outputCount)
        for step in 0..<windowCount * windowLength where train.spikes[step] {
            for neuron in 0..<outputCount {
                targets[step / windowLength, step % windowLength, neuron] = true
            }
        }
        let pieces = try ValueSeries(
            Array(series.values.prefix(windowCount * windowLength * series.inputCount)),
            sampleCount: windowCount, stepCount: windowLength, inputCount: series.inputCount)
        let batchSize = min(8, windowCount)
        var trainer = try Trainer(
            network: network,
            plan: TrainingPlan(
                stepCount: windowLength, epochCount: epochCount, batchSize: batchSize,
                learningRate: learningRate, schedule: .cosine),
            objective: TargetLikelihood(passCount: hiddenCount > 0 ? 4 : 1), seed: seed, threads: threads)
        let source = try ArraySamples(values: pieces, targets: .spikes(targets))
        for _ in 0..<epochCount {
            guard try trainer.trainEpoch(on: source, afterBatch: { _ in !isStopped() }) != nil else {
                return nil
            }
        }
        let found = try SpikeTrainModel.outputLikelihoods(
            trainer.network, series, train.spikes, passes: hiddenCount > 0 ? 8 : 1, seed: seed)
        let sums = (0..<outputCount).map { output in found.reduce(0) { $0 + $1[output] } }
        let best = sums.indices.max { sums[$0] < sums[$1] } ?? 0
        return SpikeTrainModel(
            lags: lags, scales: scales, stepWidth: stepWidth,
            network: try Self.output(best, of: trainer.network, neuron, hiddenCount))
    }

    /// The network with one of its outputs.
    private static func output(
        _ number: Int, of whole: Network, _ neuron: any NeuronModel, _ hiddenCount: Int
    ) throws -> Network {
        var network = try SpikeTrainModel.network(
            inputCount: whole.inputCount, neuron: neuron, hiddenCount: hiddenCount, outputCount: 1)
        for index in network.projections.indices {
            let source = whole.projections[index]
            network.withProjection(index) { projection in
                for input in 0..<projection.inputCount {
                    for target in 0..<projection.neuronCount {
                        projection[input, target] =
                            source[input, projection.neuronCount == source.neuronCount ? target : number]
                    }
                }
            }
        }
        for index in network.populations.indices {
            let source = whole.populations[index]
            network.withPopulation(index) { population in
                for target in 0..<population.neuronCount {
                    population[parameters: target] =
                        source[parameters: population.neuronCount == source.neuronCount ? target : number]
                }
            }
        }
        return network
    }
}

extension NeuronModel {
    /// Whether an interval's map is of few numbers: at most one memory qubit, or two classical ones; or states that are fitted without it.
    fileprivate var hasSmallMemory: Bool {
        switch self {
        case let states as HiddenStates: states.embedding == .measured || states.stateCount <= 4
        case let feedback as LastSpikeFeedback: feedback.history <= 2
        default: circuit.map { $0.memoryQubits <= 1 } ?? false
        }
    }
}

extension HiddenStates {
    /// The logits of a neuron that is a phase-type law without current, a spike putting it back.
    func logits(of law: PhaseTypeLaw) -> [Double] {
        // Without current only x = 0 happens; x = 1 has the same, so that any current says the same.
        (0..<2).flatMap { _ in
            (0..<stateCount).flatMap { state -> [Double] in
                let outcomes =
                    (0..<stateCount).map { law.silent[$0 * stateCount + state] }
                    + (0..<stateCount).map { law.firing[state] * law.start[$0] }
                // Nothing is impossible for a softmax: e⁻⁶⁰ is what is.
                let logs = outcomes.map { log(max($0, 1e-26)) }
                return logs.dropFirst().map { $0 - logs[0] }
            }
        }
    }
}
