import Files
import Foundation
import Neurons
import TestSupport
import Testing

/// Expected values from `Tests/Golden/neuron-ideal.json` and `neuron-noisy.json` (independent density-matrix program, checked with
/// Qiskit).
struct ReferenceTraceTests {
    @Test(
        "the reference neuron agrees with every golden trace, ideal and noisy, to 1e-10",
        arguments: [("neuron-ideal.json", 32), ("neuron-noisy.json", 18)])
    func golden(file: String, caseCount: Int) throws {
        let data = try Golden.data(file)
        let trace = try NeuronTrace.decode(data, path: file)
        let results = try trace.run(path: file)
        #expect(results.cases.count == caseCount)
        for (index, found) in results.differences.enumerated() {
            let difference = try #require(found ?? nil, "case \(index)")
            #expect(difference < 1e-10, "case \(index)")
        }
    }

    @Test("a trace survives its JSON")
    func codable() throws {
        let trace = try NeuronTrace.decode(try Golden.data("neuron-ideal.json"), path: "golden")
        let again = try NeuronTrace.decode(try JSONDocument.encode(trace), path: "again")
        let (cases, others) = (
            try trace.quantumCases(path: "golden"), try again.quantumCases(path: "again")
        )
        #expect(try others.map { try $0.circuit() } == cases.map { try $0.circuit() })
        #expect(others.map(\.currents) == cases.map(\.currents))
    }

    /// One field of a good trace is replaced at a time.
    @Test(
        "a bad trace is refused with its path, case and field",
        arguments: [
            (
                ["angles": "[1, 2]"],
                "cases[1].angles: circuit 'exchange': found 2 angles, expected 5; give one for each trainable angle of the circuit"
            ),
            (["angles": "[1, 2, 3, null, 5]"], "cases[1].angles[3]: found null, expected a number"),
            (["angles": "[1, 2, 3, \"NaN\", 5]"], "cases[1].angles[3]: found a string, expected a number"),
            (["currents": "[]", "spikes": "[]"], "cases[1].currents: found no steps, expected at least 1"),
            (
                ["currents": "[[0.1], [\"NaN\"]]"],
                "cases[1].currents[1][0]: found a string, expected a number"
            ),
            (["currents": "[[0.1], [null]]"], "cases[1].currents[1][0]: found null, expected a number"),
            (
                ["currents": "[[0.1], [0.1, 0.2]]"],
                "cases[1].currents[1]: found 2 values, expected 1, one for each channel"
            ),
            (["currents": "[[0.1]]"], "cases[1].spikes: found 2 steps, expected 1 as in 'currents'"),
            (["currents": "[0.1, 0.2]"], "cases[1].currents[0]: found a number, expected a list"),
            (["spikes": "[[0], [0.5]]"], "cases[1].spikes[1][0]: found 0.5, expected 0 or 1"),
            (["spikes": "[[0], [true]]"], "cases[1].spikes[1][0]: found true or false, expected a number"),
            (
                ["memory_qubits": "1.5"],
                "cases[1].memory_qubits: found 1.5, expected an integer"
            ),
            (["spikes": "[[0], [2]]"], "cases[1].spikes[1][0]: found 2.0, expected 0 or 1"),
            (["spikes": "[[0], []]"], "cases[1].spikes[1]: found 0 values, expected 1, one for each channel"),
            (
                ["ansatz": "\"exchanged\""],
                "cases[1].ansatz: unknown ansatz 'exchanged'; expected one of exchange, memory-controlled, input-controlled, input-controlled-ry, two-way, partial-swap, layered-L with L layers (such as layered-2), or the path of a JSON gate list (did you mean 'exchange'?)"
            ),
            (["ansatz": "null"], "cases[1].ansatz: found neither 'ansatz' nor 'gates'; give one of them"),
            (["gates": "[]"], "cases[1].gates: found both 'ansatz' and 'gates'; give one of them"),
            (
                ["ansatz": "null", "gates": "[{\"gate\": \"h\", \"qubits\": [2]}]"],
                "cases[1].gates[0]: circuit 'gates', gate 0 (h): qubit 2 does not exist; expected 0 to 1"
            ),
            (
                ["ansatz": "null", "gates": "[{\"gate\": \"cx\", \"qubits\": [1, 1]}]"],
                "cases[1].gates[0]: circuit 'gates', gate 0 (cx): qubit 1 is repeated; expected two different qubits"
            ),
            (
                ["ansatz": "null", "gates": "[{\"gate\": \"u\", \"qubits\": [1]}]"],
                "cases[1].gates[0].gate: unknown gate 'u'; expected one of rx, ry, rz, h, x, cx, cz, crx, cry, crz, rxx, ryy, rzz, unitary"
            ),
            (
                ["io_qubits": "0"],
                "cases[1].io_qubits: circuit 'exchange': 0 input-output and 1 memory qubits; expected at least 1 and 0, and at most 10 together"
            ),
            (
                ["noise": "{\"t1_us\": 100, \"t2_us\": 200.5}"],
                "cases[1].noise.t2_us: found 200.5, expected at most 2 × t1_us = 200.0: no qubit keeps its phase longer"
            ),
            (
                ["noise": "{\"qubits\": [{}, {\"readout\": [[0.9, 0.2], [0, 1]]}]}"],
                "cases[1].noise.qubits[1].readout[0]: the probabilities add up to 1.1, expected 1 within 1e-09"
            ),
            (
                ["noise": "{\"depolarising_1q\": 0.1}"],
                "cases[1].noise.depolarising_1q: there is no such field here; expected one of amplitude_damping_1q, amplitude_damping_2q, bit_flip_1q, bit_flip_2q, coupling, depolarizing_1q, depolarizing_2q, gate_1q_ns, gate_2q_ns, gates, kraus_1q, kraus_2q, measure_ns, memory_dephasing, over_rotation_1q, over_rotation_2q, phase_damping_1q, phase_damping_2q, phase_flip_1q, phase_flip_2q, qubit_count, qubits, readout, t1_us, t2_us (did you mean 'depolarizing_1q'?)"
            ),
            (
                ["noise": "{\"coupling\": [[1, 2]]}"],
                "cases[1].noise: circuit 'exchange', gate 0: the device has no two-qubit gate between qubits 0 and 1; choose coupled qubits of the device, or another circuit"
            ),
            (
                [
                    "ansatz": "null",
                    "gates":
                        "[{\"gate\": \"unitary\", \"qubits\": [0], \"matrix\": [[[1, 0], [0.5, 0]], [[0, 0], [1, 0]]]}]",
                ],
                "cases[1].gates[0].matrix: U†U differs from 1 by 0.5 at [0][1], expected at most 1e-09: the matrix is not unitary; give more digits or correct it"
            ),
        ])
    func refusals(replacing fields: [String: String], message: String) throws {
        let error = #expect(throws: NeuronError.self) {
            try NeuronTrace.decode(Self.trace(replacing: fields), path: "trace.json").run(path: "trace.json")
        }
        #expect(error?.description == "trace.json: " + message)
        #expect(error?.category == .badInput)
    }

    @Test(
        "a file that is no trace is refused",
        arguments: [
            ("{\"cases\": []}", "trace.json: schema: the field is missing"),
            (
                "{\"schema\": \"sqsnn.neuron-trace/2\", \"cases\": []}",
                "trace.json: schema: found 'sqsnn.neuron-trace/2', expected 'sqsnn.neuron-trace/1'"
            ),
            ("[]", "trace.json: found a list, expected an object"),
        ])
    func wrongFiles(text: String, message: String) {
        let error = #expect(throws: NeuronError.self) {
            try NeuronTrace.decode(Data(text.utf8), path: "trace.json")
        }
        #expect(error?.description == message)
    }

    /// Python writes NaN as a bare word, which is not JSON.
    @Test("a file that is not JSON is refused in one line that says where it breaks")
    func notJSON() {
        let text = "{\"schema\": \"sqsnn.neuron-trace/1\", \"cases\": [{\"angles\": [NaN]}]}"
        let error = #expect(throws: NeuronError.self) {
            try NeuronTrace.decode(Data(text.utf8), path: "trace.json")
        }
        #expect(
            error?.description
                == "trace.json: not valid JSON (line 1, column 58): found 'N', expected a value; "
                + "note that JSON has no NaN and no infinite numbers")
    }

    /// |0⟩ with no current and no rotation never fires.
    @Test("forced spikes that cannot happen are refused")
    func impossibleSpikes() {
        let fields = ["angles": "[0, 0, 0, 0, 0]", "currents": "[[0.5], [0]]", "spikes": "[[1], [1]]"]
        let error = #expect(throws: NeuronError.self) {
            try NeuronTrace.decode(Self.trace(replacing: fields), path: "trace.json").run(path: "trace.json")
        }
        #expect(
            error?.description
                == "trace.json: cases[1].spikes[1]: these spikes have probability 0 after those before; force spikes that can happen"
        )
    }

    /// Two cases; the second has its fields replaced.
    private static func trace(replacing replacements: [String: String]) -> Data {
        let good = [
            "io_qubits": "1", "memory_qubits": "1", "ansatz": "\"exchange\"", "angles": "[1, 2, 3, 4, 5]",
            "currents": "[[0.1], [0.7]]", "spikes": "[[0], [1]]",
        ]
        func text(_ fields: [String: String]) -> String {
            "{" + fields.map { "\"\($0)\": \($1)" }.joined(separator: ", ") + "}"
        }
        let bad = good.merging(replacements) { $1 }
        return Data("{\"schema\": \"sqsnn.neuron-trace/1\", \"cases\": [\(text(good)), \(text(bad))]}".utf8)
    }
}
