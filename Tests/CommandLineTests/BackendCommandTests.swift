import Foundation
import TestSupport
import Testing

/// `sqsnn backend` as a user calls it.
@Suite("sqsnn backend")
struct BackendCommandTests {
    private struct Entry: Decodable {
        let name: String
        let isAvailable: Bool
        let problem: String?
    }

    private struct Check: Decodable {
        struct Row: Decodable {
            let history: String
            let frequency: Double
            let probability: Double
            let sigmas: Double
        }
        let backend: String
        let shots: Int
        let isExact: Bool
        let rows: [Row]
        let setsPerSecond: Double
    }

    @Test("without the bridge, list names what is built in, and what to do about the rest")
    func list() throws {
        let environment = ["SQSNN_BRIDGE": "/nowhere"]
        let expected = """
            ideal              available  simulator of this package, without noise
            noisy:eagle        available  the same with noise: median qubit and gate of ibm_brisbane, 127 qubits, Eagle r3
            aer                missing    Qiskit Aer, without noise
            aer-fake-brisbane  missing    Qiskit Aer with the noise of FakeBrisbane
            ibm:NAME           missing    a device of IBM, by your account with the vendor
            Bridge: qiskit: the bridge to Qiskit is not installed (no /nowhere/bin/python); \
            run Scripts/install-bridge, or name its folder in SQSNN_BRIDGE

            """
        #expect(
            try runCommand("backend", "list", environment: environment)
                == CommandResult(status: 0, output: expected, error: ""))
        let json = try runCommand("backend", "list", "--json", environment: environment)
        let entries = try decodeJSON([String: [Entry]].self, json.output)["backends", default: []]
        #expect(
            entries.map(\.name) == ["ideal", "noisy:eagle", "aer", "aer-fake-brisbane", "ibm:NAME"])
        #expect(entries.map(\.isAvailable) == [true, true, false, false, false])
        #expect(entries[2].problem?.contains("Scripts/install-bridge") == true)
    }

    @Test(
        "check compares the built-in simulators with exact probabilities",
        arguments: ["ideal", "noisy:eagle"])
    func check(name: String) throws {
        let result = try runCommand("backend", "check", name, "--shots", "20000", "--sets", "50", "--json")
        #expect(result.status == 0 && result.error == "")
        let check = try decodeJSON(Check.self, result.output)
        #expect(check.backend == name && check.shots == 20_000 && check.isExact)
        #expect(check.rows.map(\.history) == ["000", "001", "010", "011", "100", "101", "110", "111"])
        #expect(abs(check.rows.reduce(0) { $0 + $1.probability } - 1) < 1e-12)
        #expect(abs(check.rows.reduce(0) { $0 + $1.frequency } - 1) < 1e-12)
        #expect(check.rows.allSatisfy { abs($0.sigmas) < 5 } && check.setsPerSecond > 0)
        // The same seed, the same shots.
        let again = try runCommand("backend", "check", name, "--shots", "20000", "--sets", "50", "--json")
        #expect(try decodeJSON(Check.self, again.output).rows.map(\.frequency) == check.rows.map(\.frequency))
    }

    @Test("check prints a table for people")
    func table() throws {
        let result = try runCommand("backend", "check", "ideal")
        let lines = result.output.split(separator: "\n")
        #expect(result.status == 0 && lines.count == 12)
        #expect(lines[0] == "spikes  frequency   exact  sigmas")
        #expect(lines[9].hasPrefix("ideal: 4000 shots agree, the farthest "))
        #expect(lines[10].hasPrefix("every kind of gate runs (24 circuits), the farthest "))
        #expect(lines[11].hasSuffix(" parameter sets a second (10 steps, 5 shots)"))
    }

    @Test("what is no backend, or is not there, is one line that says what to do")
    func refused() throws {
        let unknown = try runCommand("backend", "check", "aerr")
        #expect(
            unknown
                == CommandResult(
                    status: 2, output: "",
                    error: "sqsnn backend check: unknown backend 'aerr'; expected ideal, noisy:DEVICE, aer, "
                        + "aer-fake-brisbane, or ibm:NAME (did you mean 'aer'?)\nSee 'sqsnn backend check --help'.\n"
                ))
        let missing = try runCommand("backend", "check", "aer", environment: ["SQSNN_BRIDGE": "/nowhere"])
        #expect(
            missing
                == CommandResult(
                    status: 1, output: "",
                    error:
                        "sqsnn backend check: aer: the bridge to Qiskit is not installed (no /nowhere/bin/python); "
                        + "run Scripts/install-bridge, or name its folder in SQSNN_BRIDGE\n"))
        #expect(try runCommand("backend", "check", "noisy:falcon").status == 2)
        #expect(try runCommand("backend", "check", "ideal", "--shots", "1").status == 2)
        #expect(try runCommand("backend", "check").status == 2)
    }

    @Test("a bridge that is broken is an error with what it wrote last")
    func broken() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(
            atPath: folder.path("bin"), withIntermediateDirectories: true)
        try writeProgram(
            "#!/bin/sh\necho 'Traceback: no such module' >&2\nexit 1\n", to: folder.path("bin/python"))
        let environment = ["SQSNN_BRIDGE": folder.path]
        let check = try runCommand("backend", "check", "aer", environment: environment)
        #expect(
            check
                == CommandResult(
                    status: 1, output: "",
                    error:
                        "sqsnn backend check: aer: the bridge ended with exit code 1; run Scripts/install-bridge, then go on "
                        + "with --resume; the bridge wrote: Traceback: no such module\n"))
        let list = try runCommand("backend", "list", environment: environment)
        #expect(list.status == 0 && list.output.contains("aer                missing"))
    }
}
