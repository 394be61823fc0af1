import DeviceNoise
import Foundation
import QuantumCircuits
import Testing

/// A backend of three qubits in the form of `BackendProperties.to_dict()`. Units and missing fields are varied.
struct DeviceConversionTests {
    private static func properties(
        t1: String = #"{"name": "T1", "unit": "us", "value": 100}"#,
        t2: String = #"{"name": "T2", "unit": "us", "value": 80}"#,
        ecrError: String = "0.01", gates: String = "", readout: String? = nil, ofQubit1 more: String = "",
        ofECR flag: String = "", sxError: String = "0.0008"
    ) -> Data {
        func gate(
            _ name: String, _ qubits: String, error: String, length: String, more: String = ""
        ) -> String {
            """
            {"gate": "\(name)", "qubits": [\(qubits)], "name": "x", "parameters": [
              {"date": "2026-01-01", "name": "gate_error", "unit": "", "value": \(error)},
              {"date": "2026-01-01", "name": "gate_length", "unit": "ns", "value": \(length)}\(more)]}
            """
        }
        let both = """
            {"name": "prob_meas1_prep0", "unit": "", "value": 0.02},
             {"name": "prob_meas0_prep1", "unit": "", "value": 0.05}
            """
        let first = """
            [\(t1), \(t2), {"name": "readout_length", "unit": "us", "value": 1.3},
             \(readout ?? both)]
            """
        let second = """
            [{"name": "T1", "unit": "ms", "value": 0.2}, {"name": "T2", "unit": "us", "value": 50},
             {"name": "readout_error", "unit": "", "value": 0.03}\(more)]
            """
        let third = #"[{"name": "frequency", "unit": "GHz", "value": 5}]"#
        let list = [
            gate("sx", "0", error: sxError, length: "60"), gate("sx", "1", error: "0.0004", length: "50"),
            gate("x", "2", error: "0.0005", length: "60"), gate("rz", "0", error: "0", length: "0"),
            gate("ecr", "1, 0", error: ecrError, length: "600", more: flag),
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

    @Test("an error that relaxation alone exceeds leaves no depolarising, with a note")
    func relaxationAlone() throws {
        let conversion = try Self.convert(.qubits([0, 1]), of: Self.properties(ecrError: "0.000001"))
        let noise = conversion.device.noise
        // 600 ns at T1 100, T2 80 and T1 200, T2 50 µs: 1 − F = 1 − (4 F_e + 1)/5, F_e = ∏ (1 + 2 e^(−t/T2) + e^(−t/T1))/4.
        func fidelity(_ t1: Double, _ t2: Double) -> Double { (1 + 2 * exp(-0.6 / t2) + exp(-0.6 / t1)) / 4 }
        let alone = 1 - (4 * fidelity(100, 80) * fidelity(200, 50) + 1) / 5
        let note = try #require(conversion.notes.first { $0.hasPrefix("ecr") })
        #expect(note.hasPrefix("ecr on [1, 0]: gate_error 1e-06 is less than relaxation alone makes, 0.0"))
        let told = note.split(separator: " ").compactMap { Double($0.replacing(":", with: "")) }.last
        #expect(abs((told ?? .nan) - alone) < 1e-12)
        let rule = try #require(noise.gateRules.first { $0.qubits == [0, 1] })
        #expect(rule.noise.depolarizing == 0)
        #expect(rule.noise.duration == 600)
    }

    /// A one-qubit gate that leaves nothing of its state has the error 1/2.
    @Test("an error that no depolarising makes is taken as all that it can, with a note")
    func largeError() throws {
        let conversion = try Self.convert(.qubits([0]), of: Self.properties(sxError: "0.6"))
        #expect(conversion.device.noise.gateRules[0].noise.depolarizing == 1)
        #expect(
            conversion.notes == [
                "sx on [0]: gate_error 0.6 is more than the 0.5 of a gate that leaves nothing of the state: taken as that, depolarizing 1"
            ])
    }

    @Test("half a readout pair is kept, and a note says what the other half is taken as")
    func halfReadout() throws {
        let half = #"{"name": "prob_meas0_prep1", "unit": "", "value": 0.05}"#
        let alone = try Self.convert(.qubits([0]), of: Self.properties(readout: half))
        #expect(alone.device.noise.qubitRules[0].readout == [[0.95, 0.05], [0.05, 0.95]])
        #expect(alone.notes == ["qubit 0: no prob_meas1_prep0, taken as prob_meas0_prep1 = 0.05"])
        let beside = half + #", {"name": "readout_error", "unit": "", "value": 0.03}"#
        let both = try Self.convert(.qubits([0]), of: Self.properties(readout: beside))
        #expect(both.device.noise.qubitRules[0].readout == [[0.97, 0.03], [0.05, 0.95]])
        #expect(both.notes == ["qubit 0: no prob_meas1_prep0, taken as readout_error = 0.03"])
    }

    @Test("what is wrong with a qubit that was not asked for stops nobody")
    func otherQubits() throws {
        for t1 in [#"null"#, "-1", "0"] {
            let data = Self.properties(t1: #"{"name": "T1", "unit": "us", "value": \#(t1)}"#)
            #expect(throws: Never.self) { try Self.convert(.qubits([1]), of: data) }
        }
        // Of one that was, null is a figure that the backend does not say.
        let asked = try Self.convert(
            .qubits([0]), of: Self.properties(t1: #"{"name": "T1", "unit": "us", "value": null}"#))
        #expect(asked.device.noise.qubitRules[0].t1 == nil)
        #expect(asked.notes == ["qubit 0: no T1, taken as none"])
    }

    /// By hand: without qubit 1 the medians are those of qubit 0, and no gate on two qubits is left.
    @Test("qubits and gates marked as broken are left out of medians, with notes")
    func brokenMedians() throws {
        let broken = #", {"name": "operational", "unit": "", "value": 0}"#
        let qubit = try Self.convert(.median, of: Self.properties(ofQubit1: broken))
        #expect(qubit.device.noise.qubits.t1 == 100 && qubit.device.noise.oneQubitGates.duration == 60)
        #expect(qubit.device.noise.coupling == [])
        #expect(
            qubit.notes.first
                == "1 of 3 qubits have operational 0, which marks a qubit that does not work: left out of the medians with their gates"
        )
        let gate = try Self.convert(.median, of: Self.properties(ofECR: broken))
        #expect(gate.device.noise.coupling == [])
        #expect(
            gate.notes.contains(
                "ecr: 1 of 1 gates have operational 0, which marks a gate that does not work: left out of the medians"
            ))
        let works = #", {"name": "operational", "unit": "", "value": 1}"#
        #expect(try Self.convert(.median, of: Self.properties(ofECR: works)).device.noise.coupling == nil)
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
        let gateless = Self.properties(gates: #"{"gate": "x", "qubits": [], "parameters": []}"#)
        #expect(throws: NoiseError.self) { try Self.convert(.median, of: gateless) }
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
            (
                properties(t1: #"{"name": "T1", "unit": "us", "value": 0}"#), [0],
                "qubits[0][0].value: found 0.0 of T1, expected more than 0"
            ),
            (
                properties(ofQubit1: #", {"name": "operational", "unit": "", "value": 0}"#), [0, 1],
                "qubits[1]: qubit 1 has operational 0, which marks a qubit that does not work; choose another"
            ),
            (
                properties(ofECR: #", {"name": "operational", "unit": "", "value": 0}"#), [0, 1],
                "gates: ecr on [1, 0] has operational 0, which marks a gate that does not work; choose other qubits"
            ),
            (
                properties(sxError: "1.5"), [0],
                "gates[0].parameters[0].value: found 1.5 of gate_error, expected a probability from 0 to 1"
            ),
            (
                properties(readout: #"{"name": "prob_meas1_prep0", "unit": "", "value": 1.2}"#), [0],
                "qubits[0][3].value: found 1.2 of prob_meas1_prep0, expected a probability from 0 to 1"
            ),
            (
                properties(gates: #"{"gate": "x", "qubits": [], "parameters": []}"#), [0],
                "gates[5].qubits: found [] of x, expected a qubit"
            ),
            (
                properties(gates: #"{"gate": "cx", "qubits": [1, 1], "parameters": []}"#), [0],
                "gates[5].qubits: found [1, 1] of cx, expected 2 different qubits"
            ),
            (Data(#"{"qubits": [], "gates": []}"#.utf8), [0], "qubits: found none, expected at least 1"),
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
