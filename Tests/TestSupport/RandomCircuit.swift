import Compute
import QuantumCircuits

/// Circuits made of random gates on random qubits, with random angles: the same for the same seed.
public enum RandomCircuit {
    /// Every gate kind occurs in a long enough circuit; angles repeat, so that some are used twice.
    public static func make(
        ioQubits: Int, memoryQubits: Int, gateCount: Int = 12, seed: UInt64
    ) throws -> (circuit: Circuit, angles: [Double]) {
        var random = RandomStream(seed: seed, purpose: .analysis).generator()
        let qubitCount = ioQubits + memoryQubits
        let parameterCount = max(1, gateCount / 2)
        let gates = (0..<gateCount).map { _ in
            let kinds = GateKind.allCases.filter { $0.qubitCount <= qubitCount }
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

    /// Currents `[step][channel]` in −0.3 ... 1, some of them negative.
    public static func currents(stepCount: Int, channels: Int, seed: UInt64) -> [[Double]] {
        var random = RandomStream(seed: seed, purpose: .analysis).generator(sample: 1)
        return (0..<stepCount).map { _ in
            (0..<channels).map { _ in Double.random(in: -0.3...1, using: &random) }
        }
    }
}
