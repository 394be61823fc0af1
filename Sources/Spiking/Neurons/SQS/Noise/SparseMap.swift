import DeviceNoise
import QuantumCircuits

/// A matrix with few entries: what happens to the Pauli coefficients of all qubits where something happens to one or two.
struct SparseMap {
    typealias Entry = (column: Int, value: Double)

    let columnCount: Int
    /// Entries of each row, in the order of their columns.
    var rows: [[Entry]]

    /// Entries of this magnitude or less are rounding errors of matrices that were multiplied together.
    static let negligible = 1e-14

    /// A transfer matrix on some of the qubits.
    init(_ matrix: PauliTransferMatrix, on qubits: [Int], of index: PauliIndex) {
        columnCount = index.count
        rows = (0..<index.count).map { row in
            let local = qubits.reduce(0) { 4 * $0 + index.digit(row, $1) }
            return (0..<matrix.dimension).compactMap { column -> Entry? in
                guard abs(matrix[local, column]) > Self.negligible else { return nil }
                var place = row
                for (position, qubit) in qubits.reversed().enumerated() {
                    place = index.replacing(place, qubit, by: (column >> (2 * position)) & 3)
                }
                return (place, matrix[local, column])
            }.sorted { $0.column < $1.column }
        }
    }

    init(columnCount: Int, rows: [[Entry]]) {
        self.columnCount = columnCount
        self.rows = rows
    }

    /// This map after another.
    func after(_ earlier: SparseMap?) -> SparseMap {
        guard let earlier else { return self }
        return SparseMap(
            columnCount: earlier.columnCount,
            rows: rows.map { row in
                var sums: [Int: Double] = [:]
                for (middle, factor) in row {
                    for (column, value) in earlier.rows[middle] { sums[column, default: 0] += factor * value }
                }
                return sums.filter { abs($0.value) > Self.negligible }.map { ($0.key, $0.value) }
                    .sorted { $0.0 < $1.0 }
            })
    }

    var transposed: SparseMap {
        var columns = [[Entry]](repeating: [], count: columnCount)
        for (row, entries) in rows.enumerated() {
            for (column, value) in entries { columns[column].append((row, value)) }
        }
        return SparseMap(columnCount: rows.count, rows: columns)
    }
}
