import Neurons
import QuantumCircuits

/// How well each angle of a neuron can be told from what the neuron does in a run of T steps, at given currents.
///
/// - **Fisher information** of the spike train: F_k = Σ_h (∂p(h)/∂θ_k)² / p(h) over all spike histories h. No estimate of
///   θ_k from n runs has a variance below 1/(n F_k); an angle with F_k = 0 leaves no trace in the spikes.
/// - **Quantum Fisher information** of the spike train together with the memory that is left at the end: that of the state
///   Σ_h |h⟩⟨h| ⊗ σ_h with tr σ_h = p(h), by Σ_h Σ_ij 2 |⟨i|∂σ_h|j⟩|² / (λ_i + λ_j). It is never smaller: the surplus is
///   what the memory knows and the spikes have not told.
///
/// Both are exact, by enumeration.
public struct AngleSensitivity: Hashable, Sendable {
    /// F_k of each angle, in 1/rad², for the whole run.
    public let fisher: [Double]
    /// The quantum Fisher information of each angle; equal to ``fisher`` for a memory that is not quantum.
    public let quantumFisher: [Double]

    /// Histories and eigenvalues less likely than this are left out: their quotients would be rounding errors.
    static let smallestProbability = 1e-13

    init(_ histories: SpikeHistories) {
        let last = histories.states[histories.states.count - 1]
        let likely = last.indices.filter { last[$0][0] > Self.smallestProbability }
        fisher = histories.slopes.map { slopes in
            likely.reduce(0) { $0 + slopes[$1][0] * slopes[$1][0] / last[$1][0] }
        }
        guard histories.instrument.memoryQubits > 0 else {
            quantumFisher = fisher
            return
        }
        let basis = Pauli.basis(qubitCount: histories.instrument.memoryQubits)
        quantumFisher = likely.reduce([Double](repeating: 0, count: fisher.count)) { sums, history in
            let system = Self.matrix(last[history], basis).hermitianEigensystem
            return zip(sums, histories.slopes).map { sum, slopes in
                sum + Self.information(in: system, slope: Self.matrix(slopes[history], basis))
            }
        }
    }

    /// σ = Σ_P r_P P / 2^M_q
    private static func matrix(_ state: [Double], _ basis: [ComplexMatrix]) -> ComplexMatrix {
        let dimension = basis[0].rowCount
        return zip(state, basis).reduce(into: ComplexMatrix(rowCount: dimension, columnCount: dimension)) {
            $0 += ($1.0 / Double(dimension)) * $1.1
        }
    }

    /// Σ_ij 2 |⟨i|∂σ|j⟩|² / (λ_i + λ_j)
    private static func information(
        in system: [(value: Double, vector: [Complex])], slope: ComplexMatrix
    ) -> Double {
        var sum = 0.0
        for right in system {
            let turned = slope * ComplexMatrix(right.vector.map { [$0] })
            for left in system where left.value + right.value > smallestProbability {
                let element = zip(left.vector, turned.elements).reduce(Complex.zero) {
                    $0 + $1.0.conjugate * $1.1
                }
                sum += 2 * element.squaredMagnitude / (left.value + right.value)
            }
        }
        return sum
    }
}
