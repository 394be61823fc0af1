import Compute
import QuantumCircuits
import TestSupport
import Testing

struct CircuitTests {
    @Test(
        "a circuit that cannot be built is refused with the gate and the reason",
        arguments: [
            (Gate(.rx, 2, parameter: 0), "gate 1 (rx): qubit 2 does not exist; expected 0 to 1"),
            (Gate(.rx, -1, parameter: 0), "gate 1 (rx): qubit -1 does not exist; expected 0 to 1"),
            (Gate(.cx, qubits: [1, 1]), "gate 1 (cx): qubit 1 is repeated; expected two different qubits"),
            (Gate(.cx, qubits: [1]), "gate 1 (cx): found 1 qubits, expected 2"),
            (Gate(.h, qubits: [0, 1]), "gate 1 (h): found 2 qubits, expected 1"),
            (Gate(.ry, qubits: [0]), "gate 1 (ry): the angle is missing; give 'parameter' or 'angle'"),
            (Gate(.x, 0, parameter: 0), "gate 1 (x): the gate takes no angle; remove it"),
            (
                Gate(.rz, qubits: [0], angle: .fixed(.nan)),
                "gate 1 (rz): found the angle nan, expected -65536 to 65536 radians"
            ),
            (
                Gate(.rz, qubits: [0], angle: .fixed(65_537)),
                "gate 1 (rz): found the angle 65537.0, expected -65536 to 65536 radians"
            ),
            (
                Gate(.rz, 0, parameter: 0, scale: .infinity),
                "gate 1 (rz): found the scale inf, expected a number from -65536 to 65536"
            ),
            (
                Gate(.rz, 0, parameter: 0, scale: -1e300),
                "gate 1 (rz): found the scale -1e+300, expected a number from -65536 to 65536"
            ),
            (Gate(.rz, 0, parameter: -1), "gate 1 (rz): parameter -1 is not in 0..<1000000"),
            (
                Gate(.rz, 0, parameter: .max),
                "gate 1 (rz): parameter 9223372036854775807 is not in 0..<1000000"
            ),
        ])
    func refusals(gate: Gate, reason: String) {
        let error = #expect(throws: CircuitError.self) {
            try Circuit(ioQubits: 1, memoryQubits: 1, gates: [Gate(.h, qubits: [0]), gate])
        }
        #expect(error?.description == "circuit 'custom', " + reason)
        #expect(error?.category == .badInput)
    }

    @Test(
        "impossible numbers of qubits are refused",
        arguments: [
            (0, 1), (-1, 3), (1, -1), (5, 6), (.max, .max), (.min, 1),
        ])
    func qubitCounts(io: Int, memory: Int) {
        #expect(throws: CircuitError.qubitCounts(circuit: "custom", io: io, memory: memory)) {
            try Circuit(ioQubits: io, memoryQubits: memory, gates: [])
        }
    }

    @Test("the number of angles is the declared one, else one more than the largest index")
    func parameterCounts() throws {
        let gates = [Gate(.rx, 0, parameter: 4), Gate(.rx, 1, parameter: 0)]
        #expect(try Circuit(ioQubits: 1, memoryQubits: 1, gates: gates).parameterCount == 5)
        let declared = try Circuit(ioQubits: 1, memoryQubits: 1, gates: gates, parameterCount: 7)
        #expect(declared.parameterCount == 7)
        #expect(throws: CircuitError.parameterCount(circuit: "custom", declared: 4, used: 5)) {
            try Circuit(ioQubits: 1, memoryQubits: 1, gates: gates, parameterCount: 4)
        }
        // A count alone allocates, too: of angles, of inputs of a program.
        for count in [1_000_001, 1_000_000_000_000_000, Int.max, -1] {
            let error = #expect(throws: CircuitError.self) {
                try Circuit(ioQubits: 1, memoryQubits: 1, gates: gates, parameterCount: count)
            }
            #expect(
                error?.description
                    == "circuit 'custom': parameter_count: found \(count), expected at least 5, which its gates use, and at most 1000000"
            )
        }
        #expect(throws: CircuitError.angleCount(circuit: "custom", found: 6, expected: 7)) {
            try declared.unitary(angles: [0, 0, 0, 0, 0, 0])
        }
    }

    @Test("angles, scaled angles and currents beyond what has digits for a turn are refused by their place")
    func ranges() throws {
        let circuit = try Circuit(
            ioQubits: 1, memoryQubits: 0,
            gates: [Gate(.rx, 0, parameter: 0), Gate(.ry, 0, parameter: 1, scale: 60_000)])
        for angle in [Double.nan, .infinity, 1e300, -65_537] {
            let error = #expect(throws: CircuitError.self) { try circuit.unitary(angles: [angle, 0]) }
            #expect(
                error?.description
                    == "circuit 'custom': angle 0: found \(angle), expected -65536 to 65536 radians")
        }
        let scaled = #expect(throws: CircuitError.self) { try circuit.openQASM(angles: [0, 2]) }
        #expect(
            scaled?.description
                == "circuit 'custom', gate 1 (ry): turns by scale × angle = 120000.0, expected -65536 to 65536 radians"
        )
        #expect(throws: Never.self) { try circuit.unitary(angles: [65_536, 1]) }
        let current = #expect(throws: CircuitError.self) {
            try circuit.openQASM(angles: [0, 0], inputs: .currents([[1], [1e308]]))
        }
        #expect(
            current?.description
                == "circuit 'custom': current of step 1, channel 0: found 1e+308, expected -65536 to 65536")
    }

    /// Worked by hand: qubit 0 is the most significant bit of the index, the first gate acts first.
    @Test("the unitary reads qubit 0 as the most significant bit and applies gates in order")
    func convention() throws {
        let circuit = try Circuit(
            ioQubits: 1, memoryQubits: 2, gates: [Gate(.x, qubits: [0]), Gate(.cx, qubits: [0, 2])])
        let unitary = try circuit.unitary(angles: [])
        // |000⟩ → |100⟩ → |101⟩, |110⟩ → |010⟩, |001⟩ → |101⟩ → |100⟩.
        #expect(unitary[0b101, 0b000] == .one)
        #expect(unitary[0b010, 0b110] == .one)
        #expect(unitary[0b100, 0b001] == .one)
    }

    @Test("the unitary of random circuits is unitary", arguments: UInt64(0)..<8)
    func unitarity(seed: UInt64) throws {
        let (circuit, angles) = try RandomCircuit.make(ioQubits: 2, memoryQubits: 2, seed: seed)
        let unitary = try circuit.unitary(angles: angles)
        #expect((unitary.adjoint * unitary - .identity(16)).squaredNorm < 1e-26)
    }

    /// The loss is Re Σ conj(G) V for a random G, whose gradient with respect to V is G itself.
    @Test(
        "derivative and pull-back of the unitary agree with each other and with differences",
        arguments: [(1, 0), (1, 1), (2, 1), (1, 3)], UInt64(0)..<3)
    func gradients(size: (io: Int, memory: Int), seed: UInt64) throws {
        let (circuit, angles) = try RandomCircuit.make(
            ioQubits: size.io, memoryQubits: size.memory, gateCount: 16, seed: seed)
        let (other, otherAngles) = try RandomCircuit.make(
            ioQubits: size.io, memoryQubits: size.memory, seed: seed + 100)
        let direction = try other.unitary(angles: otherAngles)
        func loss(_ matrix: ComplexMatrix) -> Double { (direction.adjoint * matrix).trace.real }

        let pulledBack = try circuit.pullback(angles: angles, unitaryGradient: direction)
        for parameter in 0..<circuit.parameterCount {
            let derivative = try circuit.unitaryDerivative(angles: angles, parameter: parameter)
            #expect(abs(loss(derivative) - pulledBack[parameter]) < 1e-12)
        }
        let check = try gradientCheck(
            function: { loss(try circuit.unitary(angles: $0)) }, at: angles, gradient: pulledBack,
            tolerance: 1e-9)
        #expect(check.passed, "\(check)")
    }

    @Test(
        "Kraus operators are complete: Σ K†K = 1", arguments: [(1, 1), (2, 1), (2, 3), (1, 0)], UInt64(0)..<3)
    func completeness(size: (io: Int, memory: Int), seed: UInt64) throws {
        let (circuit, angles) = try RandomCircuit.make(
            ioQubits: size.io, memoryQubits: size.memory, seed: seed)
        let instrument = try Instrument(circuit: circuit, angles: angles)
        let rotations = [0.4, 2.2].prefix(size.io)
        var sum = ComplexMatrix(rowCount: 1 << size.memory, columnCount: 1 << size.memory)
        for spikes in 0..<instrument.patternCount {
            let kraus = instrument.krausOperator(spikes: spikes, rotations: Array(rotations))
            sum += kraus.adjoint * kraus
        }
        #expect((sum - .identity(1 << size.memory)).squaredNorm < 1e-26)
    }

    /// Six steps, up to 4096 histories: p(history) = ‖K_{s_T} … K_{s_1} |0…0⟩‖².
    @Test(
        "the probabilities of all spike histories sum to 1 within 1e-12",
        arguments: [(1, 1), (1, 3), (2, 1), (2, 3)], UInt64(0)..<2)
    func histories(size: (io: Int, memory: Int), seed: UInt64) throws {
        let (circuit, angles) = try RandomCircuit.make(
            ioQubits: size.io, memoryQubits: size.memory, seed: seed)
        let instrument = try Instrument(circuit: circuit, angles: angles)
        var ground = ComplexMatrix(rowCount: 1 << size.memory, columnCount: 1)
        ground[0, 0] = .one
        var memories = [ground]
        for currents in RandomCircuit.currents(stepCount: 6, channels: size.io, seed: seed) {
            let operators = (0..<instrument.patternCount).map {
                instrument.krausOperator(spikes: $0, rotations: currents.map { .pi * max(0, $0) })
            }
            memories = memories.flatMap { memory in operators.map { $0 * memory } }
        }
        let sum = memories.reduce(0) { $0 + $1.squaredNorm }
        #expect(memories.count == 1 << (6 * size.io))
        #expect(abs(sum - 1) < 1e-12)
    }

    /// Section 2 of the design: K_s = ⟨s| V (⊗RX(φ) ⊗ 1) |0⟩, multiplied out in full.
    @Test("a Kraus operator is a block of the circuit with its embedding")
    func krausBlocks() throws {
        let (circuit, angles) = try RandomCircuit.make(ioQubits: 2, memoryQubits: 1, seed: 5)
        let instrument = try Instrument(circuit: circuit, angles: angles)
        let embedding = GateKind.rx.matrix(angle: 0.4).tensor(GateKind.rx.matrix(angle: 2.2))
            .tensor(.identity(2))
        let whole = try circuit.unitary(angles: angles) * embedding
        for spikes in 0..<4 {
            let kraus = instrument.krausOperator(spikes: spikes, rotations: [0.4, 2.2])
            #expect((kraus - whole.block(row: spikes, column: 0, size: 2)).squaredNorm < 1e-28)
        }
    }
}
