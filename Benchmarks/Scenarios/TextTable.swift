/// Cells set in columns.
public enum TextTable {
    /// One line a row; columns two spaces apart, each as wide as its widest cell. The last cell of a row may be
    /// wider than its column.
    ///
    /// - Parameter rows: header first; rows may end early.
    public static func lines(_ rows: [[String]]) -> [String] {
        let columnCount = rows.map(\.count).max() ?? 0
        let widths = (0..<columnCount).map { column in
            rows.filter { $0.count > column + 1 || $0.count == columnCount && $0.count == column + 1 }
                .map { $0[column].count }.max() ?? 0
        }
        return rows.map { row in
            row.enumerated().map { column, cell in
                column == row.count - 1
                    ? cell : cell + String(repeating: " ", count: max(0, widths[column] - cell.count))
            }.joined(separator: "  ")
        }
    }
}
