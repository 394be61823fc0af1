import QuantumCircuits
import Testing

/// Snapshots, drawn once and checked by eye.
struct DrawingTests {
    @Test("the default circuit is drawn with embedding, measurement and reset")
    func exchange() throws {
        let circuit = try Ansatz.exchange.circuit(ioQubits: 1, memoryQubits: 1)
        let drawing = try circuit.drawing(width: 100)
        #expect(
            drawing == """
                           ┌────────┐            ┌────────┐            ┌────────┐ ┌───┐ ┌─────┐
                in0   |0⟩ ─┤ RX(πz) ├──────●─────┤ RX(θ1) ├──────●─────┤ RX(θ3) ├─┤ M ├─┤ |0⟩ ├─
                           └────────┘      │     └────┬───┘      │     └────────┘ └───┘ └─────┘
                                      ┌────┴───┐      │     ┌────┴───┐ ┌────────┐
                mem0      ────────────┤ RX(θ0) ├──────●─────┤ RX(θ2) ├─┤ RX(θ4) ├───────────────
                                      └────────┘            └────────┘ └────────┘
                """)
    }

    @Test("a wide drawing continues below, with the values of the angles")
    func folded() throws {
        let circuit = try Ansatz.memoryControlled.circuit(ioQubits: 2, memoryQubits: 1)
        let drawing = try circuit.drawing(angles: [0.5, -1, 2.25, .pi, 0], width: 60)
        #expect(
            drawing == """
                           ┌─────────┐ ┌───────────┐  ┌───────────┐
                in0   |0⟩ ─┤ RX(πz0) ├─┤ RX(0.500) ├──┤ RX(2.250) ├─»
                           └─────────┘ └─────┬─────┘  └───────────┘
                           ┌─────────┐       │       ┌────────────┐
                in1   |0⟩ ─┤ RX(πz1) ├───────┼───────┤ RX(-1.000) ├─»
                           └─────────┘       │       └──────┬─────┘
                                             │              │
                mem0      ───────────────────●──────────────●───────»

                                         ┌───┐ ┌─────┐
                in0      «───────────────┤ M ├─┤ |0⟩ ├─
                                         └───┘ └─────┘
                           ┌───────────┐ ┌───┐ ┌─────┐
                in1      «─┤ RX(3.142) ├─┤ M ├─┤ |0⟩ ├─
                           └───────────┘ └───┘ └─────┘
                           ┌───────────┐
                mem0     «─┤ RX(0.000) ├───────────────
                           └───────────┘
                """)
        #expect(drawing.split(separator: "\n").allSatisfy { $0.count <= 60 })
    }

    /// Every kind of gate on four qubits: adjacent, apart, and upside down.
    @Test("every gate has its picture")
    func everyGate() throws {
        let pairs = [[0, 3], [3, 1], [1, 2]]
        let gates = GateKind.allCases.enumerated().map { index, kind in
            Gate(
                kind, qubits: kind.qubitCount == 1 ? [index % 4] : pairs[index % 3],
                angle: !kind.takesAngle
                    ? .none
                    : index % 2 == 0
                        ? .parameter(index: index, scale: [1, -1, 0.5][index % 3]) : .fixed(0.25))
        }
        let circuit = try Circuit(ioQubits: 2, memoryQubits: 2, gates: gates)
        let drawing = try circuit.drawing(width: 100)
        #expect(
            drawing == """
                             ┌─────────┐   ┌────────┐   ┌───┐
                in0   |0⟩ ───┤ RX(πz0) ├───┤ RX(θ0) ├───┤ X ├─●────────────────────────────────────●───────»
                             └─────────┘   └────────┘   └───┘ │                                    │
                             ┌─────────┐  ┌───────────┐       │ ┌───────────┐                      │
                in1   |0⟩ ───┤ RX(πz1) ├──┤ RY(0.250) ├───●───┼─┤ RX(0.250) ├────────●─────────────┼───────»
                             └─────────┘  └───────────┘   │   │ └─────┬─────┘        │             │
                           ┌────────────┐               ┌─┴─┐ │       │       ┌──────┴─────┐       │
                mem0      ─┤ RZ(0.5·θ2) ├───────────────┤ X ├─┼───────┼───────┤ RY(0.5·θ8) ├───────┼───────»
                           └────────────┘               └───┘ │       │       └────────────┘       │
                                ┌───┐                         │       │                      ┌─────┴─────┐
                mem1      ──────┤ H ├─────────────────────────●───────●──────────────────────┤ RZ(0.250) ├─»
                                └───┘                                                        └───────────┘

                                                        ┌──────────┐ ┌───┐ ┌─────┐
                in0      «──────────────────────────────┤ RZZ(θ12) ├─┤ M ├─┤ |0⟩ ├─
                                                        └─────┬────┘ └───┘ └─────┘
                           ┌───────────┐ ┌────────────┐       │      ┌───┐ ┌─────┐
                in1      «─┤ RXX(-θ10) ├─┤ RYY(0.250) ├───────┼──────┤ M ├─┤ |0⟩ ├─
                           └─────┬─────┘ └──────┬─────┘       │      └───┘ └─────┘
                                 │       ┌──────┴─────┐       │
                mem0     «───────┼───────┤ RYY(0.250) ├───────┼────────────────────
                                 │       └────────────┘       │
                           ┌─────┴─────┐                ┌─────┴────┐
                mem1     «─┤ RXX(-θ10) ├────────────────┤ RZZ(θ12) ├───────────────
                           └───────────┘                └──────────┘
                """)
    }

    @Test("angles that do not fit are refused")
    func badAngles() throws {
        let circuit = try Ansatz.twoWay.circuit(ioQubits: 1, memoryQubits: 1)
        #expect(throws: CircuitError.angleCount(circuit: "two-way", found: 1, expected: 4)) {
            try circuit.drawing(angles: [1])
        }
    }
}
