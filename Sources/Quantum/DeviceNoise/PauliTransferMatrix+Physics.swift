import QuantumCircuits

/// Whether a map is one that nature allows, and its Kraus operators.
extension PauliTransferMatrix {
    /// How far the map is from keeping the trace: the largest |R_0j − δ_0j|.
    public var tracePreservationError: Double {
        (0..<dimension).map { abs(self[0, $0] - ($0 == 0 ? 1 : 0)) }.max() ?? 0
    }

    /// The fidelity of the map's output with its input, averaged over all pure states: (d F + 1) / (d + 1) with d = 2^k and F = tr R / d².
    public var averageGateFidelity: Double {
        let size = Double(1 << qubitCount)
        let entanglementFidelity = (0..<dimension).reduce(0) { $0 + self[$1, $1] } / (size * size)
        return (size * entanglementFidelity + 1) / (size + 1)
    }

    /// The Choi matrix Σ_jl |j⟩⟨l| ⊗ E(|j⟩⟨l|) = Σ R_ij P_jᵀ ⊗ P_i / 2^k: positive exactly if the map is completely
    /// positive.
    public var choiMatrix: ComplexMatrix {
        let basis = Pauli.basis(qubitCount: qubitCount)
        let size = 1 << qubitCount
        var matrix = ComplexMatrix(rowCount: size * size, columnCount: size * size)
        for row in 0..<dimension {
            for column in 0..<dimension where self[row, column] != 0 {
                // The transpose of a Hermitian matrix is its conjugate.
                let transposed = ComplexMatrix(
                    rowCount: size, columnCount: size, elements: basis[column].elements.map(\.conjugate))
                matrix += (self[row, column] / Double(size)) * transposed.tensor(basis[row])
            }
        }
        return matrix
    }

    /// The smallest eigenvalue of the Choi matrix; below 0 by more than rounding (some 1e-15), the map is not
    /// completely positive.
    public var smallestChoiEigenvalue: Double {
        choiMatrix.hermitianEigensystem.map(\.value).min() ?? 0
    }

    /// At most 4^k operators K with E(ρ) = Σ K ρ K†, from the eigenvectors of the Choi matrix. Eigenvalues below 1e-14, which
    /// are rounding errors of a completely positive map, are left out.
    public var krausOperators: [ComplexMatrix] {
        let size = 1 << qubitCount
        return choiMatrix.hermitianEigensystem.filter { $0.value > 1e-14 }.map { value, vector in
            var kraus = ComplexMatrix(rowCount: size, columnCount: size)
            for column in 0..<size {
                for row in 0..<size { kraus[row, column] = value.squareRoot() * vector[column * size + row] }
            }
            return kraus
        }
    }
}
