import CommandParsing
import Networks

/// `sqsnn network show`: checks a graph file, and says what is in it.
struct NetworkShowCommand: Command {
    static let description = CommandDescription(
        name: "show", summary: "Check a graph file, and say what is in it.",
        discussion: """
            A graph that cannot be run is refused with the path of the population or projection at fault: a projection \
            from or to an unknown population, other numbers of channels at both ends, an output that feeds something, a \
            cycle without delay. Nothing is made but counted: random synapses of more than 2²⁷ are told as their expectation.
            """,
        examples: [Example("sqsnn network show Examples/graphs/recurrent.json", "An example with a cycle.")])
    static let arguments: [ArgumentDescription] = [
        .flag(name: "json", help: "Print one JSON object: populations, projections, parameters."),
        .positional(name: "graph", help: "Graph file; - for standard input."),
    ]

    private let path: String
    private let isJSON: Bool

    init(_ arguments: ParsedArguments) throws {
        path = try arguments.positional("graph")
        isJSON = arguments.flag("json")
    }

    private struct Summary: Encodable {
        struct Node: Encodable {
            var name: String
            var model: String
            var neurons: Int
            var channels: Int
            var memoryQubits: Int
            var angles: Int
        }
        struct Edge: Encodable {
            var from: String
            var to: String
            var connectivity: String
            /// Left out where spikes are not pooled.
            var pooling: SpikePooling?
            var delay: Int
            var synapses: Int
            var weights: Int
            /// Whether they are the expectation of a random projection, in place of a count; left out where not.
            var isExpectation: Bool?
        }
        var populations: [Node]
        var projections: [Edge]
        var outputs: [String]
        var parameters: Int
        var isCyclic: Bool
    }

    func run(_ terminal: Terminal) async throws {
        let graph = try NetworkGraph.load(path)
        let sizes = graph.projectionSizes(counts: true)
        let summary = Summary(
            populations: graph.nodes.map {
                Summary.Node(
                    name: $0.name, model: $0.model.kind, neurons: $0.neuronCount,
                    channels: $0.model.channelCount,
                    memoryQubits: $0.model.memoryQubits, angles: $0.model.parameterCount)
            },
            projections: zip(graph.edges, sizes).map { edge, size in
                Summary.Edge(
                    from: edge.source, to: edge.target, connectivity: edge.connectivity.description,
                    pooling: edge.pooling, delay: edge.delay, synapses: size.synapseCount.value,
                    weights: size.parameterCount.value,
                    isExpectation: size.isExpectation ? true : nil)
            },
            outputs: graph.outputs, parameters: graph.parameterCount(sizes).value, isCyclic: graph.isCyclic)
        let isExpectation = sizes.contains(where: \.isExpectation)
        if isJSON { return try terminal.writeJSON(summary) }
        terminal.write(
            "\(graph.input.name): \(graph.input.neuronCount) inputs"
                + (graph.input.channelCount > 1 ? " of \(graph.input.channelCount) channels" : ""))
        for (node, model) in zip(summary.populations, graph.nodes.map(\.model)) {
            let kind =
                model.circuit == nil
                ? "\(model.title) neurons, \(node.angles) parameters each"
                : "neurons, \(node.channels) input-output and \(node.memoryQubits) memory qubits, \(node.angles) angles each"
            terminal.write(
                "\(node.name): \(node.neurons) \(kind)"
                    + (graph.outputs.contains(node.name) ? ", output" : ""))
        }
        for (edge, synapses) in zip(summary.projections, graph.edges.map(\.summary)) {
            terminal.write(
                "\(edge.from) → \(edge.to): \(synapses), delay \(edge.delay), "
                    + (edge.isExpectation == true ? "about " : "") + "\(edge.synapses) synapses, "
                    + "\(edge.weights) weights")
        }
        terminal.write(
            (isExpectation ? "about " : "") + "\(summary.parameters) trainable parameters; "
                + (summary.isCyclic ? "has cycles, which run step by step" : "no cycles"))
    }
}
