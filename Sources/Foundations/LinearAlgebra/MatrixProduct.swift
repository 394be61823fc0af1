import COpenBLAS

/// Products of single-precision matrices by OpenBLAS, each on the thread that asks for it: whoever has several threads shares out parts of
/// the result, of sizes that do not depend on their number, so that the bits do not either.
package enum MatrixProduct {
    /// A matrix in rows, or its transpose.
    package struct Factor {
        let elements: UnsafePointer<Float>
        /// Distance between two rows as they lie.
        let stride: Int
        let isTransposed: Bool

        package init(_ elements: UnsafePointer<Float>, stride: Int, isTransposed: Bool = false) {
            self.elements = elements
            self.stride = stride
            self.isTransposed = isTransposed
        }

        fileprivate var order: CBLAS_TRANSPOSE { isTransposed ? CblasTrans : CblasNoTrans }
    }

    /// result = scale · left · right.
    ///
    /// - Parameters:
    ///   - inner: columns of `left` and rows of `right`, after any transposition.
    ///   - result: `[rows][columns]`.
    package static func set(
        _ result: UnsafeMutablePointer<Float>, rows: Int, columns: Int, _ left: Factor, _ right: Factor,
        inner: Int, scale: Float = 1
    ) {
        precondition(OpenBLAS.isReady)
        cblas_sgemm(
            CblasRowMajor, left.order, right.order, blasint(rows), blasint(columns), blasint(inner), scale,
            left.elements, blasint(left.stride), right.elements, blasint(right.stride), 0, result,
            blasint(columns))
    }
}
