import QuantumCircuits

extension QNN {
    /// What the trained part of a circuit does, gate by gate.
    enum Operation: Hashable {
        /// RX, or RZ, RY, RZ, by the next of the circuit's angles.
        case rotation(qubit: Int)
        case controlledNot(control: Int, target: Int)
    }

    var operations: [Operation] {
        (0..<layerCount).flatMap { layer in
            (0..<qubitCount).map { .rotation(qubit: $0) } + entanglement(layer)
        }
    }

    /// A ring of CNOTs; of two qubits, the basic entangler has one only, and a single qubit has none.
    private func entanglement(_ layer: Int) -> [Operation] {
        guard qubitCount > 1 else { return [] }
        let distance = entangler == .basic ? 1 : layer % (qubitCount - 1) + 1
        let count = entangler == .basic && qubitCount == 2 ? 1 : qubitCount
        return (0..<count).map { .controlledNot(control: $0, target: ($0 + distance) % qubitCount) }
    }

    /// The whole circuit of a sample as a list of gates: the first n angles are the features φ, the others θ, layer after layer and qubit after
    /// qubit, of the strong entangler three each.
    public func circuit() throws -> Circuit {
        let embedded = (0..<qubitCount).flatMap { qubit -> [Gate] in
            switch embedding {
            case .rotationX: [Gate(.rx, qubit, parameter: qubit)]
            case .rotationY: [Gate(.ry, qubit, parameter: qubit)]
            case .rotationZ: [Gate(.h, qubits: [qubit]), Gate(.rz, qubit, parameter: qubit)]
            }
        }
        var angle = qubitCount
        let trained = operations.flatMap { operation -> [Gate] in
            switch operation {
            case .controlledNot(let control, let target): return [Gate(.cx, qubits: [control, target])]
            case .rotation(let qubit):
                let kinds: [GateKind] = entangler == .basic ? [.rx] : [.rz, .ry, .rz]
                defer { angle += kinds.count }
                return kinds.enumerated().map { Gate($0.element, qubit, parameter: angle + $0.offset) }
            }
        }
        return try Circuit(name: Self.kind, ioQubits: qubitCount, memoryQubits: 0, gates: embedded + trained)
    }
}
