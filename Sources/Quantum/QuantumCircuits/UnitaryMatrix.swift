/// A unitary matrix of one or two qubits, given by the user as a gate.
public struct UnitaryMatrix: Hashable, Sendable {
    /// How far U†U may be from 1, in its worst element.
    public static let tolerance = 1e-9

    /// `2 × 2` or `4 × 4`; the gate's first qubit is the more significant bit of the index.
    public let matrix: ComplexMatrix

    /// Qubits it acts on, 1 or 2.
    public var qubitCount: Int { matrix.rowCount == 2 ? 1 : 2 }

    /// - Throws: ``UnitaryMatrixError`` unless the matrix is 2 × 2 or 4 × 4 and U†U = 1 within ``tolerance``.
    public init(_ matrix: ComplexMatrix) throws(UnitaryMatrixError) {
        guard matrix.rowCount == matrix.columnCount, [2, 4].contains(matrix.rowCount) else {
            throw .shape(rows: matrix.rowCount, columns: matrix.columnCount)
        }
        let worst = (matrix.adjoint * matrix).farthestFromIdentity
        guard worst.distance <= Self.tolerance else {
            throw .notUnitary(distance: worst.distance, row: worst.row, column: worst.column)
        }
        self.matrix = matrix
    }

    private init(checked matrix: ComplexMatrix) { self.matrix = matrix }

    /// U†, which undoes U.
    public var inverse: UnitaryMatrix { UnitaryMatrix(checked: matrix.adjoint) }
}

extension UnitaryMatrix: Codable {
    public init(from decoder: any Decoder) throws {
        let matrix = try ComplexMatrix(from: decoder)
        do {
            try self.init(matrix)
        } catch {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: error.description))
        }
    }

    public func encode(to encoder: any Encoder) throws { try matrix.encode(to: encoder) }
}
