import Files

/// A network's graph as a picture: populations from left to right, the projections between them as arrows.
///
/// Projections with a delay are dashed; a legend says what colours and dashes mean. Laid out by Graphviz.
public struct GraphFigure: Sendable {
    /// A population, or the input.
    public struct Node: Sendable {
        public let name: String
        /// Lines under the name.
        public let details: [String]
        /// Column, from 0 on the left.
        public let rank: Int
        public let isOutput: Bool
        /// Whether it is drawn as one neuron: a circle.
        public let isSingle: Bool

        public init(name: String, details: [String], rank: Int, isOutput: Bool, isSingle: Bool) {
            self.name = name
            self.details = details
            self.rank = rank
            self.isOutput = isOutput
            self.isSingle = isSingle
        }
    }

    /// A projection between two nodes, by their places in the list.
    public struct Edge: Sendable {
        public let source: Int
        public let target: Int
        /// Empty for none.
        public let label: String
        public let isDelayed: Bool

        public init(source: Int, target: Int, label: String, isDelayed: Bool) {
            self.source = source
            self.target = target
            self.label = label
            self.isDelayed = isDelayed
        }
    }

    /// The input first.
    public let nodes: [Node]
    public let edges: [Edge]
    /// What the letters in the details stand for; the legend ends with it.
    public let note: String

    public init(nodes: [Node], edges: [Edge], note: String = "") {
        self.nodes = nodes
        self.edges = edges
        self.note = note
    }

    private static let (inputFill, populationFill, outputFill) = ("#eeeeee", "#dce9f7", "#fde3c8")
    private static let font = "fontname=\"DejaVu Sans,Helvetica,sans-serif\""
    /// Bytes of a name that fit into a box, or a little more than into a circle.
    private static let (boxName, circleName) = (24, 12)

    /// The whole file.
    ///
    /// - Throws: ``FigureError``: Graphviz is missing or fails; `FileError`.
    public func svg() throws -> [UInt8] { try Graphviz.svg(dot) }

    /// The graph in dot's language. Texts are markup there, so that escaped ones are nothing else.
    var dot: String {
        let ranks = Dictionary(grouping: nodes.indices, by: { nodes[$0].rank }).sorted { $0.key < $1.key }
        let columns = ranks.map { $0.value.map { "n\($0)" } }
        let lines =
            [
                "digraph network {",
                "rankdir=LR; bgcolor=\"#ffffff\"; nodesep=0.45; ranksep=0.9; pad=0.3; labelloc=b; labeljust=l",
                "graph [\(Self.font), fontsize=10.5]",
                "node [\(Self.font), fontsize=12, style=\"rounded,filled\", color=\"#333333\", penwidth=1.3]",
                "edge [\(Self.font), fontsize=10.5, fontcolor=\"#444444\", color=\"#555555\", penwidth=1.3, "
                    + "arrowsize=0.8]",
                "label=<\(legend)>",
            ] + nodes.indices.map(line(node:))
            + columns.map { "{rank=same; \($0.joined(separator: "; "))}" }
            + zip(columns, columns.dropFirst()).map { "\($0[0]) -> \($1[0]) [style=invis, weight=0]" }
            + edges.map(line(edge:)) + ["}"]
        return lines.joined(separator: "\n") + "\n"
    }

    private func line(node index: Int) -> String {
        let node = nodes[index]
        let fill = index == 0 ? Self.inputFill : node.isOutput ? Self.outputFill : Self.populationFill
        let shape = node.isSingle ? "circle, fixedsize=true, width=0.7" : "box, margin=\"0.25,0.14\""
        let name = shortened(node.name.visible, bytes: node.isSingle ? Self.circleName : Self.boxName)
        let details = node.details.map { "<br/><font point-size=\"11\">\(Markup.escaped($0))</font>" }
        let label = "<b>\(Markup.escaped(name))</b>\(details.joined())"
        // What a viewer shows under the pointer.
        let pointed = Markup.escaped(node.name).replacing("\\", with: "\\\\")
        return "n\(index) [shape=\(shape), fillcolor=\"\(fill)\", label=<\(label)>, tooltip=\"\(pointed)\"]"
    }

    private func line(edge: Edge) -> String {
        let label = edge.label.isEmpty ? "" : "label=<\(Markup.escaped(edge.label))>, "
        // An edge back would else turn columns around.
        let column = nodes[edge.source].rank < nodes[edge.target].rank ? "" : "constraint=false, "
        return
            "n\(edge.source) -> n\(edge.target) [\(label)\(column)style=\(edge.isDelayed ? "dashed" : "solid")]"
    }

    /// What colours and dashes mean, and the note.
    private var legend: String {
        func box(_ fill: String, _ name: String) -> String {
            "<td width=\"18\" height=\"11\" fixedsize=\"true\" border=\"1\" bgcolor=\"\(fill)\"></td><td>\(name)</td>"
        }
        var cells = [box(Self.inputFill, "input")]
        if nodes.dropFirst().contains(where: { !$0.isOutput }) {
            cells.append(box(Self.populationFill, "population"))
        }
        cells.append(box(Self.outputFill, "output"))
        if edges.contains(where: { !$0.isDelayed }) { cells.append("<td>── same step</td>") }
        if edges.contains(where: \.isDelayed) { cells.append("<td>╌╌ next step</td>") }
        var rows = ["<tr>\(cells.joined())</tr>"]
        if !note.isEmpty {
            rows.append("<tr><td colspan=\"8\" align=\"left\">\(Markup.escaped(note))</td></tr>")
        }
        return "<table border=\"0\" cellborder=\"0\" cellspacing=\"6\">\(rows.joined())</table>"
    }
}
