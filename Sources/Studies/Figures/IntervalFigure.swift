/// Means with intervals on one common axis, in panels beside and below each other: one line a subject, one colour a
/// condition.
///
/// Made for comparisons of many models on many tasks, where a legend of ten colours could not be read.
public struct IntervalFigure: Figure {
    /// A measured value with its interval.
    public struct Mark: Sendable, Hashable {
        /// Index in ``IntervalFigure/subjects``.
        public let subject: Int
        /// Index in ``IntervalFigure/conditions``.
        public let condition: Int
        public let value: Double
        public let low: Double
        public let high: Double

        public init(subject: Int, condition: Int, value: Double, low: Double, high: Double) {
            self.subject = subject
            self.condition = condition
            self.value = value
            self.low = low
            self.high = high
        }
    }

    public struct Panel: Sendable, Hashable {
        public let title: String
        public let marks: [Mark]

        public init(title: String, marks: [Mark]) {
            self.title = title
            self.marks = marks
        }
    }

    public let name: String
    public let title: String
    /// Name of the common axis, with unit.
    public let xLabel: String
    public let range: ClosedRange<Double>
    /// The lines of every panel, from the top.
    public let subjects: [String]
    /// Index of the first of the subjects with which the others are compared; a thin line sets them apart.
    public let firstReference: Int
    /// What the colours mean.
    public let conditions: [String]
    public let panels: [Panel]

    /// - Parameters:
    ///   - name: what messages call the figure.
    ///   - firstReference: index of the first of the subjects with which the others are compared, listed last; their count
    ///     if there is none.
    public init(
        name: String, title: String, xLabel: String, range: ClosedRange<Double>, subjects: [String],
        firstReference: Int, conditions: [String], panels: [Panel]
    ) {
        precondition(
            panels.allSatisfy {
                $0.marks.allSatisfy {
                    subjects.indices.contains($0.subject) && conditions.indices.contains($0.condition)
                }
            }, "a mark of no subject or condition")
        self.name = name
        self.title = title
        self.xLabel = xLabel
        self.range = range
        self.subjects = subjects
        self.firstReference = firstReference
        self.conditions = conditions
        self.panels = panels
    }

    public var isEmpty: Bool { panels.allSatisfy(\.marks.isEmpty) }

    private static let columnCount = 3
    private var rowCount: Int { (panels.count + Self.columnCount - 1) / Self.columnCount }
    /// Points.
    private static let width = 960.0
    private static let (head, foot, gap) = (64.0, 44.0, 30.0)
    /// Bytes of a subject's name.
    private static let longestName = 32
    /// Room for the subjects' names.
    private var margin: Double {
        max(130, 14 + 6.2 * Double(min(subjects.map(\.count).max() ?? 0, Self.longestName)))
    }
    private static let lineHeight = 18.0
    private var panelHeight: Double { Self.lineHeight * Double(subjects.count + 1) }
    private var height: Double {
        Self.head + Self.foot + Double(rowCount) * panelHeight + Double(max(rowCount - 1, 0)) * Self.gap
    }

    public var script: GnuplotScript {
        GnuplotScript(
            width: Int(Self.width), height: Int(height),
            commands: dataBlocks + style + legend + panels.indices.flatMap(panelCommands)
                + ["unset multiplot"])
    }

    /// Columns: height of the line, value, low and high; conditions of a subject beside each other.
    private var dataBlocks: [String] {
        panels.enumerated().flatMap { panelIndex, panel in
            conditions.indices.flatMap { condition in
                let rows = panel.marks.filter { $0.condition == condition }.map { mark in
                    let shift = 0.22 * (Double(conditions.count - 1) / 2 - Double(condition))
                    let line = -Double(mark.subject) + shift
                    return [line, mark.value, mark.low, mark.high].map(numberText).joined(separator: " ")
                }
                return ["$panel\(panelIndex)c\(condition) << END"] + rows + ["END"]
            }
        }
    }

    private var style: [String] {
        [
            "set multiplot",
            "set label 1 \(quoted(title)) at screen 0.012,\(screenHeight(20)) left font ',13' "
                + "textcolor rgb '\(Palette.ink)'",
            "set border 1 linewidth 0.75 linecolor rgb '\(Palette.ink)'",
            "set xtics nomirror out scale 0.5 textcolor rgb '\(Palette.ink)'",
            "set grid xtics ytics linewidth 0.5 linecolor rgb '\(Palette.faint)' linetype 1",
            "unset key",
            "set xrange [\(numberText(range.lowerBound)):\(numberText(range.upperBound))]",
            "set yrange [\(numberText(0.4 - Double(subjects.count))):0.6]",
        ]
    }

    /// The conditions in a line below the title, each in its colour.
    private var legend: [String] {
        conditions.enumerated().map { index, condition in
            let place = (margin + 150 * Double(index)) / Self.width
            return
                "set label \(10 + index) \(quoted(Palette.sign(index) + " " + condition)) at screen \(numberText(place)),"
                + "\(screenHeight(42)) left textcolor rgb '\(Palette.color(index))'"
        }
    }

    /// A distance from the upper edge in points, as a share of the picture from below.
    private func screenHeight(_ distance: Double) -> String { numberText(1 - distance / height) }

    private func panelCommands(_ index: Int) -> [String] {
        let (row, column) = (index / Self.columnCount, index % Self.columnCount)
        let columnWidth = (Self.width - margin - 20) / Double(Self.columnCount)
        let left = margin + columnWidth * Double(column)
        let top = Self.head + Double(row) * (panelHeight + Self.gap)
        let tics = subjects.enumerated().map {
            "\(quotedTick(column == 0 ? $0.element : "", bytes: Self.longestName)) \(-$0.offset)"
        }
        let isLowest = index + Self.columnCount >= panels.count
        let separator = 0.5 - Double(firstReference)
        let plots = conditions.indices.map { condition in
            "$panel\(index)c\(condition) using 2:1:3:4 with xerrorbars linewidth 1.2 \(Palette.points(condition)) "
                + "linecolor rgb '\(Palette.color(condition))'"
        }
        return [
            "set lmargin at screen \(numberText(left / Self.width))",
            "set rmargin at screen \(numberText((left + columnWidth - 24) / Self.width))",
            "set tmargin at screen \(screenHeight(top + Self.lineHeight))",
            "set bmargin at screen \(screenHeight(top + panelHeight))",
            "set ytics (\(tics.joined(separator: ", "))) scale 0 textcolor rgb '\(Palette.ink)'",
            "set xlabel \(quoted(isLowest ? xLabel : "")) textcolor rgb '\(Palette.ink)' offset 0,0.4",
            "set label 2 \(quoted(panels[index].title)) at graph 0,1 left offset 0,0.6 "
                + "textcolor rgb '\(Palette.ink)'",
            firstReference > 0 && firstReference < subjects.count
                ? "set arrow 1 from graph 0,first \(numberText(separator)) to graph 1,first \(numberText(separator)) "
                    + "nohead linewidth 0.75 linecolor rgb '\(Palette.ink)'" : "unset arrow 1",
            "plot " + plots.joined(separator: ", "),
            "unset label 1",
        ] + conditions.indices.map { "unset label \(10 + $0)" }
    }
}
