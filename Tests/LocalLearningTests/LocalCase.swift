import Compute
import QuantumCircuits
import SpikeTrains
import Networks
import Neurons
import TestSupport

@testable import LocalLearning

/// A network with random parameters, random input spikes and random targets.
struct LocalCase: Sendable {
    var network: Network
    let input: SpikeRaster
    let targets: SpikeRaster
    let stepCount: Int

    /// - Parameters:
    ///   - layers: neurons of each layer, input side first.
    ///   - delay: of the projections between layers.
    ///   - isDriven: whether all weights are positive, so that no current is near 0 where its slope jumps.
    init(
        _ model: any NeuronModel, inputCount: Int = 7, layers: [Int] = [2], delay: Int = 0, stepCount: Int = 4,
        sampleCount: Int = 3, isDriven: Bool = false, seed: UInt64 = 1
    ) throws {
        let names = layers.indices.map { "layer\($0)" }
        let nodes = zip(names, layers).map { NetworkGraph.Node($0, model: model, neuronCount: $1) }
        let edges = zip(["input"] + names.dropLast(), names).enumerated().map { index, pair in
            NetworkGraph.Edge(pair.0, pair.1, delay: index == 0 ? 0 : delay)
        }
        let graph = try NetworkGraph(
            input: .init(neuronCount: inputCount, channelCount: model.channelCount), nodes: nodes,
            edges: edges, outputs: [names[names.count - 1]])
        var network = try Network(graph)
        try network.initialize(seed: seed, weightGain: 1.5, angleMean: 0.7, angleDeviation: 0.9)
        if isDriven {
            for index in network.projections.indices {
                network.withProjection(index) { projection in
                    projection.weights = AlignedBuffer(
                        projection.weights.array.map { $0 == 0 ? 0 : 0.15 + 0.3 * abs($0) })
                }
            }
        }
        self.network = network
        self.stepCount = stepCount
        var random = RandomStream(seed: seed, purpose: .analysis).generator(sample: 5)
        func raster(_ neuronCount: Int) -> SpikeRaster {
            var raster = SpikeRaster(
                sampleCount: sampleCount, stepCount: stepCount, neuronCount: neuronCount,
                channelCount: model.channelCount)
            for sample in 0..<sampleCount {
                for step in 0..<stepCount {
                    for neuron in 0..<neuronCount {
                        for channel in 0..<model.channelCount {
                            raster[sample, step, neuron, channel] = Bool.random(using: &random)
                        }
                    }
                }
            }
            return raster
        }
        input = raster(inputCount)
        targets = raster(layers[layers.count - 1])
    }

    /// One update's gradient; another seed draws other passes, perturbations and shots.
    func learn(
        _ rule: LocalRule, seed: UInt64 = 1, threads: Int = 1, runner: CircuitRunner? = nil,
        isFrozen: @escaping @Sendable (Int) -> Bool = { _ in false }
    ) throws -> (gradient: GradientRecorder, update: LocalLearner.Update) {
        let recorder = GradientRecorder(network, isFrozen: isFrozen)
        let learner = try LocalLearner(
            rule, network: network, stepCount: stepCount, parallelism: Parallelism(threadCount: threads),
            trains: recorder)
        let update = try learner.learn(
            network, input: input, targets: targets, sampleIndices: Array(0..<input.sampleCount), seed: seed,
            epoch: 0, runner: runner, receiver: recorder)
        return (recorder, update)
    }

    /// The exact gradient of Σ_t log p(s_t | s^{t−1}) of one population of a network without hidden neurons, by the
    /// reference: what ``GradientRecorder/values(ofPopulation:)`` should be, but for the sign and the mean over samples.
    func referenceGradient() throws -> [Double] {
        let (population, projection) = (network.populations[0], network.projections[0])
        let channels = population.model.channelCount
        var weights = [Double](
            repeating: 0, count: channels * projection.inputCount * population.neuronCount)
        var angles: [Double] = []
        for neuron in 0..<population.neuronCount {
            let reference = try ReferenceNeuron(
                population.model, parameters: population[parameters: neuron].map { Double($0) })
            var ofAngles = [Double](repeating: 0, count: population.model.parameterCount)
            for sample in 0..<input.sampleCount {
                let currents = (0..<stepCount).map { step in
                    (0..<channels).map { channel in
                        input.activeNeurons(sample: sample, step: step, channel: channel).reduce(0.0) {
                            $0 + Double(projection[$1, neuron, channel])
                        }
                    }
                }
                let spikes = (0..<stepCount).map { step in
                    (0..<channels).map { targets[sample, step, neuron, $0] ? 1 : 0 }
                }
                let gradient = try reference.logLikelihoodGradient(currents: currents, spikes: spikes)
                for (index, slope) in gradient.parameters.enumerated() { ofAngles[index] += slope }
                for step in 0..<stepCount {
                    for channel in 0..<channels {
                        for index in input.activeNeurons(sample: sample, step: step, channel: channel) {
                            let place =
                                (channel * projection.inputCount + index) * population.neuronCount + neuron
                            weights[place] += gradient.currents[step][channel]
                        }
                    }
                }
            }
            angles += ofAngles
        }
        return (weights + angles).map { -$0 / Double(input.sampleCount) }
    }
}
