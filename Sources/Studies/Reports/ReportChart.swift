import Figures
import Files
import FoundationEssentials

/// Curves that can be looked at closely: drag to enlarge, double click for all, point at them for the numbers, which stand below as a table too.
public struct ReportChart: Sendable {
    public struct Curve: Sendable {
        public let name: String
        /// One for each ``ReportChart/x``; nil where there is none.
        public let values: [Double?]

        public init(_ name: String, _ values: [Double?]) {
            self.name = name
            self.values = values
        }
    }

    /// What it shows.
    public let caption: String
    public let xLabel: String
    public let yLabel: String
    public let x: [Double]
    public let curves: [Curve]

    public init(_ caption: String, xLabel: String, yLabel: String, x: [Double], curves: [Curve]) {
        self.caption = caption
        self.xLabel = xLabel
        self.yLabel = yLabel
        self.x = x
        self.curves = curves
    }

    /// What the page's program reads.
    private struct Data: Encodable {
        let xLabel: String
        let yLabel: String
        let names: [String]
        /// `[x][0: x, 1…: curve]`
        let rows: [[Double?]]
        let colours: [String]
    }

    var html: String {
        let rows = x.indices.map { index in
            [x[index]] + curves.map { curve in curve.values[index].flatMap { $0.isFinite ? $0 : nil } }
        }
        let data = Data(
            xLabel: xLabel, yLabel: yLabel, names: curves.map(\.name), rows: rows,
            colours: curves.indices.map(Palette.color))
        let table = ReportTable(
            "\(caption): numbers", headings: [xLabel] + curves.map(\.name),
            rows: rows.map { row in row.map { $0.map { String(printf: "%.5g", $0) } ?? "" } })
        let label = Markup.escaped("\(caption): \(yLabel) against \(xLabel)")
        return """
            <figure class="chart"><div class="plot" role="img" aria-label="\(label)" tabindex="0"></div>
            <div class="legend" aria-hidden="true"></div>
            <figcaption>\(Markup.escaped(caption))</figcaption>
            <script type="application/json">\(Self.json(data))</script>
            <details><summary>Numbers</summary>\(table.html)</details></figure>
            """
    }

    /// No end of a script is part of it.
    private static func json(_ data: Data) -> String {
        guard let bytes = try? JSONEncoder().encode(data) else { return "null" }
        return String(decoding: bytes, as: UTF8.self).replacing("<", with: "\\u003c")
    }
}
