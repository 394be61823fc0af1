import DeviceNoise
import Files
import Foundation
import QuantumCircuits
import Testing

struct NoiseModelTests {
    static let short = """
        {"depolarizing_1q": 0.004, "depolarizing_2q": 0.025, "t1_us": 174, "t2_us": 111, "gate_1q_ns": 60,
         "gate_2q_ns": 660, "measure_ns": 4000, "readout": [[0.998, 0.002], [0.007, 0.993]]}
        """

    private static func decode(_ text: String) throws -> NoiseModel {
        try JSONDocument.decode(NoiseModel.self, from: text.utf8)
    }

    /// Expected entries from the definitions: depolarising shrinks all Pauli matrices but 1, relaxation ⟨X⟩, ⟨Y⟩ by
    /// exp(−t/T2) and ⟨Z⟩ towards 1 by exp(−t/T1).
    @Test("the short form is depolarising, then relaxation, after every gate")
    func shortForm() throws {
        let noise = try Self.decode(Self.short)
        let one = noise.noise(after: Gate(.rx, qubits: [1], angle: .fixed(1)))
        let (excited, coherence) = (exp(-0.06 / 174), exp(-0.06 / 111))
        #expect(abs(one[1, 1] - 0.996 * coherence) < 1e-15)
        #expect(abs(one[2, 2] - 0.996 * coherence) < 1e-15)
        #expect(abs(one[3, 3] - 0.996 * excited) < 1e-15)
        #expect(abs(one[3, 0] - (1 - excited)) < 1e-15)
        #expect(one == noise.noiseAfterEmbedding(channel: 0))
        let two = noise.noise(after: Gate(.cx, qubits: [1, 0]))
        // X ⊗ Z and 1 ⊗ Z, of coefficients 4 · 1 + 3 and 3.
        #expect(abs(two[7, 7] - 0.975 * exp(-0.66 / 111) * exp(-0.66 / 174)) < 1e-15)
        #expect(abs(two[3, 0] - (1 - exp(-0.66 / 174))) < 1e-15)
        let measured = noise.noiseDuringMeasurement(qubit: 1, ioQubits: 1)
        #expect(abs(measured[3, 3] - exp(-4.0 / 174)) < 1e-15)
        #expect(measured[1, 1] == exp(-4.0 / 111))
        #expect(noise.readout(channel: 0) == ReadoutConfusion(falseSpike: 0.002, missedSpike: 0.007))
    }

    @Test("a figure of one gate, qubit or pair wins over the general one, and later rules over earlier ones")
    func rules() throws {
        let noise = try Self.decode(
            """
            {"depolarizing_1q": 0.1, "depolarizing_2q": 0.2, "t1_us": 100, "gate_2q_ns": 100000, "measure_ns": 1000,
             "qubits": [{"measure_ns": 3000}, {"t1_us": 50}],
             "gates": [{"gate": "rx", "depolarizing": 0.3}, {"qubits": [1], "depolarizing": 0.4},
                       {"gate": "rx", "qubits": [1], "bit_flip": 0.05}, {"qubits": [2, 1], "depolarizing": 0},
                       {"gate": "embedding", "depolarizing": 0.5}, {"gate": "crx", "qubits": [0, 1], "depolarizing": 0.6}]}
            """)
        func depolarizing(_ kind: GateKind, _ qubits: Int...) -> Double {
            for placement in noise.channels(after: Gate(kind, qubits: qubits)) {
                if case .depolarizing(let probability, _) = placement.channel { return probability }
            }
            return 0
        }
        #expect(depolarizing(.rz, 0) == 0.1)
        #expect(depolarizing(.rx, 0) == 0.3)
        #expect(depolarizing(.rx, 1) == 0.4)
        #expect(noise.channels(after: Gate(.rx, qubits: [1])).map(\.channel).contains(.bitFlip(0.05)))
        #expect(depolarizing(.cx, 0, 1) == 0.2)
        #expect(depolarizing(.cx, 1, 2) == 0)
        #expect(depolarizing(.crx, 0, 1) == 0.6)
        #expect(depolarizing(.crx, 1, 0) == 0.2)
        #expect(noise.noiseAfterEmbedding(channel: 0)[3, 3] == 0.5)
        // A pair in the order of the gate: T1 of qubit 1 is half that of qubit 0, and T2 = 2 T1 where only T1 is given.
        let pair = noise.noise(after: Gate(.cx, qubits: [1, 0]))
        #expect(abs(pair[12, 12] - 0.8 * exp(-2)) < 1e-15)
        #expect(abs(pair[3, 3] - 0.8 * exp(-1)) < 1e-15)
        #expect(abs(pair[1, 1] - 0.8 * exp(-0.5)) < 1e-15)
        // The slowest of the measurements.
        #expect(noise.noiseDuringMeasurement(qubit: 2, ioQubits: 1)[3, 3] == exp(-0.03))
    }

    @Test("what is over-rotated in proportion is the circuit, what is over-rotated by a constant the noise")
    func overRotation() throws {
        let noise = try Self.decode(
            #"{"over_rotation_1q": {"factor": 0.1, "offset": 0.02}, "over_rotation_2q": {"factor": -0.5}}"#)
        let gates = [
            Gate(.ry, 0, parameter: 0, scale: 2), Gate(.rx, qubits: [1], angle: .fixed(1)),
            Gate(.crx, 0, 1, parameter: 0), Gate(.h, qubits: [0]),
        ]
        let executed = noise.executed(try Circuit(ioQubits: 1, memoryQubits: 1, gates: gates))
        #expect(
            executed.gates.map(\.angle) == [
                .parameter(index: 0, scale: 2.2), .fixed(1.1), .parameter(index: 0, scale: 0.5), .none,
            ])
        #expect(noise.embeddingFactor(channel: 0) == 1.1)
        let expected = PauliTransferMatrix(unitary: GateKind.ry.matrix(angle: 0.02))
        #expect(noise.noise(after: gates[0]) == expected)
        #expect(noise.noise(after: gates[3]).isIdentity)
        #expect(noise.noise(after: gates[2]).isIdentity)
    }

    /// Expected: a map applied twice is its square; a map mixed with the identity is the average.
    @Test("scaled noise has its probabilities, durations, rotations and maps multiplied")
    func scaling() throws {
        let noise = try Self.decode(
            """
            {"depolarizing_1q": 0.3, "t1_us": 100, "gate_1q_ns": 1000, "measure_ns": 500,
             "readout": [[0.75, 0.25], [0.5, 0.5]], "over_rotation_1q": {"offset": 0.01},
             "kraus_2q": \(Self.flipOfTheSecondQubit)}
            """)
        let gate = Gate(.rx, qubits: [0], angle: .fixed(0))
        let double = try noise.scaled(by: 2)
        #expect(
            double.channels(after: gate).map(\.channel) == [
                .overRotation(.rx, angle: 0.02), .depolarizing(probability: 0.6, qubitCount: 1),
                .relaxation(t1: 100, t2: 200, duration: 2),
            ])
        #expect(double.readout(channel: 0) == ReadoutConfusion(falseSpike: 0.5, missedSpike: 1))
        #expect(double.noiseDuringMeasurement(qubit: 1, ioQubits: 1)[3, 3] == exp(-0.01))
        #expect(try noise.scaled(by: 4).readout(channel: 0).falseSpike == 1)
        #expect(try noise.scaled(by: 0).noise(after: gate).isIdentity)
        #expect(try noise.scaled(by: 1) == noise)

        let map = noise.noise(after: Gate(.cx, qubits: [0, 1]))
        #expect(abs(map[3, 3] - 0.6) < 1e-15)
        for (factor, expected) in [(0.5, 0.8), (2, 0.36), (2.5, 0.36 * 0.8)] {
            let scaled = try noise.scaled(by: factor).noise(after: Gate(.cx, qubits: [0, 1]))
            #expect(abs(scaled[3, 3] - expected) < 1e-14)
            #expect(abs(scaled[1, 1] - 1) < 1e-14)
        }
        #expect(throws: NoiseError.scale(-1)) { try noise.scaled(by: -1) }
        #expect(throws: NoiseError.self) { try noise.scaled(by: .nan) }
    }

    /// √0.8 1 and √0.2 1 ⊗ X.
    private static let flipOfTheSecondQubit: String = {
        func matrix(_ value: Double, flips: Bool) -> String {
            let rows = (0..<4).map { row in
                "["
                    + (0..<4).map { "[\($0 == (flips ? row ^ 1 : row) ? value : 0), 0]" }.joined(
                        separator: ", ") + "]"
            }
            return "[" + rows.joined(separator: ", ") + "]"
        }
        return "[\(matrix(0.8.squareRoot(), flips: false)), \(matrix(0.2.squareRoot(), flips: true))]"
    }()

    @Test("every figure that cannot be is named with its place and number")
    func problems() throws {
        let text = """
            {"depolarizing_1q": 1.5, "gate_2q_ns": -1, "t1_us": 100, "t2_us": 150, "qubit_count": 2,
             "readout": [[0.9, 0.2], [0.1, 0.9]], "coupling": [[0, 0]],
             "kraus_1q": [[[[1, 0], [0, 0]], [[0, 0], [0.9, 0]]]],
             "qubits": [{"t1_us": 70}, {"t2_us": 0}, {}],
             "gates": [{"gate": "ccx"}, {"gate": "crx", "qubits": [0]}, {"gate": "rx", "phase_flip": -0.1},
                       {"kraus": [[[[1, 0], [0, 0]], [[0, 0], [1, 0]]]]}]}
            """
        let parameters = try JSONDocument.decode(NoiseParameters.self, from: text.utf8)
        #expect(
            parameters.problems.map { "\($0.place): \($0.problem)" } == [
                "depolarizing_1q: found 1.5, expected a probability from 0 to 1",
                "kraus_1q: Σ K†K differs from 1 by 0.18999999999999995 at [1][1], expected at most 1e-09: the set does not keep the trace",
                "gate_2q_ns: found -1.0, expected 0 to 1000000000000.0 nanoseconds",
                "gates[0].gate: unknown gate 'ccx'; expected one of rx, ry, rz, h, x, cx, cz, crx, cry, crz, rxx, ryy, rzz, unitary, embedding",
                "gates[1].qubits: found [0], expected 2 different qubits",
                "gates[2].phase_flip: found -0.1, expected a probability from 0 to 1",
                "gates[3].kraus: found 2 × 2 operators, expected a rule for gates of one name or on given qubits",
                "readout[0]: the probabilities add up to 1.1, expected 1 within 1e-09",
                "qubits[0].t2_us: found 150.0, expected at most 2 × t1_us = 140.0: no qubit keeps its phase longer",
                "qubits[1].t2_us: found 0.0, expected at least 1e-06 microseconds",
                "qubits[2]: found qubit 2, expected 0 to 1",
                "coupling[0]: found [0, 0], expected two different qubits",
            ])
        #expect(throws: NoiseError.parameters(parameters.problems)) { try NoiseModel(parameters) }
    }

    @Test("figures whose products would be no numbers are refused where they are read")
    func extremes() throws {
        let text = #"{"over_rotation_1q": {"factor": 1e308}, "gate_2q_ns": 1e300, "t2_us": 1e-300}"#
        let parameters = try JSONDocument.decode(NoiseParameters.self, from: text.utf8)
        #expect(
            parameters.problems.map { "\($0.place): \($0.problem)" } == [
                "over_rotation_1q.factor: found 1e+308, expected -1000 to 1000",
                "gate_2q_ns: found 1e+300, expected 0 to 1000000000000.0 nanoseconds",
                "t2_us: found 1e-300, expected at least 1e-06 microseconds",
            ])
    }

    /// 1001 · 100 is beyond 65536.
    @Test("a gate that over-rotation turns too far is refused")
    func tooFar() throws {
        var parameters = NoiseParameters()
        parameters.oneQubitGates.overRotation = .init(factor: 1000)
        let noise = try NoiseModel(parameters)
        let gates = [Gate(.rx, qubits: [0], angle: .fixed(1)), Gate(.rx, qubits: [0], angle: .fixed(100))]
        let circuit = try Circuit(ioQubits: 1, memoryQubits: 0, gates: gates)
        #expect(throws: NoiseError.overRotation(circuit: "custom", gate: 1, found: 100_100)) {
            try noise.check(circuit)
        }
    }

    @Test("noise survives its JSON")
    func codable() throws {
        var parameters = NoiseParameters()
        parameters.oneQubitGates = GateNoise(depolarizing: 0.1, duration: 20)
        parameters.twoQubitGates.kraus =
            NoiseChannel.depolarizing(probability: 0.2, qubitCount: 2).krausOperators
        parameters.twoQubitGates.overRotation = .init(factor: 0.1)
        parameters.gateRules = [GateNoiseRule(gate: "crx", qubits: [1, 0], noise: GateNoise(duration: 3))]
        parameters.qubits = QubitNoise(t1: 10, t2: 5, measurement: 3, readout: [[1, 0], [0.5, 0.5]])
        parameters.qubitRules = [QubitNoise(), QubitNoise(t2: 4)]
        parameters.qubitCount = 3
        parameters.coupling = [[0, 1]]
        let noise = try NoiseModel(parameters)
        #expect(try JSONDecoder().decode(NoiseModel.self, from: JSONEncoder().encode(noise)) == noise)
    }

    @Test("a circuit that the device cannot hold is refused")
    func circuits() throws {
        let noise = try Self.decode(#"{"qubit_count": 3, "coupling": [[0, 1], [2, 1]]}"#)
        try noise.check(try Ansatz.exchange.circuit(ioQubits: 1, memoryQubits: 1))
        #expect(throws: NoiseError.coupling(circuit: "exchange", gate: 3, qubits: [0, 2])) {
            try noise.check(try Ansatz.exchange.circuit(ioQubits: 1, memoryQubits: 2))
        }
        #expect(throws: NoiseError.qubits(circuit: "exchange", found: 4, available: 3)) {
            try noise.check(try Ansatz.exchange.circuit(ioQubits: 2, memoryQubits: 2))
        }
    }
}
