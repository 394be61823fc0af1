import Compute
import Neurons

/// A spiking network: a graph with the weights of its projections and the parameters of its neurons.
///
/// A value: copies are independent. Running it takes the input's raster and a stream of random numbers, and
/// returns the spikes; nothing is remembered between runs.
public struct Network: Sendable, Equatable {
    public let graph: NetworkGraph
    /// One for each edge of the graph.
    public private(set) var projections: [Projection]
    /// One for each node of the graph.
    public private(set) var populations: [Population]

    /// A network with the weights that the graph gives, all others 0, and its neurons' parameters as
    /// `Population.init(model:neuronCount:)` has them.
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
                currentCount: graph.targetCurrentCount($0))
        }
        for index in projections.indices { projections[index].setGivenWeights() }
    }

    /// A feedforward network, layer after layer without delay, with the parameters of the populations.
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

    /// Trainable numbers: synaptic weights, and parameters of the neurons.
    public var parameterCount: Int {
        projections.reduce(0) { $0 + $1.parameterCount }
            + populations.reduce(0) { $0 + $1.neuronCount * $1.parameterCount }
    }

    /// Whether every weight and every parameter of a neuron is a number of at most this magnitude.
    package func parametersAreWithin(_ limit: Float) -> Bool {
        (projections.map(\.weights) + populations.map(\.parameters)).allSatisfy {
            $0.withUnsafeBufferPointer { $0.allSatisfy { $0.magnitude <= limit } }
        }
    }

    /// Changes the weights of one projection in place.
    public mutating func withProjection<Result>(
        _ index: Int, _ body: (inout Projection) throws -> Result
    ) rethrows -> Result {
        let before = projections[index].weights.count
        defer { precondition(projections[index].weights.count == before, "a projection keeps its shape") }
        return try body(&projections[index])
    }

    /// Changes the parameters of one population in place.
    public mutating func withPopulation<Result>(
        _ index: Int, _ body: (inout Population) throws -> Result
    ) rethrows -> Result {
        let model = populations[index].model
        defer { precondition(populations[index].model.isSame(as: model), "a population keeps its neurons") }
        return try body(&populations[index])
    }
}

extension Network {
    /// Draws all parameters at random: weights uniform in ±`weightGain`/√(synapses of the neuron) but for those that the
    /// graph gives, angles normal with mean `angleMean`, or a mean of each of `angleMeans` in populations with as many
    /// angles, and standard deviation `angleDeviation` (radians); other parameters by the law of their group.
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
            let groups = populations[index].model.parameterGroups
            for neuron in 0..<populations[index].neuronCount {
                populations[index][parameters: neuron] = groups.flatMap { group in
                    let isAngles = group.name == ParameterGroup.anglesName
                    let means = angleMeans.flatMap { isAngles && $0.count == group.count ? $0 : nil }
                    return (0..<group.count).map { number in
                        let law: ParameterGroup.InitialLaw =
                            isAngles
                            ? .normal(mean: means?[number] ?? angleMean, deviation: angleDeviation)
                            : group.initial
                        return law.draw(using: &normal)
                    }
                }
            }
        }
    }
}
