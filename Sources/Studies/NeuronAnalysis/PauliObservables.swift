import LinearAlgebra
import Neurons
import DeviceNoise
import QuantumCircuits

/// Observables of a circuit's qubits in the Heisenberg picture: carried backward through the gates, from the
/// measurement to the start of a step.
///
/// An observable is a column of real coefficients o_P, one for each Pauli string P, so that its expectation is
/// Σ_P o_P tr(P ρ). Pauli strings are numbers in base 4 (0 I, 1 X, 2 Y, 3 Z), qubit 0 the most significant digit. A
/// channel with transfer matrix R takes ρ to a state with tr(P_i ρ') = Σ_j R_ij tr(P_j ρ), so an observable goes back by
/// Rᵀ.
struct PauliObservables {
    let qubitCount: Int
    /// One row for each of the 4^qubitCount Pauli strings, one column for each observable.
    var coefficients: RealMatrix

    /// Carries the observables back through a channel on some of the qubits.
    ///
    /// - Complexity: at most 4^(qubitCount + k) products for each observable on k qubits; zeros of R cost nothing.
    mutating func carryBack(through channel: PauliTransferMatrix, on qubits: [Int]) {
        let strides = qubits.map { 1 << (2 * (qubitCount - 1 - $0)) }
        let offsets = (0..<channel.dimension).map { string in
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
}

extension PauliTransferMatrix {
    /// The derivative of the map ρ → U ρ U†: R_ij = 2 Re tr(P_i U' P_j U†)/2^k.
    init(unitary: ComplexMatrix, derivative: ComplexMatrix) {
        let qubitCount = unitary.rowCount.trailingZeroBitCount
        let basis = Pauli.basis(qubitCount: qubitCount)
        let columns = basis.map { derivative * $0 * unitary.adjoint }
        self.init(
            qubitCount: qubitCount,
            entries: basis.flatMap { row in
                columns.map { 2 / Double(unitary.rowCount) * (row * $0).trace.real }
            })
    }
}
