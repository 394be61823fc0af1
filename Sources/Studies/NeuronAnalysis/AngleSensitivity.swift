import ErrorMitigation
import DeviceNoise
import Neurons
import Foundation
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
            let system = SymmetricEigensystem(Self.realForm(of: last[history], basis))
            return zip(sums, histories.slopes).map { sum, slopes in
                sum + Self.information(in: system, slope: Self.realForm(of: slopes[history], basis))
            }
        }
    }

    /// σ = Σ_P r_P P / 2^M_q as the real symmetric matrix ((A, −B), (B, A)) of σ = A + iB, in which every eigenvalue
    /// occurs twice.
    private static func realForm(of state: [Double], _ basis: [ComplexMatrix]) -> RealMatrix {
        let dimension = basis[0].rowCount
        var form = RealMatrix(rowCount: 2 * dimension, columnCount: 2 * dimension)
        for (coefficient, string) in zip(state, basis) where coefficient != 0 {
            for row in 0..<dimension {
                for column in 0..<dimension {
                    let element = coefficient / Double(dimension) * string[row, column]
                    form[row, column] += element.real
                    form[row + dimension, column + dimension] += element.real
                    form[row, column + dimension] -= element.imaginary
                    form[row + dimension, column] += element.imaginary
                }
            }
        }
        return form
    }

    /// Σ_ij 2 |⟨i|∂σ|j⟩|² / (λ_i + λ_j), half of the same sum in the real form.
    private static func information(in system: SymmetricEigensystem, slope: RealMatrix) -> Double {
        let count = system.values.count
        let turned = slope * system.vectors
        var sum = 0.0
        for row in 0..<count {
            for column in 0..<count {
                let weight = system.values[row] + system.values[column]
                guard weight > smallestProbability else { continue }
                let element = (0..<count).reduce(0) { $0 + system.vectors[$1, row] * turned[$1, column] }
                sum += element * element / weight
            }
        }
        return sum
    }
}
