import Files

/// A network's graph as a picture: populations from left to right, the projections between them as arrows.
///
/// Projections with a delay are dashed, those against the grain run below; a legend says what colours and dashes mean. Written as
/// SVG by itself, without gnuplot.
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

    private static let columnWidth = 250.0
    private static let rowHeight = 130.0
    private static let margin = 70.0
    private static let boxWidth = 150.0
    private static let radius = 26.0
    private static let (inputFill, populationFill, outputFill) = ("#eeeeee", "#dce9f7", "#fde3c8")
    private static let dashes = " stroke-dasharray=\"6 4\""
    /// Bytes of a name that fit into a box, or a little more than into a circle.
    private static let (boxName, circleName) = (24, 12)

    private struct Place {
        var x: Double
        var y: Double
        var halfWidth: Double
        var halfHeight: Double
    }

    private var places: [Place] {
        let columns = Dictionary(grouping: nodes.indices, by: { nodes[$0].rank })
        let tallest = columns.values.map(\.count).max() ?? 1
        var places = nodes.map { _ in Place(x: 0, y: 0, halfWidth: 0, halfHeight: 0) }
        for (rank, members) in columns {
            for (row, node) in members.enumerated() {
                let offset = Double(row) - Double(members.count - 1) / 2
                let isSingle = nodes[node].isSingle
                places[node] = Place(
                    x: Self.margin + Self.boxWidth / 2 + Double(rank) * Self.columnWidth,
                    y: Self.margin + (Double(tallest) / 2 + offset) * Self.rowHeight,
                    halfWidth: isSingle ? Self.radius : Self.boxWidth / 2,
                    halfHeight: isSingle ? Self.radius : 18 + 8 * Double(nodes[node].details.count))
            }
        }
        return places
    }

    /// The whole file.
    public var svg: String {
        let places = places
        let ranks = (nodes.map(\.rank).max() ?? 0) + 1
        let width = 2 * Self.margin + Self.boxWidth + Double(ranks - 1) * Self.columnWidth
        let legendTop = Self.margin + (places.map(\.y).max() ?? 0) + Self.rowHeight / 2
        let (legend, legendHeight) = legend(top: legendTop, width: width)
        let height = legendTop + legendHeight
        let size = "width=\"\(Self.text(width))\" height=\"\(Self.text(height))\""
        return """
            <svg xmlns="http://www.w3.org/2000/svg" \(size) viewBox="0 0 \(Self.text(width)) \(Self.text(height))" \
            font-family="DejaVu Sans, Helvetica, sans-serif" font-size="12">
            <defs><marker id="arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" \
            orient="auto-start-reverse"><path d="M0 0L10 5L0 10z" fill="#555555"/></marker></defs>
            <rect width="100%" height="100%" fill="#ffffff"/>
            \(edges.indices.map { draw(edge: $0, places) }.joined(separator: "\n"))
            \(nodes.indices.map { draw(node: $0, places) }.joined(separator: "\n"))
            \(legend)
            </svg>

            """
    }

    private func draw(node index: Int, _ places: [Place]) -> String {
        let (node, place) = (nodes[index], places[index])
        let fill = index == 0 ? Self.inputFill : node.isOutput ? Self.outputFill : Self.populationFill
        let style = "fill=\"\(fill)\" stroke=\"#333333\" stroke-width=\"1.3\""
        var elements: [String] = []
        if node.isSingle {
            elements.append(
                "<circle cx=\"\(Self.text(place.x))\" cy=\"\(Self.text(place.y))\" r=\"\(Self.text(Self.radius))\" "
                    + "\(style)/>")
        } else {
            elements.append(
                "<rect x=\"\(Self.text(place.x - place.halfWidth))\" y=\"\(Self.text(place.y - place.halfHeight))\" "
                    + "width=\"\(Self.text(2 * place.halfWidth))\" height=\"\(Self.text(2 * place.halfHeight))\" "
                    + "rx=\"8\" \(style)/>")
        }
        let name = shortened(node.name.visible, bytes: node.isSingle ? Self.circleName : Self.boxName)
        let lines = [name] + node.details
        let first = node.isSingle ? place.y + 5 : place.y - 8 * Double(lines.count - 1) + 5
        for (number, line) in lines.enumerated() {
            // A single neuron's details stand below it.
            let y =
                node.isSingle && number > 0
                ? place.y + Self.radius + 15 * Double(number) : first + 16 * Double(number)
            let weight = number == 0 ? " font-weight=\"bold\"" : " font-size=\"10.5\""
            elements.append(
                "<text x=\"\(Self.text(place.x))\" y=\"\(Self.text(y))\" text-anchor=\"middle\"\(weight)>"
                    + "\(SVGText.escaped(line))</text>")
        }
        // What a viewer shows under the pointer.
        if name != node.name {
            elements = ["<g><title>\(SVGText.escaped(node.name))</title>"] + elements + ["</g>"]
        }
        return elements.joined(separator: "\n")
    }

    private func draw(edge index: Int, _ places: [Place]) -> String {
        let edge = edges[index]
        let (from, to) = (places[edge.source], places[edge.target])
        let (path, label) = Self.path(from, to, isSelf: edge.source == edge.target)
        let dashes = edge.isDelayed ? Self.dashes : ""
        var drawing =
            "<path d=\"\(path)\" fill=\"none\" stroke=\"#555555\" stroke-width=\"1.3\"\(dashes) "
            + "marker-end=\"url(#arrow)\"/>"
        if !edge.label.isEmpty {
            // White behind the letters, so that a crossing line does not strike them through.
            drawing +=
                "\n<text x=\"\(Self.text(label.x))\" y=\"\(Self.text(label.y))\" text-anchor=\"middle\" "
                + "font-size=\"10.5\" fill=\"#444444\" stroke=\"#ffffff\" stroke-width=\"3\" "
                + "paint-order=\"stroke\">\(SVGText.escaped(edge.label))</text>"
        }
        return drawing
    }

    /// What colours and dashes mean, in as many lines as it takes.
    private func legend(top: Double, width: Double) -> (svg: String, height: Double) {
        func box(_ fill: String) -> (Double, Double) -> String {
            { x, y in
                "<rect x=\"\(Self.text(x))\" y=\"\(Self.text(y - 9))\" width=\"18\" height=\"11\" rx=\"3\" fill=\"\(fill)\" "
                    + "stroke=\"#333333\"/>"
            }
        }
        func line(_ dashes: String) -> (Double, Double) -> String {
            { x, y in
                "<path d=\"M\(Self.text(x)) \(Self.text(y - 3.5))h18\" stroke=\"#555555\" stroke-width=\"1.3\"\(dashes)/>"
            }
        }
        var entries = [("input", box(Self.inputFill))]
        if nodes.dropFirst().contains(where: { !$0.isOutput }) {
            entries.append(("population", box(Self.populationFill)))
        }
        entries.append(("output", box(Self.outputFill)))
        if edges.contains(where: { !$0.isDelayed }) { entries.append(("same step", line(""))) }
        if edges.contains(where: \.isDelayed) { entries.append(("next step", line(Self.dashes))) }
        if !note.isEmpty { entries.append((note, { _, _ in "" })) }
        var (x, y) = (Self.margin / 2, top)
        var elements: [String] = []
        for (text, sign) in entries {
            let drawing = sign(x, y)
            let indent = drawing.isEmpty ? 0.0 : 24
            let length = indent + 6.2 * Double(text.count)
            if x > Self.margin / 2, x + length > width {
                (x, y) = (Self.margin / 2, y + 18)
            }
            elements.append(
                sign(x, y)
                    + "<text x=\"\(Self.text(x + indent))\" y=\"\(Self.text(y))\" font-size=\"10.5\">"
                    + "\(SVGText.escaped(text))</text>")
            x += length + 16
        }
        return (elements.joined(separator: "\n"), y - top + 16)
    }

    /// A curve from one node to another, and where its label stands.
    private static func path(
        _ from: Place, _ to: Place, isSelf: Bool
    ) -> (path: String, label: (x: Double, y: Double)) {
        func point(_ x: Double, _ y: Double) -> String { "\(text(x)) \(text(y))" }
        if isSelf {
            let (left, right, top) = (from.x - 14, from.x + 14, from.y - from.halfHeight)
            let curve =
                "M\(point(left, top))C\(point(left - 22, top - 42)) \(point(right + 22, top - 42)) \(point(right, top))"
            return (curve, (from.x, top - 36))
        }
        if abs(to.x - from.x) < 1 {
            let isDown = to.y > from.y
            let (start, end) = (
                from.y + (isDown ? from.halfHeight : -from.halfHeight),
                to.y + (isDown ? -to.halfHeight : to.halfHeight)
            )
            // Each direction on a side of its own.
            let side = isDown ? 40.0 : -40.0
            let curve =
                "M\(point(from.x, start))C\(point(from.x + side, start)) \(point(to.x + side, end)) \(point(to.x, end))"
            return (curve, (from.x + side, (start + end) / 2))
        }
        if to.x > from.x {
            let (start, end) = (from.x + from.halfWidth, to.x - to.halfWidth)
            let bend = (end - start) / 2
            let curve =
                "M\(point(start, from.y))C\(point(start + bend, from.y)) \(point(end - bend, to.y)) \(point(end, to.y))"
            return (curve, ((start + end) / 2, (from.y + to.y) / 2 - 6))
        }
        let (start, end) = (from.y + from.halfHeight, to.y + to.halfHeight)
        let low = max(start, end) + 46
        let curve =
            "M\(point(from.x, start))C\(point(from.x, low)) \(point(to.x, low)) \(point(to.x, end))"
        return (curve, ((from.x + to.x) / 2, low - 14))
    }

    private static func text(_ value: Double) -> String { SVGText.number(value, decimals: 1) }
}
