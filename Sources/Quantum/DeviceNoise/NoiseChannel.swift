import Glibc
import QuantumCircuits

/// One way in which a device spoils the state of one or two qubits.
///
/// A channel is given twice, independently: as Kraus operators, which the reference neuron applies to density matrices, and as a
/// ``PauliTransferMatrix`` in closed form, which the fast paths multiply. Tests compare the two.
public enum NoiseChannel: Hashable, Sendable {
    /// ρ → (1 − p) ρ + p 1/2^k ⊗ tr ρ, jointly on k qubits.
    case depolarizing(probability: Double, qubitCount: Int)
    /// Relaxation to |0⟩: what is left of ⟨Z⟩ − 1 is exp(−t/T1), of ⟨X⟩ and ⟨Y⟩ exp(−t/T2).
    ///
    /// Times in any one unit, infinite where nothing relaxes; T2 ≤ 2 T1.
    case relaxation(t1: Double, t2: Double, duration: Double)
    /// |1⟩ falls to |0⟩ with this probability.
    case amplitudeDamping(Double)
    /// K = diag(1, √(1−λ)), diag(0, √λ): coherences shrink by √(1−λ).
    case phaseDamping(Double)
    /// X with this probability.
    case bitFlip(Double)
    /// Z with this probability.
    case phaseFlip(Double)
    /// ρ → (1 − λ) ρ + λ (P₊ ρ P₊ + P₋ ρ P₋) in the basis along a direction n of the Bloch sphere (angle from Z, azimuth from X).
    case dephasing(Double, polar: Double, azimuth: Double)
    /// A gate that turns by this angle too much (radians).
    case overRotation(GateKind, angle: Double)
    /// A map given by its Kraus operators.
    case kraus(KrausOperators)

    /// Qubits it acts on, 1 or 2.
    public var qubitCount: Int {
        switch self {
        case .depolarizing(_, let qubitCount): qubitCount
        case .overRotation(let kind, _): kind.qubitCount
        case .kraus(let operators): operators.qubitCount
        case .relaxation, .amplitudeDamping, .phaseDamping, .bitFlip, .phaseFlip, .dephasing: 1
        }
    }

    /// K with E(ρ) = Σ K ρ K†.
    public var krausOperators: [ComplexMatrix] {
        switch self {
        case .depolarizing(let probability, let qubitCount):
            let basis = Pauli.basis(qubitCount: qubitCount)
            let share = probability / Double(basis.count)
            return basis.enumerated().map { index, pauli in
                (index == 0 ? 1 - probability + share : share).squareRoot() * pauli
            }
        case .relaxation(let t1, let t2, let duration):
            let decay = 1 - exp(-duration / t1)
            // What is left of a coherence, exp(−t/T2), is √(1−decay) √(1−λ).
            let dephasing = max(0, 1 - exp(duration / t1 - 2 * duration / t2))
            return Self.product(
                NoiseChannel.phaseDamping(dephasing).krausOperators,
                NoiseChannel.amplitudeDamping(decay).krausOperators)
        case .amplitudeDamping(let probability):
            var decay = ComplexMatrix(rowCount: 2, columnCount: 2)
            decay[0, 1] = Complex(probability.squareRoot())
            return [Self.diagonal(1, (1 - probability).squareRoot()), decay]
        case .phaseDamping(let probability):
            return [
                Self.diagonal(1, (1 - probability).squareRoot()), Self.diagonal(0, probability.squareRoot()),
            ]
        case .bitFlip(let probability):
            return [(1 - probability).squareRoot() * .identity(2), probability.squareRoot() * Pauli.x]
        case .phaseFlip(let probability):
            return [(1 - probability).squareRoot() * .identity(2), probability.squareRoot() * Pauli.z]
        case .dephasing(let strength, let polar, let azimuth):
            // P₊ ρ P₊ + P₋ ρ P₋ = ½ (ρ + σ_n ρ σ_n).
            let direction = Self.direction(polar: polar, azimuth: azimuth)
            let turn = zip([Pauli.x, Pauli.y, Pauli.z], direction)
                .reduce(ComplexMatrix(rowCount: 2, columnCount: 2)) { $0 + Complex($1.1) * $1.0 }
            return [
                (1 - strength / 2).squareRoot() * .identity(2), (strength / 2).squareRoot() * turn,
            ]
        case .overRotation(let kind, let angle): return [kind.matrix(angle: angle)]
        case .kraus(let operators): return operators.matrices
        }
    }

    /// The map in the Pauli basis.
    public var transferMatrix: PauliTransferMatrix {
        switch self {
        case .depolarizing(let probability, let qubitCount):
            let count = 1 << (2 * qubitCount)
            return PauliTransferMatrix(diagonal: (0..<count).map { $0 == 0 ? 1 : 1 - probability })
        case .relaxation(let t1, let t2, let duration):
            return Self.damping(excited: exp(-duration / t1), coherence: exp(-duration / t2))
        case .amplitudeDamping(let probability):
            return Self.damping(excited: 1 - probability, coherence: (1 - probability).squareRoot())
        case .phaseDamping(let probability):
            return Self.damping(excited: 1, coherence: (1 - probability).squareRoot())
        case .bitFlip(let probability):
            return PauliTransferMatrix(diagonal: [1, 1, 1 - 2 * probability, 1 - 2 * probability])
        case .phaseFlip(let probability):
            return PauliTransferMatrix(diagonal: [1, 1 - 2 * probability, 1 - 2 * probability, 1])
        case .dephasing(let strength, let polar, let azimuth):
            // What lies along n stays.
            let direction = Self.direction(polar: polar, azimuth: azimuth)
            return PauliTransferMatrix(
                qubitCount: 1,
                entries: (0..<16).map { index in
                    let (row, column) = (index / 4, index % 4)
                    if row == 0 || column == 0 { return row == column ? 1 : 0 }
                    return (row == column ? 1 - strength : 0)
                        + strength * direction[row - 1] * direction[column - 1]
                })
        case .overRotation(let kind, let angle):
            return PauliTransferMatrix(unitary: kind.matrix(angle: angle))
        case .kraus(let operators):
            return PauliTransferMatrix(krausOperators: operators.matrices, qubitCount: operators.qubitCount)
        }
    }

    /// Z → e Z, 1 → 1 + (1 − e) Z, X and Y → c X, c Y.
    private static func damping(excited: Double, coherence: Double) -> PauliTransferMatrix {
        PauliTransferMatrix(
            qubitCount: 1,
            entries: [1, 0, 0, 0, 0, coherence, 0, 0, 0, 0, coherence, 0, 1 - excited, 0, 0, excited])
    }

    /// (x, y, z)
    private static func direction(polar: Double, azimuth: Double) -> [Double] {
        [sin(polar) * cos(azimuth), sin(polar) * sin(azimuth), cos(polar)]
    }

    private static func diagonal(_ first: Double, _ second: Double) -> ComplexMatrix {
        ComplexMatrix([[Complex(first), .zero], [.zero, Complex(second)]])
    }

    private static func product(_ later: [ComplexMatrix], _ earlier: [ComplexMatrix]) -> [ComplexMatrix] {
        later.flatMap { late in earlier.map { late * $0 } }
    }
}
