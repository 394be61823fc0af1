import LinearAlgebra

extension ComplexMatrix {
    /// Eigenvalues, in ascending order, and orthonormal eigenvectors of a Hermitian matrix. Only the Hermitian part is seen.
    ///
    /// - Complexity: O(n³).
    package var hermitianEigensystem: [(value: Double, vector: [Complex])] {
        precondition(rowCount == columnCount, "only square matrices have eigenvalues")
        let (size, part) = (rowCount, 0.5 * (self + adjoint))
        let system = HermitianEigensystem(part.elements.flatMap { [$0.real, $0.imaginary] }, size: size)
        return system.values.enumerated().map { column, value in
            let vector = (0..<size).map { row in
                let place = 2 * (row * size + column)
                return Complex(system.vectors[place], system.vectors[place + 1])
            }
            return (value, vector)
        }
    }
}
