import Neurons
import SpikeTrains

/// The structure of a network, (9)–(12) of arXiv:2506.21324: populations of neurons as nodes, projections between them
/// as directed edges. A value without parameters: ``Network`` adds weights and angles.
///
/// ```swift
/// let graph = try NetworkGraph(
///     input: .init(neuronCount: 784),
///     nodes: [
///         .init("hidden", model: SQS(circuit), neuronCount: 200),
///         .init("output", model: SQS(circuit), neuronCount: 10),
///     ],
///     edges: [
///         .init("input", "hidden"),
///         .init("hidden", "hidden", .random(probability: 0.1, seed: 1), delay: 1),
///         .init("hidden", "output"),
///     ])
/// ```
///
/// A graph that exists can be run: every edge fits its ends, outputs feed nothing (9), and every cycle has a delay.
public struct NetworkGraph: Sendable, Hashable {
    /// Where spikes, or real numbers in their place, come from outside.
    public struct Input: Sendable, Hashable {
        public let name: String
        public let neuronCount: Int
        /// Channels N: spikes of an input at each step.
        public let channelCount: Int
        public let signal: InputSignal

        public init(
            _ name: String = "input", neuronCount: Int, channelCount: Int = 1, signal: InputSignal = .spikes
        ) {
            self.name = name
            self.neuronCount = neuronCount
            self.channelCount = channelCount
            self.signal = signal
        }
    }

    /// A population of neurons of one model.
    public struct Node: Sendable, Hashable {
        public let name: String
        public var model: any NeuronModel { storedModel.model }
        public let neuronCount: Int
        let storedModel: AnyNeuronModel

        public init(_ name: String, model: any NeuronModel, neuronCount: Int) {
            self.name = name
            storedModel = AnyNeuronModel(model)
            self.neuronCount = neuronCount
        }
    }

    /// A projection: synapses from one population, or the input, to another. Channel n of a presynaptic neuron acts on
    /// channel n of the postsynaptic one, with a weight for each channel (1); a single channel acts on all.
    public struct Edge: Sendable, Hashable {
        /// Name of the presynaptic population, or of the input.
        public let source: String
        /// Name of the postsynaptic population.
        public let target: String
        public let connectivity: Connectivity
        /// What becomes of the spikes before they reach the synapses; nil for nothing.
        public let pooling: SpikePooling?
        /// Steps that a spike takes: 0, as between the layers of the paper's program, or 1, as in (12).
        public let delay: Int

        public init(
            _ source: String, _ target: String, _ connectivity: Connectivity = .full,
            pooling: SpikePooling? = nil, delay: Int = 0
        ) {
            self.source = source
            self.target = target
            self.connectivity = connectivity
            self.pooling = pooling
            self.delay = delay
        }
    }

    public let input: Input
    public let nodes: [Node]
    public let edges: [Edge]
    /// Names of the nodes that are read out: without outgoing edges (9).
    public let outputs: [String]
    /// Number of each node by its name.
    private let indices: [String: Int]

    /// Largest number of neurons of a population, and of inputs.
    public static let largestPopulation = Population.largestCount
    /// Populations at most, and projections: so many have random numbers of their own.
    public static let largestCount = 2048

    /// - Parameter outputs: by default all nodes without outgoing edges.
    /// - Throws: ``NetworkError/graph(place:problem:)`` with the path of the offending node or edge.
    public init(input: Input, nodes: [Node], edges: [Edge], outputs: [String]? = nil) throws {
        self.input = input
        self.nodes = nodes
        self.edges = edges
        let sources = Set(edges.map(\.source))
        self.outputs = outputs ?? nodes.map(\.name).filter { !sources.contains($0) }
        indices = Dictionary(
            nodes.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        try check()
    }

    /// Index of a node by its name; nil for the input.
    package func nodeIndex(_ name: String) -> Int? { indices[name] }

    /// The node that is read out: the first of the outputs.
    package var outputIndex: Int { nodeIndex(outputs[0]) ?? 0 }

    /// Whether a projection ends at the population that is read out.
    package func isReadout(_ projection: Int) -> Bool { edges[projection].target == outputs[0] }

    /// Neurons of the presynaptic side of an edge, as its synapses see it: of a pooled plane, if there is one.
    package func sourceCount(_ edge: Edge) -> Int { edge.pooling?.outputCount ?? sendingCount(edge) }

    /// Neurons of the population that an edge comes from, or of the input.
    func sendingCount(_ edge: Edge) -> Int {
        nodeIndex(edge.source).map { nodes[$0].neuronCount } ?? input.neuronCount
    }

    /// Neurons of the postsynaptic side of an edge.
    package func targetCount(_ edge: Edge) -> Int {
        nodeIndex(edge.target).map { nodes[$0].neuronCount } ?? 0
    }

    /// Currents that an edge's synapses make in each postsynaptic neuron.
    func targetCurrentCount(_ edge: Edge) -> Int {
        nodeIndex(edge.target).map { nodes[$0].model.currentCount } ?? 0
    }

    func sourceChannelCount(_ edge: Edge) -> Int {
        nodeIndex(edge.source).map { nodes[$0].model.channelCount } ?? input.channelCount
    }

    /// Layer after layer, each fully connected to the next, without delay.
    ///
    /// - Parameter isRecurrent: whether each layer but the last is fully connected to itself too, with a delay of a step.
    package init(
        inputCount: Int, signal: InputSignal = .spikes, layers: [(model: any NeuronModel, neuronCount: Int)],
        isRecurrent: Bool = false
    ) throws {
        let names = layers.indices.map { index in
            if index == layers.count - 1 { return "output" }
            return layers.count == 2 ? "hidden" : "hidden \(index + 1)"
        }
        try self.init(
            input: Input(
                neuronCount: inputCount,
                channelCount: signal == .values ? 1 : layers.first?.model.channelCount ?? 1, signal: signal),
            nodes: zip(names, layers).map { Node($0, model: $1.model, neuronCount: $1.neuronCount) },
            edges: zip(["input"] + names, names).flatMap { source, target in
                [Edge(source, target)]
                    + (isRecurrent && target != names.last ? [Edge(target, target, delay: 1)] : [])
            })
    }
}
