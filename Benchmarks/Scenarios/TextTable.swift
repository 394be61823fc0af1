/// Cells set in columns.
enum TextTable {
    /// One line a row; columns two spaces apart, each as wide as its widest cell. The last cell of a row widens no
    /// column: nothing follows it.
    ///
    /// - Parameter rows: header first; rows may end early.
    static func lines(_ rows: [[String]]) -> [String] {
        var widths = [Int](repeating: 0, count: rows.map(\.count).max() ?? 0)
        for row in rows {
            for (column, cell) in row.dropLast().enumerated() {
                widths[column] = max(widths[column], cell.count)
            }
        }
        return rows.map { row in
            let padded = row.dropLast().enumerated().map { column, cell in
                cell + String(repeating: " ", count: widths[column] - cell.count)
            }
            return (padded + row.suffix(1)).joined(separator: "  ")
        }
    }
}
