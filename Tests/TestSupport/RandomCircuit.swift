import Compute
import QuantumCircuits

/// Circuits made of random gates on random qubits, with random angles: the same for the same seed.
public enum RandomCircuit {
    /// Every gate kind occurs in a long enough circuit, given matrices too; angles repeat, so that some are used twice.
    public static func make(
        ioQubits: Int, memoryQubits: Int, gateCount: Int = 12, seed: UInt64
    ) throws -> (circuit: Circuit, angles: [Double]) {
        var random = RandomStream(seed: seed, purpose: .analysis).generator()
        let qubitCount = ioQubits + memoryQubits
        let parameterCount = max(1, gateCount / 2)
        let gates = (0..<gateCount).map { _ in
            let matrices = [1, 2].map { GateKind.unitary(unitary(qubitCount: $0, using: &random)) }
            let kinds = (GateKind.allCases + matrices).filter { $0.qubitCount <= qubitCount }
            let kind = kinds[Int.random(in: kinds.indices, using: &random)]
            let qubits = (0..<qubitCount).shuffled(using: &random).prefix(kind.qubitCount)
            let index = Int.random(in: 0..<parameterCount, using: &random)
            let scale = [1, -2, 0.5][Int.random(in: 0..<3, using: &random)]
            return Gate(
                kind, qubits: Array(qubits),
                angle: kind.takesAngle ? .parameter(index: index, scale: scale) : .none)
        }
        let circuit = try Circuit(
            name: "random-\(seed)", ioQubits: ioQubits, memoryQubits: memoryQubits, gates: gates,
            parameterCount: parameterCount)
        return (circuit, (0..<parameterCount).map { _ in Double.random(in: -3...3, using: &random) })
    }

    /// A random unitary matrix: random columns made orthonormal.
    public static func unitary(
        qubitCount: Int, using random: inout some RandomNumberGenerator
    ) -> UnitaryMatrix {
        let size = 1 << qubitCount
        var columns: [[Complex]] = []
        for _ in 0..<size {
            var column = (0..<size).map { _ in
                Complex(Double.random(in: -1...1, using: &random), Double.random(in: -1...1, using: &random))
            }
            // Twice is enough: rounding leaves the first pass not quite orthogonal.
            for other in columns + columns {
                let overlap = zip(other, column).reduce(Complex.zero) { $0 + $1.0.conjugate * $1.1 }
                column = zip(column, other).map { $0 - overlap * $1 }
            }
            let length = column.reduce(0) { $0 + $1.squaredMagnitude }.squareRoot()
            columns.append(column.map { (1 / length) * $0 })
        }
        let matrix = ComplexMatrix((0..<size).map { row in (0..<size).map { columns[$0][row] } })
        guard let unitary = try? UnitaryMatrix(matrix) else { preconditionFailure("not unitary: \(matrix)") }
        return unitary
    }

    /// Currents `[step][channel]` in −0.3 ... 1, some of them negative.
    public static func currents(stepCount: Int, channels: Int, seed: UInt64) -> [[Double]] {
        var random = RandomStream(seed: seed, purpose: .analysis).generator(sample: 1)
        return (0..<stepCount).map { _ in
            (0..<channels).map { _ in Double.random(in: -0.3...1, using: &random) }
        }
    }
}
