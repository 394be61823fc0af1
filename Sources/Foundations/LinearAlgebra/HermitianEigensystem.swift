import CLAPACK

/// Eigenvalues and orthonormal eigenvectors of a Hermitian matrix, by LAPACK's `zheev`.
package struct HermitianEigensystem {
    /// In ascending order.
    package let values: [Double]
    /// Real and imaginary parts in turn, `[row][column][2]`; column k belongs to value k.
    package let vectors: [Double]

    /// All are NaN where an element is no number.
    ///
    /// - Parameter elements: real and imaginary parts in turn, `[row][column][2]`. Only the upper triangle is read.
    /// - Complexity: O(size³).
    package init(_ elements: [Double], size: Int) {
        precondition(elements.count == 2 * size * size, "\(elements.count) numbers for \(size) rows")
        var (values, vectors) = ([Double](repeating: .nan, count: size), elements)
        guard LAPACK.isFinite(elements) else {
            (self.values, self.vectors) = (values, elements.map { _ in .nan })
            return
        }
        let order = Int32(size)
        let status = vectors.withUnsafeMutableBytes { bytes in
            let matrix = bytes.bindMemory(to: lapack_complex_double.self).baseAddress
            return LAPACK.call {
                LAPACKE_zheev(
                    LAPACK_ROW_MAJOR, CChar(UInt8(ascii: "V")), CChar(UInt8(ascii: "U")), order, matrix,
                    order,
                    &values)
            }
        }
        precondition(status == 0, "the iteration for eigenvalues does not end")
        (self.values, self.vectors) = (values, vectors)
    }
}
