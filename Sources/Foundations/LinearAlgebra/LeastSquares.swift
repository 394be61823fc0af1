import CLAPACK

/// Linear least squares by LAPACK's `dgels`, an orthogonal factorisation.
package struct LeastSquares {
    /// x, `[column][point]`.
    private let columns: [[Double]]
    private var pointCount: Int { columns[0].count }

    /// - Parameter columns: x, `[column][point]`, at most as many as points.
    package init(_ columns: [[Double]]) {
        self.columns = columns
        precondition(
            columns.count <= pointCount && columns.allSatisfy { $0.count == pointCount },
            "columns of the same length, and points enough")
    }

    /// Coefficients β that make Σ_i (y_i − Σ_k β_k x_ki)² smallest, and that sum; NaN where the columns are not independent.
    package func fit(_ values: [Double]) -> (coefficients: [Double], residual: Double) {
        let solution = solve("N", values)
        let rest = solution.dropFirst(columns.count)
        return (Array(solution.prefix(columns.count)), rest.reduce(0) { $0 + $1 * $1 })
    }

    /// The weights w with Σ_k g_k β_k = Σ_i w_i y_i, whatever the values y: the shortest w with Xᵀ w = g.
    package func weights(of functional: [Double]) -> [Double] {
        solve("T", functional + [Double](repeating: 0, count: pointCount - columns.count))
    }

    private func solve(_ form: Unicode.Scalar, _ right: [Double]) -> [Double] {
        var (matrix, solution) = (columns.flatMap(\.self), right)
        guard LAPACK.isFinite(matrix + right) else { return right.map { _ in .nan } }
        let (rows, count) = (Int32(pointCount), Int32(columns.count))
        let status = LAPACK.call {
            LAPACKE_dgels(
                LAPACK_COL_MAJOR, CChar(UInt8(ascii: form)), rows, count, 1, &matrix, rows, &solution, rows)
        }
        return status == 0 ? solution : right.map { _ in .nan }
    }
}
