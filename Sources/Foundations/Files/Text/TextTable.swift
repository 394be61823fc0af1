/// Cells set in columns, two spaces apart. What would act on a terminal is spelled out in them, for it takes columns then.
package enum TextTable {
    /// One line a row, all columns flush left. The last cell of a row widens no column: nothing follows it.
    ///
    /// - Parameter rows: header first; rows may end early.
    package static func lines(_ rows: [[String]]) -> [String] {
        let rows = visible(rows)
        let widths = widths(rows.map { Array($0.dropLast()) })
        return rows.map { row in
            let padded = row.dropLast().enumerated().map { column, cell in
                cell + space(widths[column] - cell.count)
            }
            return (padded + row.suffix(1)).joined(separator: "  ")
        }
    }

    /// One line a row, the first column flush left and the others, numbers, flush right. Lines end with their last sign.
    ///
    /// - Parameter rows: header first; rows may end early.
    package static func numberLines(_ rows: [[String]]) -> [String] {
        let rows = visible(rows)
        let widths = widths(rows)
        return rows.map { row in
            let padded = row.enumerated().map { column, cell in
                let space = space(widths[column] - cell.count)
                return column == 0 ? cell + space : space + cell
            }
            let line = padded.joined(separator: "  ")
            return String(line.reversed().drop { $0 == " " }.reversed())
        }
    }

    private static func visible(_ rows: [[String]]) -> [[String]] { rows.map { $0.map(\.visible) } }

    /// Signs of the widest cell of each column.
    private static func widths(_ rows: [[String]]) -> [Int] {
        var widths = [Int](repeating: 0, count: rows.map(\.count).max() ?? 0)
        for row in rows {
            for (column, cell) in row.enumerated() { widths[column] = max(widths[column], cell.count) }
        }
        return widths
    }

    private static func space(_ width: Int) -> String { String(repeating: " ", count: width) }
}
