import Files

/// Why a matrix cannot be a gate.
public enum UnitaryMatrixError: DescribedError, Equatable {
    case shape(rows: Int, columns: Int)
    /// The element of U†U that is farthest from that of the identity, and how far.
    case notUnitary(distance: Double, row: Int, column: Int)

    public var category: ErrorCategory { .badInput }

    public var description: String {
        switch self {
        case .shape(let rows, let columns):
            "found \(rows) × \(columns) elements, expected 2 × 2 for one qubit or 4 × 4 for two"
        case .notUnitary(let distance, let row, let column):
            "U†U differs from 1 by \(distance) at [\(row)][\(column)], expected at most "
                + "\(UnitaryMatrix.tolerance): the matrix is not unitary; give more digits or correct it"
        }
    }
}
