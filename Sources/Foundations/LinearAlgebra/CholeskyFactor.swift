import CLAPACK

/// The factor L of a positive definite matrix, A = L Lᵀ, with which systems of equations are solved: LAPACK's `dpotrf`, `dpotrs`.
package struct CholeskyFactor: Sendable {
    private let size: Int
    private let elements: [Double]
    private static let triangle = CChar(UInt8(ascii: "U"))

    /// nil where the matrix is not positive definite. Only its lower triangle is read.
    ///
    /// - Complexity: O(n³).
    package init?(_ matrix: RealMatrix) {
        precondition(matrix.rowCount == matrix.columnCount, "only a square matrix has a Cholesky factor")
        guard LAPACK.isFinite(matrix.elements) else { return nil }
        var elements = matrix.elements
        let order = Int32(matrix.rowCount)
        // The lower triangle by rows is the upper one by columns.
        let status = LAPACK.call {
            LAPACKE_dpotrf(LAPACK_COL_MAJOR, Self.triangle, order, &elements, max(order, 1))
        }
        guard status == 0 else { return nil }
        (size, self.elements) = (matrix.rowCount, elements)
    }

    /// x with A x = `right`.
    package func solve(_ right: [Double]) -> [Double] {
        precondition(right.count == size, "\(right.count) numbers for \(size) equations")
        guard LAPACK.isFinite(right) else { return right.map { _ in .nan } }
        var solution = right
        let order = Int32(size)
        _ = LAPACK.call {
            LAPACKE_dpotrs(
                LAPACK_COL_MAJOR, Self.triangle, order, 1, elements, max(order, 1), &solution, max(order, 1))
        }
        return solution
    }
}
