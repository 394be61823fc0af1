extension ComplexMatrix {
    /// The product of a small matrix, extended by the identity to all qubits, with this one.
    ///
    /// - Parameters:
    ///   - local: `2^k × 2^k`, a gate, its derivative or inverse, or a Kraus operator.
    ///   - qubits: the k qubits it acts on, the more significant of its index first.
    ///   - qubitCount: qubits of the rows, qubit 0 the most significant.
    /// - Complexity: O(4^qubitCount · 2^k).
    package func applying(_ local: ComplexMatrix, to qubits: [Int], of qubitCount: Int) -> ComplexMatrix {
        precondition(rowCount == 1 << qubitCount && local.rowCount == 1 << qubits.count)
        // Where each local basis state sits, relative to the row in which all the gate's qubits are 0.
        let masks = qubits.map { 1 << (qubitCount - 1 - $0) }
        let offsets = (0..<local.rowCount).map { state in
            masks.enumerated().reduce(0) { offset, entry in
                state >> (masks.count - 1 - entry.offset) & 1 == 1 ? offset | entry.element : offset
            }
        }
        let touched = masks.reduce(0, |)
        var result = ComplexMatrix(rowCount: rowCount, columnCount: columnCount)
        for base in 0..<rowCount where base & touched == 0 {
            for (row, target) in offsets.enumerated() {
                for (inner, source) in offsets.enumerated() {
                    let factor = local[row, inner]
                    if factor == .zero { continue }
                    for column in 0..<columnCount {
                        result[base | target, column] += factor * self[base | source, column]
                    }
                }
            }
        }
        return result
    }

    /// A ρ B† for small matrices A and B on some qubits; with B = A, what a gate does to a density matrix.
    package func conjugated(
        by left: ComplexMatrix, and right: ComplexMatrix? = nil, on qubits: [Int], of qubitCount: Int
    ) -> ComplexMatrix {
        let half = applying(left, to: qubits, of: qubitCount)
        return half.adjoint.applying(right ?? left, to: qubits, of: qubitCount).adjoint
    }
}
