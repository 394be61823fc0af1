import Foundation
import TestSupport
import Testing

/// `sqsnn device` as a user calls it.
@Suite("sqsnn device")
struct DeviceCommandTests {
    @Test("show prints the device of the catalogue with source and date")
    func eagle() throws {
        let expected = """
            eagle: median qubit and gate of ibm_brisbane, 127 qubits, Eagle r3
            source  medians of the calibration of ibm_brisbane published with Qiskit IBM Runtime 0.47.0 (FakeBrisbane)
            date    2025-02-26
            all qubits       T1 231.953 µs, T2 150.04 µs, measured in 1300 ns, p(reads 1 | 0) 0.020508, p(reads 0 | 1) 0.013184
            one-qubit gates  depolarizing 0.000132486, 60 ns
            two-qubit gates  depolarizing 0.00407139, 660 ns
            rz               depolarizing 0, 0 ns
            x                depolarizing 0.000132486, 60 ns

            """
        #expect(
            try runCommand("device", "show", "eagle") == CommandResult(status: 0, output: expected, error: "")
        )
        #expect(try runCommand("device", "show", "--json").output == "{\"devices\":[\"eagle\"]}\n")
    }

    @Test("a device file printed and read again is the same")
    func roundTrip() throws {
        let folder = try TemporaryFolder()
        let printed = try runCommand("device", "show", "eagle", "--json")
        try folder.write(printed.output, as: "mine.json")
        #expect(try runCommand("device", "show", "mine.json", "--json", folder: folder.path) == printed)
    }

    @Test("a device that cannot be is exit code 3, with every qubit that is off")
    func impossible() throws {
        let folder = try TemporaryFolder()
        try folder.write(
            """
            {"schema": "sqsnn.device/1", "name": "mine", "noise": {"qubits": [
              {"t1_us": 100, "t2_us": 100}, {"t1_us": 50, "t2_us": 120}, {"readout": [[0.9, 0.2], [0, 1]]}]}}
            """, as: "mine.json")
        let result = try runCommand("device", "show", "mine.json", folder: folder.path)
        #expect(result.status == 3)
        #expect(result.output.hasPrefix("mine: \nqubit 0  T1 100 µs, T2 100 µs\n"))
        #expect(
            result.error
                == "sqsnn device show: mine.json: noise.qubits[1].t2_us: found 120.0, expected at most 2 × t1_us = 100.0: "
                + "no qubit keeps its phase longer; noise.qubits[2].readout[0]: the probabilities add up to 1.1, "
                + "expected 1 within 1e-09\n")
    }

    @Test(
        "what is no device is refused in one line",
        arguments: [
            ("{\"noise\": {}}", "mine.json: schema: found nothing, expected 'sqsnn.device/1'"),
            (
                "{\"schema\": \"sqsnn.device/1\", \"noise\": {\"t1\": 5}}",
                "mine.json: noise.t1: there is no such field here; expected one of"
            ),
            ("{\"schema\": \"sqsnn.device/1\"}", "mine.json: noise: the field is missing"),
        ])
    func refused(text: String, message: String) throws {
        let folder = try TemporaryFolder()
        try folder.write(text, as: "mine.json")
        let result = try runCommand("device", "show", "mine.json", folder: folder.path)
        #expect(result.status == 3)
        #expect(result.output == "")
        #expect(result.error.hasPrefix("sqsnn device show: \(message)"), "\(result.error)")
        let unknown = try runCommand("device", "show", "falcon")
        #expect(unknown.status == 2)
        #expect(
            unknown.error.hasPrefix(
                "sqsnn device show: unknown device 'falcon'; expected one of eagle, or the path of a device file\n"
            ))
    }

    @Test("convert makes a device file of a backend's properties, which a noisy trace can use")
    func convert() throws {
        let folder = try TemporaryFolder()
        try folder.write(
            """
            {"backend_name": "mine", "qubits": [[{"name": "T1", "unit": "us", "value": 100}],
              [{"name": "T1", "unit": "us", "value": 50}, {"name": "T2", "unit": "us", "value": 40}]],
             "gates": [{"gate": "sx", "qubits": [0], "parameters": [{"name": "gate_error", "unit": "", "value": 0.001},
                 {"name": "gate_length", "unit": "ns", "value": 0}]},
               {"gate": "sx", "qubits": [1], "parameters": []}]}
            """, as: "props.json")
        let result = try runCommand("device", "convert", "props.json", "--qubits", "0", folder: folder.path)
        #expect(result.status == 0)
        // p = 2 · 0.001 / (2 − 1) without relaxation.
        #expect(
            result.output == """
                {"date":"","name":"mine","noise":{"coupling":[],"gates":[{"depolarizing":0.002,"duration_ns":0,"qubits":[0]}],\
                "qubit_count":1,"qubits":[{"t1_us":100}]},"schema":"sqsnn.device/1","source":"Qiskit backend properties of mine, \
                converted by swift-sqsnn 0.1.0","summary":"mine, qubits 0"}

                """)
        #expect(
            result.error == """
                note: qubit 0: no T2, taken as 2 T1
                note: qubit 0: no readout_length, taken as none
                note: qubit 0: no readout errors, taken as none

                """)
        #expect(try runCommand("device", "convert", "props.json", folder: folder.path).status == 2)
        #expect(
            try runCommand("device", "convert", "props.json", "--qubits", "x", folder: folder.path).status
                == 2)
    }
}
