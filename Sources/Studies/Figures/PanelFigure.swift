/// Panels of curves or bars side by side. A name has the same colour in every panel, and all names stand in one legend.
public struct PanelFigure: Figure {
    /// A number at a place, with the half width of a band around it if there is one.
    public struct Point: Sendable, Hashable {
        public let x: Double
        public let y: Double
        public let deviation: Double?

        public init(x: Double, y: Double, deviation: Double? = nil) {
            self.x = x
            self.y = y
            self.deviation = deviation
        }
    }

    public struct Curve: Sendable, Hashable {
        public let name: String
        /// In ascending order of x.
        public let points: [Point]
        public let isDashed: Bool

        public init(name: String, points: [Point], isDashed: Bool = false) {
            self.name = name
            self.points = points
            self.isDashed = isDashed
        }
    }

    /// How a panel shows its numbers.
    public enum Style: Sendable {
        /// Curves, for places along an axis.
        case curves
        /// Bars beside each other, for places that are numbered and have no order; those of dashed curves are pale.
        case bars
    }

    public struct Panel: Sendable, Hashable {
        /// What the panel shows, with unit.
        public let heading: String
        public let xLabel: String
        public let style: Style
        /// The lower end of a logarithmic axis; values below are left out. Nil for a linear axis.
        public let logarithmicFrom: Double?
        /// The upper end of the axis; nil for one that fits the values.
        public let highest: Double?
        public let curves: [Curve]

        public init(
            heading: String, xLabel: String, style: Style = .curves, logarithmicFrom: Double? = nil,
            highest: Double? = nil, curves: [Curve]
        ) {
            self.heading = heading
            self.xLabel = xLabel
            self.style = style
            self.logarithmicFrom = logarithmicFrom
            self.highest = highest
            self.curves = curves
        }
    }

    public let name: String
    public let title: String
    public let panels: [Panel]
    /// Lines below the legend: what dashes, pale bars and bands are.
    public let notes: [String]

    /// - Parameter name: what messages call the figure.
    public init(name: String, title: String, panels: [Panel], notes: [String] = []) {
        self.name = name
        self.title = title
        self.panels = panels
        self.notes = notes
    }

    public var isEmpty: Bool { panels.allSatisfy { $0.curves.allSatisfy(\.points.isEmpty) } }

    private static let panelWidth = 290
    private static let height = 320
    private var width: Int { panels.count * Self.panelWidth + legendWidth }
    /// Wide enough for the longest line.
    private var legendWidth: Int {
        let longest = legendEntries.map(\.text.count).max() ?? 0
        return max(200, 20 + 7 * longest)
    }

    /// In the order in which they first occur.
    private var names: [String] {
        panels.flatMap(\.curves).map(\.name).reduce(into: []) { names, name in
            if !names.contains(name) { names.append(name) }
        }
    }

    public var script: GnuplotScript {
        GnuplotScript(
            width: width, height: Self.height,
            commands: dataBlocks + style + legend + panels.indices.flatMap(commands) + ["unset multiplot"])
    }

    private func blockName(_ panel: Int, _ curve: Int) -> String { "$panel\(panel)_\(curve)" }

    /// Columns: x, y, deviation.
    private var dataBlocks: [String] {
        panels.enumerated().flatMap { index, panel in
            panel.curves.enumerated().flatMap { number, curve in
                ["\(blockName(index, number)) << END"]
                    + curve.points.map { point in
                        let isShown = panel.logarithmicFrom.map { point.y >= $0 } ?? true
                        return [point.x, isShown ? point.y : .nan, point.deviation ?? 0]
                            .map(numberText).joined(separator: " ")
                    } + ["END"]
            }
        }
    }

    private var style: [String] {
        [
            "set multiplot",
            "set border 3 linewidth 0.75 linecolor rgb '\(Palette.ink)'",
            "set tics nomirror out scale 0.5 textcolor rgb '\(Palette.ink)'",
            "set grid ytics linewidth 0.5 linecolor rgb '\(Palette.faint)' linetype 1",
            "unset key",
            "set bmargin at screen 0.17",
            "set tmargin at screen 0.78",
        ]
    }

    private var legendEntries: [(text: String, color: String)] {
        names.enumerated().map { (Palette.sign($0) + " " + shortened($1, bytes: 36), Palette.color($0)) }
            + notes.map { (shortened($0, bytes: 80), Palette.ink) }
    }

    /// Drawn with the first panel.
    private var legend: [String] {
        let left = Double(width - legendWidth + 10) / Double(width)
        return [
            "set label 1 \(quoted(title)) at screen \(numberText(10 / Double(width))),0.94 left font ',13' "
                + "textcolor rgb '\(Palette.ink)'"
        ]
            + legendEntries.enumerated().map { index, entry in
                "set label \(10 + index) \(quoted(entry.text)) at screen \(numberText(left)),"
                    + "\(numberText(0.78 - 0.065 * Double(index))) left textcolor rgb '\(entry.color)'"
            }
    }

    private func commands(of index: Int) -> [String] {
        let panel = panels[index]
        let left = Double(index * Self.panelWidth + 50) / Double(width)
        let right = Double((index + 1) * Self.panelWidth - 20) / Double(width)
        let shown = panel.curves.flatMap(\.points).map(\.y).filter {
            $0.isFinite && $0 > (panel.logarithmicFrom ?? 0)
        }
        // A bar that ended at the edge would look cut.
        let barEnd = panel.style == .bars ? shown.max().map { 1.05 * $0 } : nil
        let highest = (panel.highest ?? barEnd).map(numberText) ?? "*"
        let range =
            switch panel.logarithmicFrom {
            case let lowest?: shown.isEmpty ? "\(numberText(lowest)):1" : "\(numberText(lowest)):\(highest)"
            // gnuplot finds no range where every value is 0 or none is a number.
            case nil: shown.isEmpty ? "0:1" : "0:\(highest)"
            }
        let plots = panel.curves.indices.flatMap { plot(panel: index, curve: $0) }
        return [
            "set lmargin at screen \(numberText(left))",
            "set rmargin at screen \(numberText(right))",
            panel.logarithmicFrom == nil ? "unset logscale y" : "set logscale y",
            panel.logarithmicFrom == nil ? "set format y '%g'" : "set format y '1e%T'",
            "set yrange [\(range)]",
            "set xrange [\(horizontalRange(panel))]",
            "set xtics \(tickDistance(panel))",
            "set xlabel \(quoted(panel.xLabel)) textcolor rgb '\(Palette.ink)' offset 0,0.4",
            "set label 2 \(quoted(panel.heading)) at graph 0,1.07 left textcolor rgb '\(Palette.ink)'",
            plots.isEmpty ? "" : "plot " + plots.joined(separator: ", "),
        ].filter { !$0.isEmpty }
            + (index == 0 ? (0..<names.count + notes.count).map { "unset label \(10 + $0)" } : [])
            + (index == 0 ? ["unset label 1"] : [])
    }

    /// Half a place more on both sides of bars.
    private func horizontalRange(_ panel: Panel) -> String {
        let places = panel.curves.flatMap(\.points).map(\.x).filter(\.isFinite)
        guard panel.style == .bars, let first = places.min(), let last = places.max() else { return "*:*" }
        return "\(numberText(first - 0.6)):\(numberText(last + 0.6))"
    }

    /// Round whole numbers, six of them at most: the axes of panels are steps, lags and indices.
    private func tickDistance(_ panel: Panel) -> Int {
        let ends = panel.curves.flatMap(\.points).map(\.x).filter(\.isFinite)
        let length = min((ends.max() ?? 0) - (ends.min() ?? 0), 1e9)
        var decade = 1
        while length > Double(50 * decade) { decade *= 10 }
        return [1, 2, 5, 10].map { $0 * decade }.first { length <= Double(5 * $0) } ?? decade
    }

    private func plot(panel: Int, curve number: Int) -> [String] {
        let curve = panels[panel].curves[number]
        let index = names.firstIndex(of: curve.name) ?? 0
        let (color, block) = (Palette.color(index), blockName(panel, number))
        if panels[panel].style == .bars {
            let width = 0.8 / Double(panels[panel].curves.count)
            let shift = width * (Double(number) - Double(panels[panel].curves.count - 1) / 2)
            return [
                "\(block) using ($1+(\(numberText(shift)))):2:(\(numberText(width))) with boxes "
                    + "fillcolor rgb '\(color)' fillstyle solid \(curve.isDashed ? "0.4" : "1") noborder"
            ]
        }
        let band = curve.points.contains { ($0.deviation ?? 0) > 0 }
        return
            (band
            ? [
                "\(block) using 1:($2-$3):($2+$3) with filledcurves fillcolor rgb '\(color)' "
                    + "fillstyle transparent solid 0.2 noborder"
            ] : [])
            + [
                "\(block) using 1:2 with linespoints linewidth 2 \(curve.isDashed ? "dashtype 2 " : "")"
                    + Palette.points(index, size: curve.isDashed ? 0.4 : 0.6, of: curve.points.count)
                    + " linecolor rgb '\(color)'"
            ]
    }
}
