import LinearAlgebra
import Neurons
import DeviceNoise
import QuantumCircuits

extension Circuit {
    /// The entangling power of V(θ) between the input-output qubits and the memory: the mean linear entropy
    /// 1 − tr ρ_io² of the states that V makes of random product states, each factor uniform (Haar) on its pure states
    /// (Zanardi, Zalka and Faoro, Phys. Rev. A 62, 030301, for equal dimensions).
    ///
    /// Exact, for any dimensions d = 2^N and D = 2^M_q. A uniform pure state has uncorrelated Pauli coefficients of mean
    /// square 1/(d + 1), beside that of the identity, which is 1. So with R_ij = tr(P_i V P_j V†)/(dD)
    ///
    ///     e = 1 − (1/d) Σ_{a,b,c} R²_{(a,1),(b,c)} w_b(d) w_c(D),   w_1 = 1, else w(d) = 1/(d + 1).
    ///
    /// 0 for a product of local unitaries, and for a swap, which moves everything and entangles nothing; at most 2/9
    /// for two qubits (CX has it). The embedding is local and changes nothing.
    /// - Throws: ``CircuitError`` for angles that do not fit.
    /// - Complexity: O(16 · 4^(2N + M_q)) a gate.
    public func entanglingPower(angles: [Double]) throws -> Double {
        try check(angles: angles)
        let inputStrings = 1 << (2 * ioQubits)
        let memoryStrings = 1 << (2 * memoryQubits)
        // The observables P_a ⊗ 1.
        var coefficients = RealMatrix(rowCount: inputStrings * memoryStrings, columnCount: inputStrings)
        for string in 0..<inputStrings { coefficients[string * memoryStrings, string] = 1 }
        var observables = PauliObservables(qubitCount: qubitCount, coefficients: coefficients)
        for gate in gates.reversed() {
            let unitary = gate.kind.matrix(angle: gate.angle(in: angles))
            observables.carryBack(through: PauliTransferMatrix(unitary: unitary), on: gate.qubits)
        }
        let (inputDimension, memoryDimension) = (Double(patternCount), Double(memoryDimension))
        var purity = 0.0
        for row in 0..<observables.coefficients.rowCount {
            let inputWeight = row / memoryStrings == 0 ? 1 : 1 / (inputDimension + 1)
            let memoryWeight = row % memoryStrings == 0 ? 1 : 1 / (memoryDimension + 1)
            for column in 0..<inputStrings {
                let coefficient = observables.coefficients[row, column]
                purity += inputWeight * memoryWeight * coefficient * coefficient
            }
        }
        return 1 - purity / inputDimension
    }
}
