import QuantumCircuits

/// The figures of a device's noise, as files give them; ``NoiseModel`` checks them.
public struct NoiseParameters: Hashable, Sendable {
    public var oneQubitGates = GateNoise()
    public var twoQubitGates = GateNoise()
    /// Exceptions for particular gates; of several that apply, the later ones win, figure by figure.
    public var gateRules: [GateNoiseRule] = []
    /// Of all qubits.
    public var qubits = QubitNoise()
    /// Exceptions for particular qubits, qubit 0 of the neuron first.
    public var qubitRules: [QubitNoise] = []
    /// Of all memory qubits, after each step; nil for none.
    public var memoryDephasing: MemoryDephasing?
    /// How many qubits the device has; nil is any number.
    public var qubitCount: Int?
    /// Pairs of qubits that a two-qubit gate can act on; nil is all.
    public var coupling: [[Int]]?

    public init() {}

    /// What goes wrong at a gate of these names.
    package func gateNoise(names: [String], qubits: [Int]) -> GateNoise {
        gateRules.filter { $0.applies(to: names, on: qubits) }
            .reduce(qubits.count == 1 ? oneQubitGates : twoQubitGates) { $1.noise.overriding($0) }
    }

    package func qubitNoise(_ qubit: Int) -> QubitNoise {
        qubitRules.indices.contains(qubit) ? qubitRules[qubit].overriding(qubits) : qubits
    }
}
