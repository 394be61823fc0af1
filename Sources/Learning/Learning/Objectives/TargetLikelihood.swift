import Compute
import Glibc
import Networks
import Neurons
import SpikeTrains

/// The likelihood of target spike trains, (13)–(18) of arXiv:2506.21324: how improbable it is that the outputs give the spikes
/// that they should.
///
/// The outputs are given the targets o, and M passes draw the hidden spikes h. The loss of a sample is the bound (16),
///
///     L = 1/M Σ_m Σ_t Σ_outputs −log p(o_t | o^{t−1}, h^t(m)) ≥ −log p(o),
///
/// whose expectation is never below the negative log-likelihood (14). Gradients of the output neurons are exact along the given
/// spikes; those of hidden neurons are up to the learning rule.
public struct TargetLikelihood: Objective {
    /// Probabilities below this one have its slope, −1/p; their logarithm is that of the least normal number at least, −87.3.
    static let floor: Float = 1e-6

    public let passCount: Int
    /// Of targets that are classes: all neurons of the right class should fire at every step, all others never; nil where targets are
    /// spikes.
    public let classes: RateDecoder?

    /// - Parameter passCount: M, at least 1.
    public init(passCount: Int, classes: RateDecoder? = nil) {
        precondition(passCount > 0, "there is at least one pass")
        self.passCount = passCount
        self.classes = classes
    }

    public var decoder: (any SpikeDecoder)? { classes }

    public func problem(of targets: TargetShape, stepCount: Int, graph: NetworkGraph) -> String? {
        let output = graph.nodes[graph.outputIndex]
        guard output.model.knowsLikelihoods else {
            return
                "outputs of the graph: found \(output.model.kind) neurons in population \(output.name), whose spikes have no "
                + "likelihood; expected a model that draws its spikes, such as sqs"
        }
        if graph.isCyclic, graph.edges.contains(where: { $0.source == output.name }) {
            return
                "outputs of the graph: found edges from \(output.name) in a graph with cycles, expected none, as its "
                + "spikes are given"
        }
        if case .classes = targets, classes != nil { return nil }
        let expected = TargetShape.spikes(
            stepCount: stepCount, neuronCount: output.neuronCount, channelCount: output.model.channelCount)
        return targets == expected ? nil : "targets: found \(targets), expected \(expected)"
    }

    public func given(
        _ targets: Targets, isTraining: Bool, outputs: @autoclosure () -> SpikeRaster
    ) -> SpikeRaster? {
        switch targets {
        case .spikes(let raster): return raster
        case .values: preconditionFailure("the targets were checked")
        case .classes(let labels):
            guard isTraining, let classes else { return nil }
            var raster = outputs()
            for (sample, label) in labels.enumerated() {
                for neuron in label * classes.neuronsPerClass..<(label + 1) * classes.neuronsPerClass {
                    for step in 0..<raster.stepCount {
                        for channel in 0..<raster.channelCount {
                            raster[sample, step, neuron, channel] = true
                        }
                    }
                }
            }
            return raster
        }
    }

    public func judge(_ outputs: OutputActivity, _ targets: Targets) -> Judgement {
        var judgement = Judgement(lossSum: nil)
        if outputs.likelihoods.isEmpty {
            if let classes, case .classes(let labels) = targets {
                judgement.predictions = classes.predictions(
                    spikeCounts: classes.counts(outputs.spikes), sampleIndices: outputs.sampleIndices,
                    random: outputs.ties)
                judgement.answerCount = labels.count
                judgement.rightCount = zip(judgement.predictions, labels).count { $0 == $1 }
            }
            return judgement
        }
        let sum = outputs.likelihoods.reduce(0.0) { $0 - Double(log(max($1, .leastNormalMagnitude))) }
        judgement.lossSum = sum / Double(passCount)
        return judgement
    }

    public mutating func learn(_ outputs: OutputActivity, _ targets: Targets) -> (Judgement, OutputErrors) {
        let raster = outputs.spikes
        let share = -1 / Float(raster.sampleCount)
        var errors = outputs.likelihoods.map { share / max($0, Self.floor) }
        // Of one channel, p(s_t = 0) = 1 − p(s_t = 1).
        if raster.channelCount == 1 {
            for sample in 0..<raster.sampleCount {
                for step in 0..<raster.stepCount {
                    let row = (sample * raster.stepCount + step) * raster.neuronCount
                    for neuron in 0..<raster.neuronCount where !raster[sample, step, neuron] {
                        errors[row + neuron].negate()
                    }
                }
            }
        }
        return (judge(outputs, targets), .perStep(errors))
    }
}
