import Compute
import Neurons

/// A spiking network: a graph with the weights of its projections and the angles of its neurons.
///
/// A value: copies are independent. Running it takes the input's raster and a stream of random numbers, and
/// returns the spikes; nothing is remembered between runs.
public struct Network: Sendable, Equatable {
    public let graph: NetworkGraph
    /// One for each edge of the graph.
    public private(set) var projections: [Projection]
    /// One for each node of the graph.
    public private(set) var populations: [Population]

    /// A network with the weights that the graph gives, all others and all angles 0.
    ///
    /// - Throws: `MemoryError` where the machine has not the memory that it takes.
    public init(_ graph: NetworkGraph) throws(MemoryError) {
        try ProcessMemory.require(
            graph.networkBytes, for: "the network", remedy: NetworkGraph.memoryRemedy)
        self.graph = graph
        populations = graph.nodes.map { Population($0.model, lanes: $0.neuronCount) }
        projections = graph.edges.map {
            Projection(
                $0.connectivity, inputCount: graph.sourceCount($0), neuronCount: graph.targetCount($0),
                channelCount: graph.sourceChannelCount($0))
        }
        for index in projections.indices { projections[index].setGivenWeights() }
    }

    /// A feedforward network, layer after layer without delay, with all weights and the angles of the populations.
    ///
    /// - Parameters:
    ///   - inputCount: inputs, at most 65,536.
    ///   - populations: the layers, input side first.
    /// - Throws: ``NetworkError/graph(place:problem:)`` for layers that cannot be connected, `MemoryError` where the machine
    ///   has not the memory that they take.
    public init(inputCount: Int, populations: [Population]) throws {
        try self.init(
            NetworkGraph(
                inputCount: inputCount, layers: populations.map { ($0.model, $0.neuronCount) }))
        self.populations = populations
    }

    /// Inputs, of ``NetworkGraph/Input/channelCount`` channels each.
    public var inputCount: Int { graph.input.neuronCount }

    /// The node that is read out: the first of the outputs.
    package var outputIndex: Int { graph.outputIndex }

    /// Neurons of the population that is read out: the first of the outputs.
    public var outputCount: Int { populations[outputIndex].neuronCount }

    /// Channels of the population that is read out.
    package var outputChannelCount: Int { populations[outputIndex].model.channelCount }

    /// Trainable numbers: synaptic weights and angles.
    public var parameterCount: Int {
        projections.reduce(0) { $0 + $1.parameterCount }
            + populations.reduce(0) { $0 + $1.neuronCount * $1.model.angleCount }
    }

    /// Whether every weight and every angle is a number of at most this magnitude.
    package func parametersAreWithin(_ limit: Float) -> Bool {
        (projections.map(\.weights) + populations.map(\.angles)).allSatisfy {
            $0.withUnsafeBufferPointer { $0.allSatisfy { $0.magnitude <= limit } }
        }
    }

    /// Changes the weights of one projection in place.
    public mutating func withProjection<Result>(_ index: Int, _ body: (inout Projection) -> Result) -> Result
    {
        let before = projections[index].weights.count
        defer { precondition(projections[index].weights.count == before, "a projection keeps its shape") }
        return body(&projections[index])
    }

    /// Changes the angles of one population in place.
    public mutating func withPopulation<Result>(_ index: Int, _ body: (inout Population) -> Result) -> Result
    {
        let model = populations[index].model
        defer { precondition(populations[index].model == model, "a population keeps its neurons") }
        return body(&populations[index])
    }
}

extension Network {
    /// Draws all parameters at random: weights uniform in ±`weightGain`/√(synapses of the neuron) but for those that the
    /// graph gives, angles normal with mean `angleMean`, or a mean of each of `angleMeans` in populations with as many
    /// angles, and standard deviation `angleDeviation` (radians).
    ///
    /// - Parameter seed: the run's seed; the numbers do not depend on anything else.
    /// - Throws: ``NetworkError/initialization(name:found:expected:)`` for a gain or a deviation that is negative or beyond
    ///   10⁶, and a mean beyond ±10⁶.
    public mutating func initialize(
        seed: UInt64, weightGain: Double = 1, angleMean: Double = 0, angleMeans: [Double]? = nil,
        angleDeviation: Double = 0.1
    ) throws(NetworkError) {
        let numbers = [
            ("weightGain", weightGain, 0.0), ("angleDeviation", angleDeviation, 0),
            ("angleMean", angleMean, -1e6),
        ]
        for (name, value, least) in numbers + (angleMeans ?? []).map({ ("angleMeans", $0, -1e6) })
        where !(least...1e6).contains(value) {
            throw .initialization(name: name, found: value, expected: least...1e6)
        }
        for index in projections.indices {
            var random = RandomStream(seed: seed, purpose: .initialization, population: index).generator()
            projections[index].initialize(gain: weightGain, using: &random)
        }
        for index in populations.indices {
            var normal = RandomStream(seed: seed, purpose: .initialization, population: index)
                .generator(sample: 1)
            for neuron in 0..<populations[index].neuronCount {
                let count = populations[index].model.angleCount
                let means = angleMeans.flatMap { $0.count == count ? $0 : nil }
                populations[index][angles: neuron] = (0..<count).map { angle in
                    Float(
                        (means?[angle] ?? angleMean) + angleDeviation
                            * Double.standardNormal(using: &normal))
                }
            }
        }
    }
}
