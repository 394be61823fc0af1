/// What two quantities cost each other: curves of points with uncertainty in both, in panels of one size; the horizontal axes are
/// logarithmic. Points that no other one of the panel beats in both quantities have a ring.
public struct TradeOffFigure: Figure {
    public struct Point: Sendable, Hashable {
        /// Above 0.
        public let x: Double
        public let y: Double
        /// Half the length of the bars.
        public let xError: Double
        public let yError: Double
        public let isOnFront: Bool

        public init(x: Double, y: Double, xError: Double, yError: Double, isOnFront: Bool) {
            (self.x, self.y, self.xError, self.yError) = (x, y, xError, yError)
            self.isOnFront = isOnFront
        }
    }

    public struct Panel: Sendable, Hashable {
        public let heading: String
        /// Of each subject, in the order in which they are joined.
        public let curves: [[Point]]

        public init(heading: String, curves: [[Point]]) { (self.heading, self.curves) = (heading, curves) }
    }

    public let name: String
    public let title: String
    /// What the colours mean, in order.
    public let subjects: [String]
    /// With its unit, and what the bars are.
    public let xLabel: String
    /// From left to right.
    public let panels: [Panel]
    /// Lines below the legend.
    public let notes: [String]

    public init(
        name: String, title: String, subjects: [String], xLabel: String, panels: [Panel], notes: [String] = []
    ) {
        precondition(panels.allSatisfy { $0.curves.count == subjects.count }, "a curve for each subject")
        (self.name, self.title, self.subjects) = (name, title, subjects)
        (self.xLabel, self.panels, self.notes) = (xLabel, panels, notes)
    }

    public var isEmpty: Bool { panels.allSatisfy { $0.curves.allSatisfy(\.isEmpty) } }

    private var grid: PanelGrid {
        PanelGrid(panelCount: panels.count, columnCount: max(panels.count, 1), bottom: 48)
    }

    public var script: GnuplotScript {
        GnuplotScript(
            width: Int(grid.width), height: Int(grid.height),
            commands: dataBlocks + grid.style + grid.legend(title: title, subjects: subjects, notes: notes)
                + panels.indices.flatMap(commands) + ["unset multiplot"])
    }

    private func drawn(_ panel: Int, _ subject: Int) -> [Point] {
        panels[panel].curves[subject].filter { $0.x > 0 && $0.x.isFinite && $0.y.isFinite }
    }

    /// Of each curve a block of all points, and one of those with a ring.
    private var dataBlocks: [String] {
        panels.indices.flatMap { panel in
            subjects.indices.flatMap { subject -> [String] in
                let points = drawn(panel, subject)
                return dataBlock(
                    "curve\(panel)_\(subject)",
                    points.map {
                        [
                            $0.x, $0.y, max($0.x - $0.xError, $0.x / 10), $0.x + $0.xError,
                            $0.y - $0.yError, $0.y + $0.yError,
                        ]
                    })
                    + dataBlock("front\(panel)_\(subject)", points.filter(\.isOnFront).map { [$0.x, $0.y] })
            }
        }
    }

    private func commands(of index: Int) -> [String] {
        grid.margins(of: index, heading: panels[index].heading) + [
            "set logscale x",
            "set xlabel \(quoted(xLabel)) textcolor rgb '\(Palette.ink)'",
            "plot " + subjects.indices.flatMap { plots(panel: index, subject: $0) }.joined(separator: ", "),
        ] + (index == 0 ? grid.afterFirst(subjects: subjects, notes: notes) : [])
    }

    private func plots(panel: Int, subject: Int) -> [String] {
        // gnuplot stops at a block without a line.
        let points = drawn(panel, subject)
        guard !points.isEmpty else { return ["NaN"] }
        let (curve, color) = ("$curve\(panel)_\(subject)", Palette.color(subject))
        return [
            "\(curve) using 1:2:3:4:5:6 with xyerrorbars linewidth 1 \(Palette.points(subject)) linecolor rgb '\(color)'",
            "\(curve) using 1:2 with lines linewidth 1.6 linecolor rgb '\(color)'",
        ]
            + (points.contains(where: \.isOnFront)
                ? [
                    "$front\(panel)_\(subject) using 1:2 with points pointtype 6 pointsize 1.3 linewidth 1.4 linecolor rgb '\(Palette.ink)'"
                ] : [])
    }
}
