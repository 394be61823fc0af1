import CommandParsing
import Figures
import Files
import Networks

/// `sqsnn network draw`: a graph as a picture.
struct NetworkDrawCommand: Command {
    static let description = CommandDescription(
        name: "draw", summary: "Draw a graph as SVG.",
        discussion: """
            Populations stand from left to right, outputs in orange; single neurons are circles. Projections with a delay \
            of one step are dashed. A legend says so. Graphviz lays it out (apt-get install graphviz).
            """,
        examples: [
            Example(
                "sqsnn network draw Examples/graphs/six-neurons.json --output six.svg",
                "Six neurons with a cycle.")
        ])
    static let arguments: [ArgumentDescription] = [
        .option(name: "output", value: "FILE", help: "SVG file to write.", default: "standard output"),
        .positional(name: "graph", help: "Graph file; - for standard input."),
    ]

    private let path: String
    private let output: String?

    init(_ arguments: ParsedArguments) throws {
        path = try arguments.positional("graph")
        output = try arguments.file("output", ending: ".svg")
    }

    func run(_ terminal: Terminal) async throws {
        let svg = try Self.figure(try NetworkGraph.load(path)).svg()
        guard let output else { return terminal.writeText(String(decoding: svg.dropLast(), as: UTF8.self)) }
        try AtomicFile.write(svg, to: output)
        terminal.write("Figure: \(output)")
    }

    /// A graph in the words of a figure: the input first.
    static func figure(_ graph: NetworkGraph) -> GraphFigure {
        let ranks = graph.ranks
        let input = GraphFigure.Node(
            name: graph.input.name, details: [count(graph.input.neuronCount, "input")], rank: 0,
            isOutput: false, isSingle: false)
        let nodes = zip(graph.nodes, ranks).map { node, rank in
            let isSingle = node.neuronCount == 1
            let circuit =
                node.model.circuit == nil
                ? node.model.title : "N = \(node.model.channelCount), M = \(node.model.memoryQubits)"
            return GraphFigure.Node(
                name: node.name, details: isSingle ? [] : [count(node.neuronCount, "neuron"), circuit],
                rank: rank, isOutput: graph.outputs.contains(node.name), isSingle: isSingle)
        }
        let names = [graph.input.name] + graph.nodes.map(\.name)
        let edges = graph.edges.map { edge in
            // Between single neurons a connection is what it is.
            let target = graph.nodes.first { $0.name == edge.target }
            return GraphFigure.Edge(
                source: names.firstIndex(of: edge.source) ?? 0,
                target: names.firstIndex(of: edge.target) ?? 0,
                label: target?.neuronCount == 1 ? "" : edge.label,
                isDelayed: edge.delay > 0)
        }
        let hasLetters = nodes.contains { $0.details.contains { $0.hasPrefix("N = ") } }
        return GraphFigure(
            nodes: [input] + nodes, edges: edges,
            note: hasLetters ? "N input-output qubits and M memory qubits in each neuron" : "")
    }

    private static func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)" + (number == 1 ? "" : "s")
    }
}
