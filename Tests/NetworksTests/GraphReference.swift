import Compute
import QuantumCircuits
import SpikeTrains
import Neurons

@testable import Networks

/// A network over any graph in plain double-precision code, along spikes that are given.
struct GraphReference {
    let network: Network
    let input: SpikeRaster
    /// One a population.
    let rasters: [SpikeRaster]
    let truncation: Int?

    private var graph: NetworkGraph { network.graph }
    private var stepCount: Int { input.stepCount }

    private func edges(onto node: Int) -> [Int] {
        graph.edges.indices.filter { graph.edges[$0].target == graph.nodes[node].name }
    }

    private func edges(from node: Int) -> [Int] {
        graph.edges.indices.filter { graph.edges[$0].source == graph.nodes[node].name }
    }

    /// Presynaptic neurons whose spikes arrive at a step; of a pooled plane those of which a neuron spiked in their window.
    private func arriving(_ edge: Int, channel: Int, sample: Int, step: Int) -> [Int] {
        let sent = step - graph.edges[edge].delay
        guard sent >= 0 else { return [] }
        let raster = graph.nodeIndex(graph.edges[edge].source).map { rasters[$0] } ?? input
        guard let pooling = graph.edges[edge].pooling else {
            return raster.activeNeurons(sample: sample, step: sent, channel: channel)
        }
        return (0..<pooling.outputCount).filter { place in
            pooling.window(place).contains { raster[sample, sent, $0, channel] }
        }
    }

    /// Presynaptic neurons that a population's neuron is for an edge's synapses, itself or its place in the pooled plane, and the
    /// derivative of their spike by its own.
    private func presynaptic(_ edge: Edge, _ neuron: Int, _ node: Int) -> [(neuron: Int, slope: Double)] {
        guard let pooling = graph.edges[edge.index].pooling else { return [(neuron, 1)] }
        return (0..<pooling.outputCount).compactMap { place in
            let window = pooling.window(place)
            guard window.contains(neuron) else { return nil }
            let others = window.filter {
                $0 != neuron && rasters[node][edge.sample, edge.step, $0, edge.channel]
            }
            return (place, others.isEmpty ? 1 : 0)
        }
    }

    private struct Edge {
        let index: Int
        let sample: Int
        let step: Int
        let channel: Int
    }

    /// (1) with delays, `[step][channel]`.
    func currents(_ node: Int, neuron: Int, sample: Int) -> [[Double]] {
        (0..<stepCount).map { step in
            (0..<graph.nodes[node].model.channelCount).map { channel in
                edges(onto: node).reduce(0) { sum, edge in
                    arriving(edge, channel: channel, sample: sample, step: step).reduce(sum) {
                        $0 + Double(network.projections[edge][$1, neuron, channel])
                    }
                }
            }
        }
    }

    /// 0 or 1, `[step][channel]`.
    func spikes(_ node: Int, neuron: Int, sample: Int) -> [[Int]] {
        (0..<stepCount).map { step in
            (0..<graph.nodes[node].model.channelCount).map {
                rasters[node][sample, step, neuron, $0] ? 1 : 0
            }
        }
    }

    func neuron(_ node: Int, _ neuron: Int) throws -> ReferenceNeuron {
        let population = network.populations[node]
        return try ReferenceNeuron(
            population.model, parameters: population[parameters: neuron].map { Double($0) })
    }

    struct Gradient {
        /// In the shape of the projections, so that synapses which share a weight share its gradient.
        var projections: [Projection]
        /// `[node][neuron][angle]`
        var angles: [[[Double]]]
    }

    /// What one neuron's firing probabilities depend on: ∂p(t, n)/∂z(t', n') and ∂p(t, n)/∂θ.
    private struct Slopes {
        var currents: [[[[Double]]]] = []
        var angles: [[[Double]]] = []
    }

    private func slopes(_ node: Int, _ index: Int, sample: Int) throws -> Slopes {
        let neuron = try neuron(node, index)
        let currents = currents(node, neuron: index, sample: sample)
        let spikes = spikes(node, neuron: index, sample: sample)
        var slopes = Slopes()
        for step in 0..<stepCount {
            // Gradients are cut by beginning at the memory of the piece, which a run from the first step has.
            var ofCurrents: [[[Double]]] = []
            var ofAngles: [[Double]] = []
            for channel in 0..<neuron.channelCount {
                var weights = [[Double]](
                    repeating: [Double](repeating: 0, count: neuron.channelCount), count: stepCount)
                weights[step][channel] = 1
                let gradient = try neuron.firingProbabilityGradient(
                    weights: weights, currents: currents, spikes: spikes)
                ofCurrents.append(gradient.currents)
                ofAngles.append(gradient.parameters)
            }
            slopes.currents.append(ofCurrents)
            slopes.angles.append(ofAngles)
        }
        return slopes
    }

    private func isSamePiece(_ step: Int, _ other: Int) -> Bool {
        truncation.map { step / $0 == other / $0 } ?? true
    }

    /// Backpropagation through time with straight-through spikes: step by step from the last, each population after those
    /// that it acts on within the step.
    ///
    /// - Parameter outputErrors: `[sample][step][neuron]` of the population that is read out.
    func gradient(outputErrors: [[[Double]]]) throws -> Gradient {
        var gradient = Gradient(
            projections: network.projections.map {
                var zero = $0
                zero.weights = AlignedBuffer(repeating: 0, count: zero.weights.count)
                return zero
            },
            angles: network.populations.map {
                [[Double]](
                    repeating: [Double](repeating: 0, count: $0.model.parameterCount), count: $0.neuronCount)
            })
        let order = NetworkSchedule(graph).components.flatMap(\.nodes)
        for sample in 0..<input.sampleCount {
            let slopes = try graph.nodes.indices.map { node in
                try (0..<graph.nodes[node].neuronCount).map { try self.slopes(node, $0, sample: sample) }
            }
            // ∂L/∂z, [node][neuron][step][channel]
            var errors = graph.nodes.map { node in
                [[[Double]]](
                    repeating: [[Double]](
                        repeating: [Double](repeating: 0, count: node.model.channelCount), count: stepCount),
                    count: node.neuronCount)
            }
            for step in (0..<stepCount).reversed() {
                for node in order.reversed() {
                    for neuron in 0..<graph.nodes[node].neuronCount {
                        for channel in 0..<graph.nodes[node].model.channelCount {
                            var error =
                                node == network.outputIndex ? outputErrors[sample][step][neuron] : 0
                            for edge in edges(from: node) {
                                let arrival = step + graph.edges[edge].delay
                                guard arrival < stepCount, isSamePiece(step, arrival) else { continue }
                                let target = graph.nodeIndex(graph.edges[edge].target) ?? 0
                                let place = Edge(index: edge, sample: sample, step: step, channel: channel)
                                for (input, slope) in presynaptic(place, neuron, node) {
                                    for post in 0..<graph.nodes[target].neuronCount {
                                        let weight = network.projections[edge][input, post, channel]
                                        error +=
                                            slope * Double(weight) * errors[target][post][arrival][channel]
                                    }
                                }
                            }
                            let own = slopes[node][neuron]
                            for past in 0...step where isSamePiece(step, past) {
                                for other in 0..<graph.nodes[node].model.channelCount {
                                    errors[node][neuron][past][other] +=
                                        error * own.currents[step][channel][past][other]
                                }
                            }
                            for angle in own.angles[step][channel].indices {
                                gradient.angles[node][neuron][angle] +=
                                    error * own.angles[step][channel][angle]
                            }
                        }
                    }
                }
            }
            for edge in graph.edges.indices {
                let target = graph.nodeIndex(graph.edges[edge].target) ?? 0
                for channel in 0..<network.projections[edge].currentCount {
                    for step in 0..<stepCount {
                        for source in arriving(edge, channel: channel, sample: sample, step: step) {
                            for post in 0..<graph.nodes[target].neuronCount
                            where network.projections[edge].connects(source, post) {
                                gradient.projections[edge][source, post, channel] +=
                                    Float(errors[target][post][step][channel])
                            }
                        }
                    }
                }
            }
        }
        return gradient
    }
}

extension SpikePooling {
    /// The neurons of a place's window.
    func window(_ place: Int) -> [Int] {
        let (y, x) = (place / features / outputWidth, place / features % outputWidth)
        return (0..<size * size).map { index in
            ((y * size + index / size) * width + x * size + index % size) * features + place % features
        }
    }
}
