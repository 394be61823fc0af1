extension ComplexMatrix {
    /// Eigenvalues and orthonormal eigenvectors of a Hermitian matrix, by Jacobi rotations.
    ///
    /// Only the Hermitian part is seen. Made for some dozen rows: a sweep over all pairs of them costs O(n³), and
    /// some ten sweeps reach rounding error.
    package var hermitianEigensystem: [(value: Double, vector: [Complex])] {
        precondition(rowCount == columnCount, "only square matrices have eigenvalues")
        let size = rowCount
        var matrix = 0.5 * (self + adjoint)
        var vectors = ComplexMatrix.identity(size)
        let negligible = 1e-32 * squaredNorm
        for _ in 0..<60 {
            var rest = 0.0
            for first in 0..<size {
                for second in first + 1..<max(size, first + 1) {
                    let coupling = matrix[first, second]
                    guard coupling.squaredMagnitude > 0 else { continue }
                    rest += coupling.squaredMagnitude
                    let rotation = Self.rotation(
                        decoupling: coupling, matrix[first, first].real, matrix[second, second].real)
                    matrix.rotateColumns(first, second, by: rotation)
                    matrix = matrix.adjoint
                    matrix.rotateColumns(first, second, by: rotation)
                    vectors.rotateColumns(first, second, by: rotation)
                }
            }
            if rest <= negligible { break }
        }
        return (0..<size).map { index in
            (matrix[index, index].real, (0..<size).map { vectors[$0, index] })
        }
    }

    /// The plane rotation that makes an off-diagonal element zero: cosine, and sine times the element's phase.
    private static func rotation(
        decoupling element: Complex, _ first: Double, _ second: Double
    ) -> (cosine: Double, sine: Complex) {
        let magnitude = element.squaredMagnitude.squareRoot()
        let ratio = (second - first) / (2 * magnitude)
        let sign: Double = ratio < 0 ? -1 : 1
        let tangent = sign / (abs(ratio) + (1 + ratio * ratio).squareRoot())
        let cosine = 1 / (1 + tangent * tangent).squareRoot()
        return (cosine, (tangent * cosine / magnitude) * element)
    }

    /// v_p ← c v_p − s* v_q,  v_q ← s v_p + c v_q
    private mutating func rotateColumns(
        _ first: Int, _ second: Int, by rotation: (cosine: Double, sine: Complex)
    ) {
        for row in 0..<rowCount {
            let (left, right) = (self[row, first], self[row, second])
            self[row, first] = rotation.cosine * left - rotation.sine.conjugate * right
            self[row, second] = rotation.sine * left + rotation.cosine * right
        }
    }
}
