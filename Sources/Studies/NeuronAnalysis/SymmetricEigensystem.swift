import ErrorMitigation
import DeviceNoise
import Neurons
import QuantumCircuits
import Foundation

/// Eigenvalues and eigenvectors of a small real symmetric matrix, by Jacobi's rotations.
struct SymmetricEigensystem {
    /// In no order.
    let values: [Double]
    /// Column k belongs to value k; orthonormal.
    let vectors: RealMatrix

    /// - Complexity: O(n³) a sweep, about ten sweeps.
    init(_ symmetric: RealMatrix) {
        precondition(symmetric.rowCount == symmetric.columnCount, "only a square matrix can be symmetric")
        let count = symmetric.rowCount
        var matrix = symmetric
        var vectors = RealMatrix(rowCount: count, columnCount: count)
        for index in 0..<count { vectors[index, index] = 1 }
        let scale = matrix.elements.reduce(0) { $0 + $1 * $1 }
        // Convergence is quadratic: 60 sweeps are never reached.
        for _ in 0..<60 {
            var offDiagonal = 0.0
            for row in 0..<count {
                for column in 0..<row { offDiagonal += matrix[row, column] * matrix[row, column] }
            }
            if offDiagonal <= 1e-34 * scale { break }
            for row in 0..<count {
                for column in 0..<row {
                    Self.annihilate(row, column, in: &matrix, turning: &vectors)
                }
            }
        }
        values = (0..<count).map { matrix[$0, $0] }
        self.vectors = vectors
    }

    /// Turns two axes so that their off-diagonal element becomes 0.
    private static func annihilate(
        _ row: Int, _ column: Int, in matrix: inout RealMatrix, turning vectors: inout RealMatrix
    ) {
        let element = matrix[row, column]
        guard element != 0 else { return }
        let ratio = (matrix[column, column] - matrix[row, row]) / (2 * element)
        let tangent = (ratio < 0 ? -1 : 1) / (abs(ratio) + (ratio * ratio + 1).squareRoot())
        let cosine = 1 / (tangent * tangent + 1).squareRoot()
        let sine = tangent * cosine
        for index in 0..<matrix.rowCount {
            let (first, second) = (matrix[index, row], matrix[index, column])
            matrix[index, row] = cosine * first - sine * second
            matrix[index, column] = sine * first + cosine * second
        }
        for index in 0..<matrix.rowCount {
            let (first, second) = (matrix[row, index], matrix[column, index])
            matrix[row, index] = cosine * first - sine * second
            matrix[column, index] = sine * first + cosine * second
            let (left, right) = (vectors[index, row], vectors[index, column])
            vectors[index, row] = cosine * left - sine * right
            vectors[index, column] = sine * left + cosine * right
        }
    }
}
