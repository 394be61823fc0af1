/// A named family of circuits: gives a circuit for any numbers of qubits, except for a gate list read from a
/// file, which has its own.
public struct Ansatz: Hashable, Sendable {
    enum Family: Hashable, Sendable {
        case exchange
        case memoryControlled
        case inputControlled
        case inputControlledRY
        case twoWay
        case partialSwap
        case layered(layers: Int)
        case gateList(Circuit)
    }

    /// The name on the command line and in files.
    public let name: String
    /// One line on what the circuit does.
    public let summary: String
    let family: Family

    init(name: String, summary: String, family: Family) {
        self.name = name
        self.summary = summary
        self.family = family
    }

    /// An ansatz that is one given circuit.
    public init(circuit: Circuit) {
        self.init(name: circuit.name, summary: "a list of gates", family: .gateList(circuit))
    }

    /// The circuit of a gate list, which fits no other numbers of qubits; nil for a family.
    public var fixedCircuit: Circuit? {
        if case .gateList(let circuit) = family { circuit } else { nil }
    }

    /// The circuit for N input-output and M_q memory qubits.
    ///
    /// One angle for each gate that turns, numbered in the order of the gates.
    /// - Parameters:
    ///   - ioQubits: N; by default 1, or the gate list's own number.
    ///   - memoryQubits: M_q; by default 1, or the gate list's own number.
    /// - Throws: ``CircuitError`` if there is no such circuit.
    public func circuit(ioQubits: Int? = nil, memoryQubits: Int? = nil) throws -> Circuit {
        let ioQubits = ioQubits ?? fixedCircuit?.ioQubits ?? 1
        let memoryQubits = memoryQubits ?? fixedCircuit?.memoryQubits ?? 1
        if let circuit = fixedCircuit {
            guard circuit.ioQubits == ioQubits, circuit.memoryQubits == memoryQubits else {
                throw CircuitError.fixedSize(
                    circuit: circuit.name, io: circuit.ioQubits, memory: circuit.memoryQubits,
                    askedIO: ioQubits, askedMemory: memoryQubits)
            }
            return circuit
        }
        // Checked before the gates are listed: their number grows with the product of the two.
        _ = try Circuit(name: name, ioQubits: ioQubits, memoryQubits: memoryQubits, gates: [])
        return try Circuit(
            name: name, ioQubits: ioQubits, memoryQubits: memoryQubits,
            gates: gates(ioQubits: ioQubits, memoryQubits: memoryQubits))
    }
}
