import Files

/// A picture as SVG text: filled rectangles, rows of dots and labels.
struct SVGDocument {
    let width: Double
    let height: Double
    private var elements: [String] = []

    init(width: Double, height: Double) {
        self.width = width
        self.height = height
        rectangle(x: 0, y: 0, width: width, height: height, fill: "#ffffff")
    }

    mutating func rectangle(
        x: Double, y: Double, width: Double, height: Double, fill: String, stroke: String? = nil
    ) {
        let border = stroke.map { " stroke=\"\($0)\" stroke-width=\"1\"" } ?? ""
        elements.append(
            "<rect x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" width=\"\(Self.number(width))\" "
                + "height=\"\(Self.number(height))\" fill=\"\(fill)\"\(border)/>")
    }

    /// Many equal rectangles as the strokes of one path, which keeps pictures with thousands of spikes small.
    ///
    /// - Parameter isSmooth: draws them with soft edges, so that those thinner than a pixel are not lost.
    mutating func rectangles(
        at corners: [(x: Double, y: Double)], width: Double, height: Double, fill: String,
        isSmooth: Bool = false
    ) {
        guard !corners.isEmpty else { return }
        let length = Self.number(width)
        let strokes = corners.map { "M\(Self.number($0.x)) \(Self.number($0.y + height / 2))h\(length)" }
        let rendering = isSmooth ? " shape-rendering=\"auto\"" : ""
        elements.append(
            "<path d=\"\(strokes.joined())\" stroke=\"\(fill)\" stroke-width=\"\(Self.number(height))\"\(rendering)/>"
        )
    }

    /// - Parameter anchor: which point of the text lies at `x`: `start`, `middle` or `end`.
    mutating func text(
        _ text: String, x: Double, y: Double, size: Double = 10, anchor: String = "start",
        fill: String = "#333333"
    ) {
        let escaped = SVGText.escaped(text)
        elements.append(
            "<text x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" font-size=\"\(Self.number(size))\" "
                + "text-anchor=\"\(anchor)\" fill=\"\(fill)\">\(escaped)</text>")
    }

    /// The whole file.
    var contents: String {
        let size = "width=\"\(Self.number(width))\" height=\"\(Self.number(height))\""
        let box = "viewBox=\"0 0 \(Self.number(width)) \(Self.number(height))\""
        let head =
            "<svg xmlns=\"http://www.w3.org/2000/svg\" \(size) \(box) "
            + "font-family=\"DejaVu Sans, Helvetica, sans-serif\" shape-rendering=\"crispEdges\">"
        return ([head] + elements + ["</svg>", ""]).joined(separator: "\n")
    }

    private static func number(_ value: Double) -> String { SVGText.number(value, decimals: 2) }
}
