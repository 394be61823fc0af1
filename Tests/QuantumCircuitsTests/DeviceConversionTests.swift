import Foundation
import QuantumCircuits
import Testing

/// A backend of three qubits in the form of `BackendProperties.to_dict()`. Units and missing fields are varied.
struct DeviceConversionTests {
    private static func properties(
        t1: String = #"{"name": "T1", "unit": "us", "value": 100}"#,
        t2: String = #"{"name": "T2", "unit": "us", "value": 80}"#,
        ecrError: String = "0.01", gates: String = ""
    ) -> Data {
        func gate(_ name: String, _ qubits: String, error: String, length: String) -> String {
            """
            {"gate": "\(name)", "qubits": [\(qubits)], "name": "x", "parameters": [
              {"date": "2026-01-01", "name": "gate_error", "unit": "", "value": \(error)},
              {"date": "2026-01-01", "name": "gate_length", "unit": "ns", "value": \(length)}]}
            """
        }
        let first = """
            [\(t1), \(t2), {"name": "readout_length", "unit": "us", "value": 1.3},
             {"name": "prob_meas1_prep0", "unit": "", "value": 0.02},
             {"name": "prob_meas0_prep1", "unit": "", "value": 0.05}]
            """
        let second = """
            [{"name": "T1", "unit": "ms", "value": 0.2}, {"name": "T2", "unit": "us", "value": 50},
             {"name": "readout_error", "unit": "", "value": 0.03}]
            """
        let third = #"[{"name": "frequency", "unit": "GHz", "value": 5}]"#
        let list = [
            gate("sx", "0", error: "0.0008", length: "60"), gate("sx", "1", error: "0.0004", length: "50"),
            gate("x", "2", error: "0.0005", length: "60"), gate("rz", "0", error: "0", length: "0"),
            gate("ecr", "1, 0", error: ecrError, length: "600"),
        ]
        return Data(
            """
            {"backend_name": "test_backend", "last_update_date": "2026-01-02", "qubits": [\(first), \(second), \(third)],
             "gates": [\((list + (gates.isEmpty ? [] : [gates])).joined(separator: ", "))], "general": []}
            """.utf8)
    }

    private static func convert(
        _ selection: DeviceConversion.Selection, of data: Data = properties()
    ) throws -> DeviceConversion {
        try DeviceConversion(properties: data, path: "props.json", selection: selection)
    }

    @Test("units become microseconds and nanoseconds, and what is missing is noted")
    func figures() throws {
        let conversion = try Self.convert(.qubits([1, 0, 2]))
        let noise = conversion.device.noise
        #expect(conversion.device.name == "test_backend")
        #expect(conversion.device.date == "2026-01-02")
        #expect(noise.qubitCount == 3)
        #expect(noise.coupling == [[0, 1]])
        #expect(noise.qubitRules.map(\.t1) == [200, 100, nil])
        #expect(noise.qubitRules.map(\.t2) == [50, 80, nil])
        #expect(noise.qubitRules[1].measurement == 1300)
        #expect(noise.qubitRules[1].readout == [[0.98, 0.02], [0.05, 0.95]])
        #expect(noise.qubitRules[0].readout == [[0.97, 0.03], [0.03, 0.97]])
        #expect(
            conversion.notes == [
                "qubit 1: no readout_length, taken as none", "qubit 2: no T1, taken as none",
                "qubit 2: no T2, taken as none", "qubit 2: no readout_length, taken as none",
                "qubit 2: no readout errors, taken as none",
            ])
    }

    /// By definition: 1 − the average fidelity of what follows the gate is the error that the backend gave.
    @Test("depolarising and relaxation together make up the gate's error")
    func gateErrors() throws {
        let model = try NoiseModel(Self.convert(.qubits([1, 0, 2])).device.noise)
        func error(_ kind: GateKind, _ qubits: Int...) -> Double {
            1 - model.noise(after: Gate(kind, qubits: qubits)).averageGateFidelity
        }
        #expect(abs(error(.ry, 0) - 0.0004) < 1e-15)
        #expect(abs(error(.rx, 1) - 0.0008) < 1e-15)
        #expect(abs(error(.h, 2) - 0.0005) < 1e-15)
        #expect(abs(error(.crx, 0, 1) - 0.01) < 1e-15)
        #expect(abs(error(.rxx, 1, 0) - 0.01) < 1e-15)
        #expect(error(.rz, 1) == 0)
        #expect(abs(error(.rz, 0) - 0.0004) < 1e-15)
    }

    @Test("an error that relaxation alone exceeds leaves no depolarising")
    func relaxationAlone() throws {
        let noise = try Self.convert(.qubits([0, 1]), of: Self.properties(ecrError: "0.000001")).device.noise
        let rule = try #require(noise.gateRules.first { $0.qubits == [0, 1] })
        #expect(rule.noise.depolarizing == 0)
        #expect(rule.noise.duration == 600)
    }

    @Test("T2 above 2 T1 is taken as 2 T1, with a note")
    func truncatedT2() throws {
        let t2 = #"{"name": "T2", "unit": "us", "value": 250}"#
        let conversion = try Self.convert(.qubits([0]), of: Self.properties(t2: t2))
        #expect(conversion.device.noise.qubitRules[0].t2 == 200)
        #expect(conversion.notes == ["qubit 0: T2 = 250.0 µs is more than 2 T1, taken as 2 T1 = 200.0 µs"])
    }

    /// By hand: the medians of 100 and 200, of 80 and 50; sx is on two qubits, x on one.
    @Test("medians are over those that have the figure")
    func medians() throws {
        let noise = try Self.convert(.median).device.noise
        #expect(noise.qubits.t1 == 150)
        #expect(noise.qubits.t2 == 65)
        #expect(noise.qubits.measurement == 1300)
        #expect(noise.qubitRules.isEmpty)
        #expect(noise.oneQubitGates.duration == 55)
        #expect(noise.twoQubitGates.duration == 600)
        #expect(noise.gateRules.compactMap(\.gate) == ["rz", "x"])
        let broken = try Self.convert(.median, of: Self.properties(ecrError: "1"))
        #expect(broken.device.noise.coupling == [])
    }

    @Test(
        "what cannot be converted is refused by its place",
        arguments: [
            (properties(), [0, 3], "qubits: asked for qubit 3, expected 0 to 2"),
            (properties(), [0, 0], "qubits: asked for qubits [0, 0], expected different ones"),
            (
                properties(ecrError: "1"), [0, 1],
                "gates: ecr on [1, 0] has gate_error 1, which marks a gate that does not work; choose other qubits"
            ),
            (
                properties(t1: #"{"name": "T1", "unit": "weeks", "value": 1}"#), [0],
                "qubits[0][0].unit: found 'weeks' of T1, expected one of s, ms, us, ns, ps"
            ),
            (
                properties(t1: #"{"name": "T1", "unit": "us", "value": -1}"#), [0],
                "qubits[0][0].value: found -1.0 of T1, expected 0 or more"
            ),
            (
                properties(gates: #"{"gate": "sx", "qubits": [7], "parameters": []}"#), [0],
                "gates[5].qubits: found qubit 7, expected 0 to 2"
            ),
            (Data("{}".utf8), [0], "qubits: the field is missing"),
        ])
    func refusals(data: Data, qubits: [Int], message: String) {
        let error = #expect(throws: NoiseError.self) { try Self.convert(.qubits(qubits), of: data) }
        #expect(error?.description == "props.json: " + message)
        #expect(error?.category == .badInput)
    }

    @Test("the devices of the catalogue can be true, say where they come from, and survive their JSON")
    func catalogue() throws {
        #expect(!Device.catalogue.isEmpty)
        for device in Device.catalogue {
            #expect(throws: Never.self) { try NoiseModel.load(device.name) }
            #expect(!device.source.isEmpty && !device.date.isEmpty)
            #expect(try JSONDecoder().decode(Device.self, from: JSONEncoder().encode(device)) == device)
        }
    }
}
