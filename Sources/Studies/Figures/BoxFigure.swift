import Compute

/// Box plots of several runs in panels of one size: in each panel a group of boxes a place, in each group a box a subject, in its colour.
///
/// A box reaches from the first to the third quartile, its line is the median, its whiskers end at the last runs within 1.5 times the
/// box's height; every run is a point.
public struct BoxFigure: Figure {
    /// The runs of one subject at one place.
    public struct Box: Sendable, Hashable {
        /// Index in ``BoxFigure/subjects``.
        public let subject: Int
        /// Index in ``Panel/places``.
        public let place: Int
        public let values: [Double]

        public init(subject: Int, place: Int, values: [Double]) {
            self.subject = subject
            self.place = place
            self.values = values
        }
    }

    public struct Panel: Sendable, Hashable {
        /// What the panel shows, with unit.
        public let heading: String
        /// What stands below the groups.
        public let places: [String]
        public let boxes: [Box]
        /// Whether the axis begins at 0; else it fits the values.
        public let startsAtZero: Bool

        public init(heading: String, places: [String], boxes: [Box], startsAtZero: Bool = false) {
            self.heading = heading
            self.places = places
            self.boxes = boxes
            self.startsAtZero = startsAtZero
        }
    }

    public let name: String
    public let title: String
    /// What the colours mean, in order.
    public let subjects: [String]
    /// Row by row.
    public let panels: [Panel]
    /// Panels of a row.
    public let columnCount: Int
    /// Lines below the legend.
    public let notes: [String]

    /// - Parameter name: what messages call the figure.
    public init(
        name: String, title: String, subjects: [String], panels: [Panel], columnCount: Int,
        notes: [String] = []
    ) {
        precondition(columnCount > 0, "a row has panels")
        precondition(
            panels.allSatisfy { panel in
                panel.boxes.allSatisfy {
                    subjects.indices.contains($0.subject) && panel.places.indices.contains($0.place)
                }
            }, "a box of no subject or place")
        self.name = name
        self.title = title
        self.subjects = subjects
        self.panels = panels
        self.columnCount = columnCount
        self.notes = notes
    }

    public var isEmpty: Bool { panels.allSatisfy { $0.boxes.allSatisfy(\.values.isEmpty) } }

    private var grid: PanelGrid {
        PanelGrid(panelCount: panels.count, columnCount: columnCount, bottom: 34)
    }

    public var script: GnuplotScript {
        GnuplotScript(
            width: Int(grid.width), height: Int(grid.height),
            commands: dataBlocks + grid.style
                + grid.legend(title: title, subjects: subjects, notes: notes)
                + panels.indices.flatMap(commands) + ["unset multiplot"])
    }

    private func blockName(_ panel: Int, _ subject: Int) -> String { "panel\(panel)_\(subject)" }

    /// Of each panel and subject a block of boxes (place, first quartile, ends of the whiskers, third quartile, median), and one of
    /// points.
    private var dataBlocks: [String] {
        panels.enumerated().flatMap { index, panel in
            subjects.indices.flatMap { subject -> [String] in
                let boxes = panel.boxes.filter { $0.subject == subject }
                let summaries = boxes.compactMap { box in
                    BoxSummary(box.values).map { [place(box)] + $0.numbers }
                }
                let points = boxes.flatMap { box in
                    box.values.enumerated().map { run, value in
                        [place(box) + boxWidth * Self.shift(of: run), value]
                    }
                }
                return dataBlock(blockName(index, subject), summaries)
                    + dataBlock(blockName(index, subject) + "_runs", points)
            }
        }
    }

    /// Groups are 1 apart, boxes of a group stand side by side in four fifths of that.
    private func place(_ box: Box) -> Double {
        Double(box.place) + slotWidth * (Double(box.subject) - Double(subjects.count - 1) / 2)
    }

    private var slotWidth: Double { 0.8 / Double(max(subjects.count, 1)) }
    private var boxWidth: Double { min(0.75 * slotWidth, 0.3) }

    /// Where a point stands beside the middle of its box, in widths of it: spread evenly whatever the number of runs.
    private static func shift(of run: Int) -> Double {
        let golden = 0.618_033_988_749_894_8 * Double(run + 1)
        return 0.5 * (golden - golden.rounded(.down) - 0.5)
    }

    private func commands(of index: Int) -> [String] {
        let panel = panels[index]
        let tics = panel.places.enumerated().map { "\(quotedTick($0.element)) \($0.offset)" }
        let range = range(of: panel)
        return grid.margins(of: index, heading: panel.heading) + [
            "set xrange [-0.5:\(numberText(Double(panel.places.count) - 0.5))]",
            "set yrange [\(numberText(range.lowerBound)):\(numberText(range.upperBound))]",
            "set xtics (\(tics.joined(separator: ", "))) scale 0",
            "plot " + subjects.indices.flatMap { plots(panel: index, subject: $0) }.joined(separator: ", "),
        ]
            + (index == 0 ? grid.afterFirst(subjects: subjects, notes: notes) : [])
    }

    /// What the axis shows: some room above and below the values, of one value too.
    private func range(of panel: Panel) -> ClosedRange<Double> {
        let values = panel.boxes.flatMap(\.values).filter(\.isFinite)
        guard let least = values.min(), let greatest = values.max() else { return 0...1 }
        let low = panel.startsAtZero ? min(least, 0) : least
        let room = greatest > low ? 0.06 * (greatest - low) : max(abs(greatest), 1) * 0.1
        return (panel.startsAtZero && low == 0 ? 0 : low - room)...(greatest + room)
    }

    private func plots(panel: Int, subject: Int) -> [String] {
        // gnuplot stops at a block without a line.
        guard panels[panel].boxes.contains(where: { $0.subject == subject && !$0.values.isEmpty }) else {
            return ["NaN"]
        }
        let (block, color) = ("$" + blockName(panel, subject), Palette.color(subject))
        let boxes = "\(block) using 1:2:3:4:5:(\(numberText(boxWidth)))"
        return [
            "\(boxes) with candlesticks whiskerbars 0.5 linewidth 1.2 linecolor rgb '\(color)' "
                + "fillstyle transparent solid 0.2 border",
            "\(block) using ($1-\(numberText(boxWidth / 2))):6:(\(numberText(boxWidth))):(0) with vectors nohead "
                + "linewidth 2.4 linecolor rgb '\(color)'",
            "\(block)_runs using 1:2 with points \(Palette.points(subject, size: 0.5)) linecolor rgb '\(color)'",
        ]
    }
}

/// What a box of a box plot shows.
struct BoxSummary {
    /// First quartile, lower and upper end of the whiskers, third quartile, median.
    let numbers: [Double]

    /// nil of no values.
    ///
    /// Quartiles as `SampleStatistics.quantile` takes them; whiskers to the last values within 1.5 times
    /// their distance beyond them, after Tukey.
    init?(_ values: [Double]) {
        let sorted = values.sorted()
        guard !sorted.isEmpty, sorted.allSatisfy(\.isFinite) else { return nil }
        func quantile(_ share: Double) -> Double { SampleStatistics.quantile(ofSorted: sorted, share) }
        let (first, third) = (quantile(0.25), quantile(0.75))
        let reach = 1.5 * (third - first)
        numbers = [
            first, min(sorted.first { $0 >= first - reach } ?? first, first),
            max(sorted.last { $0 <= third + reach } ?? third, third), third, quantile(0.5),
        ]
    }
}
