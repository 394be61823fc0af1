/// Panels of one size in rows, a title above, a legend at the right.
struct PanelGrid {
    let panelCount: Int
    let columnCount: Int

    /// Points.
    private static let (panelWidth, panelHeight) = (380.0, 230.0)
    private static let (head, foot, legendWidth) = (44.0, 8.0, 236.0)
    private static let (left, right, top) = (50.0, 12.0, 26.0)

    /// Of a panel, for the labels of its horizontal axis.
    let bottom: Double

    private var rowCount: Int { (panelCount + columnCount - 1) / columnCount }
    var width: Double { Self.panelWidth * Double(columnCount) + Self.legendWidth }
    var height: Double { Self.head + Self.panelHeight * Double(rowCount) + Self.foot }

    var style: [String] {
        [
            "set multiplot",
            "set border 3 linewidth 0.75 linecolor rgb '\(Palette.ink)'",
            "set tics nomirror out scale 0.5 textcolor rgb '\(Palette.ink)'",
            "set grid ytics linewidth 0.5 linecolor rgb '\(Palette.faint)' linetype 1",
            "unset key",
        ]
    }

    /// Title and legend, which are drawn with the first panel; ``afterFirst`` takes them away.
    ///
    /// - Parameters:
    ///   - subjects: what the colours mean, in order.
    ///   - notes: lines below.
    func legend(title: String, subjects: [String], notes: [String]) -> [String] {
        let entries =
            subjects.enumerated().map {
                (Palette.sign($0) + " " + shortened($1, bytes: 36), Palette.color($0))
            }
            + notes.map { ($0, Palette.ink) }
        return [
            "set label 1 \(quoted(title)) at screen \(numberText(12 / width)),\(screenHeight(20)) left font ',13' "
                + "textcolor rgb '\(Palette.ink)'"
        ]
            + entries.enumerated().map { index, entry in
                "set label \(10 + index) \(quoted(entry.0)) at screen "
                    + "\(numberText((width - Self.legendWidth + 10) / width)),"
                    + "\(screenHeight(Self.head + Self.top + 6 + 18 * Double(index))) left textcolor rgb '\(entry.1)'"
            }
    }

    func afterFirst(subjects: [String], notes: [String]) -> [String] {
        ["unset label 1"] + (0..<subjects.count + notes.count).map { "unset label \(10 + $0)" }
    }

    /// Where a panel is, and what it shows.
    func margins(of index: Int, heading: String) -> [String] {
        let (row, column) = index.quotientAndRemainder(dividingBy: columnCount)
        let left = Self.panelWidth * Double(column)
        let top = Self.head + Self.panelHeight * Double(row)
        return [
            "set lmargin at screen \(numberText((left + Self.left) / width))",
            "set rmargin at screen \(numberText((left + Self.panelWidth - Self.right) / width))",
            "set tmargin at screen \(screenHeight(top + Self.top))",
            "set bmargin at screen \(screenHeight(top + Self.panelHeight - bottom))",
            "set label 2 \(quoted(heading)) at graph 0,1 left offset 0,0.8 textcolor rgb '\(Palette.ink)'",
        ]
    }

    /// A distance from the upper edge in points, as a share of the picture from below.
    private func screenHeight(_ distance: Double) -> String { numberText(1 - distance / height) }
}
