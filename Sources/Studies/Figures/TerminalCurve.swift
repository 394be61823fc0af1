import Files

/// A curve as lines of text, with its largest and least value at the left.
public struct TerminalCurve: Sendable {
    public let name: String
    /// One a column of dots, or fewer; those that are no numbers are left out.
    public let values: [Double]

    public init(name: String, values: [Double]) {
        self.name = name
        self.values = values
    }

    /// - Parameters:
    ///   - width: columns, at least 20.
    ///   - height: lines of the curve; the name stands above it.
    public func lines(width: Int, height: Int) -> [String] {
        let finite = values.filter(\.isFinite)
        guard let least = finite.min(), let greatest = finite.max(), let last = finite.last else {
            return ["\(name): nothing yet"]
        }
        let margin = 10
        let size = (width: 2 * max(width - margin, 10), height: 4 * height)
        let extent = greatest > least ? greatest - least : 1
        var dots: [Int] = []
        var before: Int?
        for column in 0..<size.width {
            // The value before and after, each at its share of the width.
            let place = Double(column) / Double(size.width - 1) * Double(values.count - 1)
            let value = values[Int(place.rounded())]
            guard value.isFinite else {
                before = nil
                continue
            }
            let row = Int(((greatest - value) / extent * Double(size.height - 1)).rounded())
            let rows = min(row, before ?? row)...max(row, before ?? row)
            dots += rows.map { $0 * size.width + column }
            before = row
        }
        let curve = Braille.lines(dots, width: size.width, height: size.height)
        func label(_ text: String) -> String {
            String(repeating: " ", count: max(margin - 1 - text.count, 0)) + text + " "
        }
        return ["\(name): \(Self.text(last))"]
            + curve.enumerated().map { index, line in
                let value = index == 0 ? Self.text(greatest) : index == height - 1 ? Self.text(least) : ""
                return Braille.trimmed(label(value) + line)
            }
    }

    private static func text(_ value: Double) -> String { String(printf: "%.4g", value) }
}
