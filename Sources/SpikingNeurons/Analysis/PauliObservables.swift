import QuantumCircuits

/// Observables of a circuit's qubits in the Heisenberg picture: carried backward through the gates, from the
/// measurement to the start of a step.
///
/// An observable is a column of real coefficients o_P, one for each Pauli string P, so that its expectation is
/// Σ_P o_P tr(P ρ). Pauli strings are numbers in base 4 (0 I, 1 X, 2 Y, 3 Z), qubit 0 the most significant digit. A
/// channel takes ρ to a state with tr(P_i ρ') = Σ_j R_ij tr(P_j ρ), R_ij = tr(P_i E(P_j))/2^k, so an observable goes
/// back by Rᵀ.
struct PauliObservables {
    let qubitCount: Int
    /// One row for each of the 4^qubitCount Pauli strings, one column for each observable.
    var coefficients: RealMatrix

    /// Carries the observables back through a channel on some of the qubits.
    ///
    /// - Parameter channel: R, `4^k × 4^k`, the first of the qubits the most significant digit of its indices.
    /// - Complexity: at most 4^(qubitCount + k) products for each observable; zeros of R cost nothing.
    mutating func carryBack(through channel: RealMatrix, on qubits: [Int]) {
        let strides = qubits.map { 1 << (2 * (qubitCount - 1 - $0)) }
        let offsets = (0..<channel.rowCount).map { string in
            strides.indices.reduce(0) { offset, place in
                offset + (string >> (2 * (strides.count - 1 - place)) & 3) * strides[place]
            }
        }
        let touched = strides.reduce(0) { $0 | 3 * $1 }
        let width = coefficients.columnCount
        var carried = RealMatrix(rowCount: coefficients.rowCount, columnCount: width)
        for base in 0..<coefficients.rowCount where base & touched == 0 {
            for (before, target) in offsets.enumerated() {
                for (after, source) in offsets.enumerated() {
                    let factor = channel[after, before]
                    if factor == 0 { continue }
                    let (from, to) = ((base + source) * width, (base + target) * width)
                    for column in 0..<width {
                        carried.elements[to + column] += factor * coefficients.elements[from + column]
                    }
                }
            }
        }
        coefficients = carried
    }

    /// R_ij = tr(P_i A P_j B†)/2^k: the channel of a unitary A = B, or half a derivative of it by A, where the other
    /// half is its complex conjugate, so that twice the real part is the whole.
    static func transfer(_ left: ComplexMatrix, _ right: ComplexMatrix) -> RealMatrix {
        let strings = strings(of: left.rowCount.trailingZeroBitCount)
        let backward = right.adjoint
        var transfer = RealMatrix(rowCount: strings.count, columnCount: strings.count)
        for (column, before) in strings.enumerated() {
            let image = left * before * backward
            for (row, after) in strings.enumerated() {
                transfer[row, column] = traceOfProduct(after, image) / Double(left.rowCount)
            }
        }
        return transfer
    }

    /// The Pauli strings of some qubits as matrices, in order.
    static func strings(of qubitCount: Int) -> [ComplexMatrix] {
        (0..<qubitCount).reduce([ComplexMatrix.identity(1)]) { strings, _ in
            strings.flatMap { string in
                [.identity(2), Pauli.x, Pauli.y, Pauli.z].map { string.tensor($0) }
            }
        }
    }

    /// Re tr(A B).
    private static func traceOfProduct(_ left: ComplexMatrix, _ right: ComplexMatrix) -> Double {
        var sum = 0.0
        for row in 0..<left.rowCount {
            for column in 0..<left.columnCount { sum += (left[row, column] * right[column, row]).real }
        }
        return sum
    }
}
