extension Ansatz {
    /// Input → memory, memory → input, input → memory, each by a controlled RX: the default.
    ///
    /// At angles π it swaps the qubits, so that the neuron is an exact one-step delay line.
    public static let exchange = Ansatz(
        name: "exchange", summary: "controlled RX input → memory → input → memory; the default",
        family: .exchange)
    /// The circuit of the paper's hardware experiments: remembers the neuron's own spikes, not its inputs.
    public static let memoryControlled = Ansatz(
        name: "memory-controlled", summary: "controlled RX memory → input", family: .memoryControlled)
    /// The circuit as the paper's text has it. Inert with one memory qubit, which never acts back; with more it
    /// remembers its own spikes, not its inputs.
    public static let inputControlled = Ansatz(
        name: "input-controlled", summary: "controlled RX input → memory; inert with one memory qubit",
        family: .inputControlled)
    /// As ``inputControlled``, but the rotation of each qubit is RY, which does not commute with the
    /// controlled RX: so the memory acts back.
    public static let inputControlledRY = Ansatz(
        name: "input-controlled-ry", summary: "controlled RX input → memory, then RY",
        family: .inputControlledRY)
    /// The first two gates of ``exchange``.
    public static let twoWay = Ansatz(
        name: "two-way", summary: "controlled RX input → memory → input", family: .twoWay)
    /// RXX and RYY: swaps the qubits in part.
    public static let partialSwap = Ansatz(
        name: "partial-swap", summary: "RXX and RYY between input and memory", family: .partialSwap)

    /// The hardware-efficient family: `layers` times RY and RZ on every qubit, then a ladder of CX from each
    /// qubit to the next. One layer alone remembers nothing, since its ladder never acts back.
    public static func layered(_ layers: Int) -> Ansatz {
        precondition(layers >= 1, "a layered circuit has at least one layer")
        return Ansatz(
            name: "layered-\(layers)", summary: "\(layers) layers of RY, RZ and a ladder of CX",
            family: .layered(layers: layers))
    }

    /// The named circuits, the default first. ``layered(_:)`` is known by name too.
    public static let catalogue: [Ansatz] = [
        exchange, memoryControlled, inputControlled, inputControlledRY, twoWay, partialSwap,
    ]

    /// The most layers a name may ask for.
    public static let maximumLayerCount = 1000

    /// The catalogue's entry of that name, or `layered-L`.
    ///
    /// - Throws: ``CircuitError/unknownAnsatz(_:)``, which lists the names.
    public static func named(_ name: String) throws -> Ansatz {
        if let known = catalogue.first(where: { $0.name == name }) { return known }
        let prefix = "layered-"
        if name.hasPrefix(prefix), let layers = Int(name.dropFirst(prefix.count)),
            (1...maximumLayerCount).contains(layers)
        {
            return layered(layers)
        }
        throw CircuitError.unknownAnsatz(name)
    }

    /// The gates in order: entanglers first, then one rotation a qubit; gate k turns by angle k.
    func gates(ioQubits: Int, memoryQubits: Int) -> [Gate] {
        let qubits = 0..<(ioQubits + memoryQubits)
        let inputs = 0..<ioQubits
        let memories = ioQubits..<(ioQubits + memoryQubits)

        /// The kinds of the gates of each pair; `backward` ones act from memory to input.
        struct Coupling {
            let kind: GateKind
            var backward = false
        }
        func pairByPair(_ couplings: Coupling...) -> [(GateKind, [Int])] {
            inputs.flatMap { input in
                memories.flatMap { memory in
                    couplings.map { ($0.kind, $0.backward ? [memory, input] : [input, memory]) }
                }
            }
        }
        func rotations(_ kind: GateKind = .rx) -> [(GateKind, [Int])] { qubits.map { (kind, [$0]) } }

        switch family {
        case .exchange:
            return Self.numbered(
                pairByPair(.init(kind: .crx), .init(kind: .crx, backward: true), .init(kind: .crx))
                    + rotations())
        case .twoWay:
            return Self.numbered(
                pairByPair(.init(kind: .crx), .init(kind: .crx, backward: true)) + rotations())
        case .inputControlled:
            return Self.numbered(pairByPair(.init(kind: .crx)) + rotations())
        case .inputControlledRY:
            return Self.numbered(pairByPair(.init(kind: .crx)) + rotations(.ry))
        case .partialSwap:
            return Self.numbered(pairByPair(.init(kind: .rxx), .init(kind: .ryy)) + rotations())
        case .memoryControlled:
            // Memory qubit by memory qubit, unlike the others.
            let couplings = memories.flatMap { memory in
                inputs.map { input in (GateKind.crx, [memory, input]) }
            }
            return Self.numbered(couplings + rotations())
        case .layered(let layers):
            let layer =
                qubits.flatMap { [(GateKind.ry, [$0]), (GateKind.rz, [$0])] }
                + qubits.dropLast().map { (GateKind.cx, [$0, $0 + 1]) }
            return Self.numbered((0..<layers).flatMap { _ in layer })
        case .gateList(let circuit):
            return circuit.gates
        }
    }

    /// Gives every gate that turns an angle of its own, in order.
    private static func numbered(_ gates: [(kind: GateKind, qubits: [Int])]) -> [Gate] {
        var next = 0
        return gates.map { kind, qubits in
            guard kind.takesAngle else { return Gate(kind, qubits: qubits) }
            defer { next += 1 }
            return Gate(kind, qubits: qubits, angle: .parameter(index: next, scale: 1))
        }
    }
}
