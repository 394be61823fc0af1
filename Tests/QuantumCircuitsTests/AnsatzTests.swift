import Files
import Foundation
import QuantumCircuits
import Testing

struct AnsatzTests {
    /// Section 7 of the design; qubit numbers written out by hand. Inputs 0 and 1, memories 2 and 3.
    @Test(
        "gates come in catalogue order, one angle for each",
        arguments: [
            (
                Ansatz.exchange,
                "crx02 crx20 crx02 crx03 crx30 crx03 crx12 crx21 crx12 crx13 crx31 crx13 rx0 rx1 rx2 rx3"
            ),
            (.twoWay, "crx02 crx20 crx03 crx30 crx12 crx21 crx13 crx31 rx0 rx1 rx2 rx3"),
            (.inputControlled, "crx02 crx03 crx12 crx13 rx0 rx1 rx2 rx3"),
            (.inputControlledRY, "crx02 crx03 crx12 crx13 ry0 ry1 ry2 ry3"),
            (.memoryControlled, "crx20 crx21 crx30 crx31 rx0 rx1 rx2 rx3"),
            (.partialSwap, "rxx02 ryy02 rxx03 ryy03 rxx12 ryy12 rxx13 ryy13 rx0 rx1 rx2 rx3"),
        ])
    func order(ansatz: Ansatz, expected: String) throws {
        let circuit = try ansatz.circuit(ioQubits: 2, memoryQubits: 2)
        let gates = circuit.gates.map { gate in
            gate.kind.name + gate.qubits.map(String.init).joined()
        }
        #expect(gates.joined(separator: " ") == expected)
        #expect(circuit.parameterCount == circuit.gates.count)
        #expect(circuit.gates.enumerated().allSatisfy { $1.angle == .parameter(index: $0, scale: 1) })
        #expect(try Ansatz.named(ansatz.name) == ansatz)
        #expect(circuit.isRealGauge == ![.partialSwap, .inputControlledRY].contains(ansatz))
    }

    @Test("a layered circuit repeats rotations and a ladder")
    func layered() throws {
        let circuit = try Ansatz.named("layered-2").circuit(ioQubits: 1, memoryQubits: 2)
        let layer = "ry0 rz0 ry1 rz1 ry2 rz2 cx01 cx12"
        let gates = circuit.gates.map { $0.kind.name + $0.qubits.map(String.init).joined() }
        #expect(gates.joined(separator: " ") == layer + " " + layer)
        #expect(circuit.parameterCount == 12)
    }

    @Test(
        "an unknown name gets the list of known ones",
        arguments: [
            "exchanges", "layered", "layered-0", "layered-1001", "layered-x", "",
        ])
    func unknown(name: String) {
        let error = #expect(throws: CircuitError.self) { try Ansatz.load(name) }
        #expect(
            error?.description == "unknown ansatz '\(name)'; expected one of exchange, memory-controlled, "
                + "input-controlled, input-controlled-ry, two-way, partial-swap, layered-L with L layers "
                + "(such as layered-2), or the path of a JSON gate list"
                + (name == "exchanges" ? " (did you mean 'exchange'?)" : ""))
        #expect(error?.category == .usage)
    }

    @Test("a gate list is read from a file, named by itself or by the file")
    func gateList() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "AnsatzTests-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "mine.json").path()
        let text = """
            {"io_qubits": 1, "memory_qubits": 1, "gates": [
              {"gate": "crx", "qubits": [1, 0], "parameter": 1, "scale": -2},
              {"gate": "ry", "qubits": [1], "angle": 0.5}, {"gate": "h", "qubits": [0]}]}
            """
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        let ansatz = try Ansatz.load(file)
        let expected = try Circuit(
            name: "mine", ioQubits: 1, memoryQubits: 1,
            gates: [
                Gate(.crx, 1, 0, parameter: 1, scale: -2), Gate(.ry, qubits: [1], angle: .fixed(0.5)),
                Gate(.h, qubits: [0]),
            ])
        #expect(ansatz.fixedCircuit == expected)
        #expect(try ansatz.circuit(ioQubits: 1, memoryQubits: 1) == expected)
        #expect(
            throws: CircuitError.fixedSize(circuit: "mine", io: 1, memory: 1, askedIO: 2, askedMemory: 1)
        ) { try ansatz.circuit(ioQubits: 2, memoryQubits: 1) }
        let named = try Ansatz.gateList(
            Data(
                #"{"name": "own", "io_qubits": 1, "memory_qubits": 0, "gates": [], "parameter_count": 3}"#
                    .utf8), path: "x.json")
        #expect(named.name == "own")
        #expect(try named.circuit().parameterCount == 3)
    }

    @Test(
        "a bad gate list is refused with path, field and reason",
        arguments: [
            (#"{"memory_qubits": 1, "gates": []}"#, "io_qubits: the field is missing"),
            (
                #"{"io_qubits": "1", "memory_qubits": 1, "gates": []}"#,
                "io_qubits: found a string, expected an integer"
            ),
            (
                #"{"io_qubits": 1, "memory_qubits": 1, "gates": [{"gate": "rx", "qubits": [0], "parameter": 0, "angle": 1}]}"#,
                "gates[0].angle: found both 'parameter' and 'angle'; give one of them"
            ),
            (
                #"{"io_qubits": 1, "memory_qubits": 1, "gates": [{"gate": "rx", "qubits": [0], "angle": 1, "scale": 2}]}"#,
                "gates[0].scale: found 'scale' without 'parameter'; scale the angle itself"
            ),
            (
                #"{"io_qubits": 1, "memory_qubits": 1, "gates": [{"gate": "rx", "qubits": [5], "angle": 1}]}"#,
                "circuit 'list', gate 0 (rx): qubit 5 does not exist; expected 0 to 1"
            ),
            (
                #"{"io_qubits": 1, "#,
                "not valid JSON (line 1, column 18): found the end of the text, expected a field's name in double quotes"
            ),
        ])
    func badGateLists(text: String, message: String) {
        let error = #expect(throws: CircuitError.self) {
            try Ansatz.gateList(Data(text.utf8), path: "list.json")
        }
        #expect(error?.description == "list.json: " + message)
        #expect(error?.category == .badInput)
    }

    @Test("a missing file is refused with its path")
    func missingFile() {
        let error = #expect(throws: FileError.self) { try Ansatz.load("no/such.json") }
        #expect(
            error?.description
                == "no/such.json: cannot be read (No such file or directory); check the path and its permissions"
        )
    }
}
