import Glibc

/// A few curves over one axis, each labelled at its right end, with intervals of uncertainty where there are some.
public struct CurveFigure: Figure {
    public struct Point: Sendable, Hashable {
        public let x: Double
        public let y: Double
        /// Interval around y; ``yLabel`` says what it is.
        public let band: ClosedRange<Double>?

        public init(x: Double, y: Double, band: ClosedRange<Double>? = nil) {
            self.x = x
            self.y = y
            self.band = band
        }
    }

    public struct Curve: Sendable, Hashable {
        public let name: String
        /// In ascending order of x.
        public let points: [Point]

        public init(name: String, points: [Point]) {
            self.name = name
            self.points = points
        }
    }

    /// How intervals are drawn.
    public enum Intervals: Sendable {
        /// A band along the curve, for many points.
        case band
        /// A bar at each point, for few.
        case bars
    }

    public enum Axis: String, Sendable { case x, y }

    public let name: String
    public let title: String
    /// Names of the axes, with units, and with the meaning of the intervals.
    public let xLabel: String
    public let yLabel: String
    public let intervals: Intervals
    /// Axes on which equal distances are equal ratios; what is not above 0 is not drawn on them.
    public let logarithmic: Set<Axis>
    /// Where the vertical axis begins and, unless nil, ends.
    public let bottom: Double
    public let top: Double?
    public let curves: [Curve]

    /// - Parameter name: what messages call the figure.
    public init(
        name: String, title: String, xLabel: String, yLabel: String, intervals: Intervals = .band,
        logarithmic: Set<Axis> = [], bottom: Double = 0, top: Double? = nil, curves: [Curve]
    ) {
        self.name = name
        self.intervals = intervals
        self.logarithmic = logarithmic
        self.bottom = bottom
        self.top = top
        self.title = title
        self.xLabel = xLabel
        self.yLabel = yLabel
        self.curves = curves
    }

    public var isEmpty: Bool { curves.allSatisfy(\.points.isEmpty) }

    public var script: GnuplotScript {
        GnuplotScript(
            width: 640, height: 360,
            commands: dataBlocks + style + labels + ["plot " + plots.joined(separator: ", ")])
    }

    private var dataBlocks: [String] {
        curves.enumerated().flatMap { index, curve in
            ["$curve\(index) << END"]
                + curve.points.map { point in
                    ([point.x, point.y] + (point.band.map { [$0.lowerBound, $0.upperBound] } ?? []))
                        .map(numberText).joined(separator: " ")
                } + ["END"]
        }
    }

    private var style: [String] {
        [
            "set label 1 \(quoted(title)) at screen 0.02,0.94 left font ',13' textcolor rgb '\(Palette.ink)'",
            "set border 3 linewidth 0.75 linecolor rgb '\(Palette.ink)'",
            "set tics nomirror out scale 0.5 textcolor rgb '\(Palette.ink)'",
            "set grid ytics linewidth 0.5 linecolor rgb '\(Palette.faint)' linetype 1",
            "unset key",
            "set xrange [\(logarithmic.contains(.x) ? "*" : "0"):*]",
        ] + logarithmic.map(\.rawValue).sorted().flatMap { ["set logscale \($0)", "set format \($0) '%g'"] }
            + [
                // gnuplot finds no range where every value is 0 or none is a number.
                "set yrange [\(numberText(bottom)):\(top.map(numberText) ?? (highest > bottom ? "*" : numberText(bottom + 1)))]",
                "set xlabel \(quoted(xLabel)) textcolor rgb '\(Palette.ink)'",
                "set label 2 \(quoted(yLabel)) at graph 0,1.05 left textcolor rgb '\(Palette.ink)'",
                "set lmargin at screen 0.1",
                "set rmargin at screen 0.72",
                "set bmargin at screen 0.16",
                "set tmargin at screen 0.8",
            ]
    }

    private var highest: Double {
        curves.flatMap(\.points).map(\.y).filter(\.isFinite).max() ?? 0
    }

    /// Where the next label can be.
    private func above(_ height: Double) -> Double {
        logarithmic.contains(.y)
            ? height * pow((top ?? highest) / bottom, 0.07) : height + 0.07 * ((top ?? highest) - bottom)
    }

    /// Labels of curves that end close together move up, so that each can be read.
    private var labels: [String] {
        let ends = curves.enumerated().compactMap { index, curve in
            curve.points.last { $0.y.isFinite }.map { (index: index, name: curve.name, end: $0) }
        }
        var lowest = -Double.infinity
        let sorted = ends.sorted { $0.end.y < $1.end.y }
        let heights = sorted.map { entry in
            let height = max(entry.end.y, lowest)
            lowest = above(height)
            return height
        }
        // An axis that ends leaves no room above it.
        let excess = top.map { max((heights.last ?? $0) - $0, 0) } ?? 0
        return zip(sorted, heights).map { entry, height in
            "set label \(10 + entry.index) \(quoted(Palette.sign(entry.index) + " " + shortened(entry.name, bytes: 40))) at first \(numberText(entry.end.x)),"
                + "first \(numberText(height - excess)) left offset 0.8,0 "
                + "textcolor rgb '\(Palette.color(entry.index))'"
        }
    }

    private var plots: [String] {
        let uncertain = curves.indices.filter { curves[$0].points.contains { $0.band != nil } }.map { index in
            let color = "rgb '\(Palette.color(index))'"
            return switch intervals {
            case .band:
                "$curve\(index) using 1:3:4 with filledcurves fillcolor \(color) fillstyle transparent solid 0.15 "
                    + "noborder"
            case .bars:
                "$curve\(index) using 1:2:3:4 with yerrorbars linewidth 1.2 pointtype 0 linecolor \(color)"
            }
        }
        return uncertain
            + curves.indices.map {
                "$curve\($0) using 1:2 with linespoints linewidth 2 \(Palette.points($0, of: curves[$0].points.count)) "
                    + "linecolor rgb '\(Palette.color($0))'"
            }
    }
}
