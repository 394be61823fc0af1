import CLAPACK

extension RealMatrix {
    /// The largest modulus of an eigenvalue of a square matrix, by LAPACK's `dgeev`; NaN where an element is no number.
    ///
    /// Exact to rounding, which for eigenvalues that share an eigenvector is the square root of the rounding error, or a higher
    /// root where more than two do.
    /// - Complexity: O(n³).
    package var spectralRadius: Double {
        precondition(rowCount == columnCount, "only a square matrix has eigenvalues")
        guard LAPACK.isFinite(elements) else { return .nan }
        var matrix = elements
        var (real, imaginary) = (
            [Double](repeating: 0, count: rowCount), [Double](repeating: 0, count: rowCount)
        )
        let (order, none) = (Int32(rowCount), CChar(UInt8(ascii: "N")))
        let status = LAPACK.call {
            // By columns, that is the transpose, which has the same eigenvalues.
            LAPACKE_dgeev(
                LAPACK_COL_MAJOR, none, none, order, &matrix, max(order, 1), &real, &imaginary, nil, 1, nil, 1
            )
        }
        precondition(status == 0, "the iteration for eigenvalues does not end")
        return zip(real, imaginary).map { ($0 * $0 + $1 * $1).squareRoot() }.max() ?? 0
    }
}
