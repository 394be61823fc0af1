import Foundation
import TestSupport
import Testing

/// `sqsnn neuron` as a user calls it.
@Suite("sqsnn neuron")
struct NeuronCommandTests {
    /// One case with the default circuit; what a test changes comes as an argument.
    private func trace(
        angles: String = "[0.1, 0.2, 0.3, 0.4, 0.5]", currents: String = "[[0.3], [0.8]]",
        spikes: String = "[[0], [1]]"
    ) -> String {
        """
        {"schema": "sqsnn.neuron-trace/1", "cases": [{"io_qubits": 1, "memory_qubits": 1, "ansatz": "exchange",
          "angles": \(angles), "currents": \(currents), "spikes": \(spikes)}]}
        """
    }

    /// Calls a command that must fail on a file of these contents, and checks that nothing but one line is said.
    private func expectRefused(
        _ arguments: [String], file: String, containing text: String, status: Int32 = 3, message: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let folder = try TemporaryFolder()
        try folder.write(text, as: file)
        let result = try runCommand(arguments + [file], folder: folder.path)
        #expect(
            result
                == CommandResult(
                    status: status, output: "",
                    error:
                        "sqsnn \(arguments.filter { !$0.hasPrefix("-") }.joined(separator: " ")): \(message)\n"
                ),
            sourceLocation: sourceLocation)
        #expect(folder.contents == [file], sourceLocation: sourceLocation)
    }

    @Test("circuit draws the default circuit: three controlled rotations, then one on each qubit")
    func drawing() throws {
        // By hand, from the definition of `exchange`.
        let drawing = """
                       ┌────────┐            ┌────────┐            ┌────────┐ ┌───┐ ┌─────┐
            in0   |0⟩ ─┤ RX(πz) ├──────●─────┤ RX(θ1) ├──────●─────┤ RX(θ3) ├─┤ M ├─┤ |0⟩ ├─
                       └────────┘      │     └────┬───┘      │     └────────┘ └───┘ └─────┘
                                  ┌────┴───┐      │     ┌────┴───┐ ┌────────┐
            mem0      ────────────┤ RX(θ0) ├──────●─────┤ RX(θ2) ├─┤ RX(θ4) ├───────────────
                                  └────────┘            └────────┘ └────────┘

            """
        #expect(
            try runCommand("neuron", "circuit") == CommandResult(status: 0, output: drawing, error: ""))
    }

    @Test("the JSON of a circuit, given back as a gate list, is the same circuit")
    func gateListRoundTrip() throws {
        let folder = try TemporaryFolder()
        for name in ["partial-swap", "layered-2"] {
            let printed = try runCommand("neuron", "circuit", name, "--json")
            try folder.write(printed.output, as: "\(name).json")
            #expect(try runCommand("neuron", "circuit", "\(folder.path)/\(name).json", "--json") == printed)
        }
    }

    @Test("extrapolate answers a file case by case, and says which model does not fit")
    func extrapolate() throws {
        let folder = try TemporaryFolder()
        let file = #"{"cases": [{"scale_factors": [1, 3], "values": [0.7, 0.6]}]}"#
        try folder.write(file, as: "measured.json")
        #expect(
            try runCommand("neuron", "extrapolate", "measured.json", folder: folder.path).output == """
                case 0: 2 points, unmitigated 0.700000
                  linear                     0.750000
                  richardson                 0.750000
                  exponential_asymptote_0.5  0.782843
                  polynomial_2               refused: scale_factors: found 2 points, expected at least 3; measure at \
                more scale factors
                  exponential                refused: scale_factors: found 2 points, expected at least 3; measure at \
                more scale factors

                """)
        struct Results: Decodable {
            struct Case: Decodable {
                let linear: Double
                let unmitigated: Double
                let points: [[Double]]
                let refused: [String: String]
            }
            let cases: [Case]
        }
        let json = try runCommand("neuron", "extrapolate", "measured.json", "--json", folder: folder.path)
        let found = try #require(try decodeJSON(Results.self, json.output).cases.first)
        #expect(abs(found.linear - 0.75) < 1e-12 && found.unmitigated == 0.7)
        #expect(found.points == [[1, 0.7], [3, 0.6]])
        #expect(Set(found.refused.keys) == ["exponential", "polynomial_2"])
    }

    @Test("values that cannot be extrapolated are exit code 3, and the message names file, case and number")
    func extrapolateBadInput() throws {
        let folder = try TemporaryFolder()
        for (content, message) in [
            (
                #"{"cases": [{"scale_factors": [0.5, 3], "values": [0.7, 0.6]}]}"#,
                "cases[0]: scale_factors[0]: found 0.5, expected at least 1, the noise of the device itself"
            ),
            (
                #"{"cases": [{"scale_factors": [1, 3], "values": [0.7]}]}"#,
                "cases[0]: values: found 1 numbers, expected 2, one for each scale factor"
            ),
        ] {
            try folder.write(content, as: "bad.json")
            let result = try runCommand("neuron", "extrapolate", "bad.json", folder: folder.path)
            #expect(
                result
                    == CommandResult(
                        status: 3, output: "", error: "sqsnn neuron extrapolate: bad.json: \(message)\n"))
        }
    }

    @Test("trace prints probability and firing probability of every forced spike")
    func traceText() throws {
        let folder = try TemporaryFolder()
        // Angle 0 leaves only the embedding: p(s = 1) = sin²(πz/2), 1/2 and 1 for currents 0.5 and 1.
        try folder.write(
            trace(angles: "[0, 0, 0, 0, 0]", currents: "[[0.5], [1], [-2]]", spikes: "[[0], [1], [0]]"),
            as: "trace.json")
        #expect(
            try runCommand("neuron", "trace", "trace.json", folder: folder.path)
                == CommandResult(
                    status: 0,
                    output: """
                        case 0: exchange, 1 input-output and 1 memory qubits, log-likelihood -0.693147
                          step 0  spikes 0  p(spikes) 0.500000  p(fires) 0.500000
                          step 1  spikes 1  p(spikes) 1.000000  p(fires) 1.000000
                          step 2  spikes 0  p(spikes) 1.000000  p(fires) 0.000000

                        """, error: ""))
    }

    @Test(
        "trace --json answers the golden cases in their order, each within 1e-9",
        arguments: ["neuron-ideal.json", "neuron-noisy.json"])
    func goldenTrace(file: String) throws {
        struct Golden: Decodable {
            struct Case: Decodable {
                struct Expected: Decodable {
                    let stepProbability: [Double]
                    let logLikelihood: Double
                }
                let expected: Expected
            }
            let cases: [Case]
        }
        struct Answer: Decodable {
            let cases: [Golden.Case.Expected]
        }
        let data = try TestSupport.Golden.data(file)
        let golden = try decodeJSON(Golden.self, String(decoding: data, as: UTF8.self))
        let folder = try TemporaryFolder()
        try folder.write(Array(data), as: "golden.json")
        let result = try runCommand("neuron", "trace", "\(folder.path)/golden.json", "--json")
        #expect(result.status == 0 && result.error == "")
        let answer = try decodeJSON(Answer.self, result.output)
        try #require(answer.cases.count == golden.cases.count)
        for (index, (found, entry)) in zip(answer.cases, golden.cases).enumerated() {
            #expect(
                abs(found.logLikelihood - entry.expected.logLikelihood) < 1e-9, "case \(index)")
            #expect(
                zip(found.stepProbability, entry.expected.stepProbability).allSatisfy {
                    abs($0 - $1) < 1e-9
                }, "case \(index)")
        }
    }

    @Test("memory says which circuits of the catalogue remember what")
    func memory() throws {
        struct Report: Decodable {
            struct Circuit: Decodable {
                let name: String
                let spreadOverOwnSpikes: Double
                let spreadOverPastCurrents: Double
                let verdict: String
            }
            let circuits: [Circuit]
        }
        let result = try runCommand("neuron", "memory", "--draws", "20", "--json")
        #expect(result.status == 0 && result.error == "")
        let report = try decodeJSON(Report.self, result.output)
        // The verdicts follow from the algebra of the circuits, see the doc comments of the catalogue.
        let both = "remembers past inputs and its own spikes"
        #expect(
            report.circuits.map { "\($0.name): \($0.verdict)" } == [
                "exchange: \(both)", "memory-controlled: remembers its own spikes, not its inputs",
                "input-controlled: no memory: the spike depends on the current alone",
                "input-controlled-ry: \(both)", "two-way: \(both)", "partial-swap: \(both)",
            ])
        #expect(report.circuits[1].spreadOverOwnSpikes > 0.1)
        #expect(report.circuits[1].spreadOverPastCurrents < 1e-12)
        #expect(report.circuits[2].spreadOverOwnSpikes < 1e-12)
        #expect(report.circuits[2].spreadOverPastCurrents < 1e-12)
    }

    @Test("memory measures a custom gate list as it does the catalogue")
    func memoryOfGateList() throws {
        let folder = try TemporaryFolder()
        try folder.write(
            try runCommand("neuron", "circuit", "two-way", "--json").output, as: "mine.json")
        let own = try runCommand("neuron", "memory", "--draws", "5", "\(folder.path)/mine.json", "--json")
        let known = try runCommand("neuron", "memory", "--draws", "5", "two-way", "--json")
        #expect(own.status == 0 && own == known)
    }

    @Test("angles that do not fit the circuit are refused, in a trace and on the command line")
    func angleCount() throws {
        try expectRefused(
            ["neuron", "trace"], file: "trace.json", containing: trace(angles: "[0.1, 0.2]"),
            message: "trace.json: cases[0].angles: circuit 'exchange': found 2 angles, expected 5; "
                + "give one for each trainable angle of the circuit")
        let result = try runCommand("neuron", "circuit", "--angles", "1,2")
        #expect(
            result
                == CommandResult(
                    status: 2, output: "",
                    error:
                        "sqsnn neuron circuit: --angles: found '2 numbers', expected 5, one for each angle of "
                        + "'exchange'\nSee 'sqsnn neuron circuit --help'.\n"))
    }

    @Test("a gate on a qubit that is not there, or on the same qubit twice, is refused by file and gate")
    func gateQubits() throws {
        func list(_ qubits: String) -> String {
            #"{"io_qubits": 1, "memory_qubits": 1, "gates": [{"gate": "crx", "qubits": \#(qubits), "parameter": 0}]}"#
        }
        try expectRefused(
            ["neuron", "circuit"], file: "mine.json", containing: list("[0, 2]"),
            message: "mine.json: circuit 'mine', gate 0 (crx): qubit 2 does not exist; expected 0 to 1")
        try expectRefused(
            ["neuron", "memory"], file: "mine.json", containing: list("[1, 1]"),
            message:
                "mine.json: circuit 'mine', gate 0 (crx): qubit 1 is repeated; expected two different qubits"
        )
        try expectRefused(
            ["train", "--ansatz"], file: "mine.json", containing: list("[0, -1]"),
            message: "mine.json: circuit 'mine', gate 0 (crx): qubit -1 does not exist; expected 0 to 1")
    }

    @Test("a run of no steps is refused")
    func noSteps() throws {
        try expectRefused(
            ["neuron", "trace"], file: "trace.json", containing: trace(currents: "[]", spikes: "[]"),
            message: "trace.json: cases[0].currents: found no steps, expected at least 1")
    }

    @Test("currents that are not numbers are refused, in a trace and on the command line")
    func notANumber() throws {
        let folder = try TemporaryFolder()
        try folder.write(trace(currents: "[[NaN], [0.8]]"), as: "trace.json")
        let result = try runCommand("neuron", "trace", "trace.json", folder: folder.path)
        #expect(result.status == 3 && result.output == "")
        #expect(result.error.hasPrefix("sqsnn neuron trace: trace.json: not valid JSON"))
        #expect(result.error.hasSuffix("note that JSON has no NaN and no infinite numbers\n"))
        try expectRefused(
            ["neuron", "trace"], file: "trace.json", containing: trace(currents: #"[["NaN"], [0.8]]"#),
            message: "trace.json: cases[0].currents[0][0]: found a string, expected a number")
        #expect(
            try runCommand("neuron", "circuit", "--openqasm", "--currents", "0.3,nan")
                == CommandResult(
                    status: 2, output: "",
                    error:
                        "sqsnn neuron circuit: --currents: found 'nan', expected steps separated by commas, "
                        + "with 1 numbers from -65536 to 65536 each separated by colons\nSee 'sqsnn neuron circuit --help'.\n"
                ))
    }

    @Test("numbers beyond what has digits for a turn are refused where they are read, in files and options")
    func extremes() throws {
        let scale =
            #"{"io_qubits": 1, "memory_qubits": 1, "gates": [{"gate": "rx", "qubits": [0], "parameter": 0, "scale": 1e300}]}"#
        let folder = try TemporaryFolder()
        try folder.write(scale, as: "scale.json")
        let circuit = try runCommand(
            "neuron", "circuit", "./scale.json", "--unitary", "--angles", "1", folder: folder.path)
        #expect(
            circuit
                == CommandResult(
                    status: 3, output: "",
                    error:
                        "sqsnn neuron circuit: ./scale.json: circuit 'scale', gate 0 (rx): found the scale 1e+300, "
                        + "expected a number from -65536 to 65536\n"))
        for (option, value) in [("--angles", "1,2,3,4,1e300"), ("--currents", "1e308")] {
            let result = try runCommand("neuron", "circuit", "--openqasm", option, value)
            #expect(result.status == 2 && result.output == "")
            #expect(result.error.contains("from -65536 to 65536"))
        }
        #expect(try runCommand("neuron", "memory", "exchange", "--levels", "0,1e308").status == 2)
        try expectRefused(
            ["neuron", "trace"], file: "trace.json", containing: trace(currents: "[[1e308], [0.8]]"),
            message:
                "trace.json: cases[0].currents[0][0]: found 1e+308, expected a number from -65536 to 65536")
    }

    @Test("a number of angles that no circuit has is refused before anything is allocated")
    func parameterCount() throws {
        for count in ["1000000000000000", "9223372036854775807"] {
            let folder = try TemporaryFolder()
            try folder.write(
                #"{"io_qubits": 1, "memory_qubits": 1, "gates": [], "parameter_count": \#(count)}"#,
                as: "circuit.json")
            for command in [
                ["neuron", "memory"], ["neuron", "circuit", "--openqasm"], ["reservoir", "capacity"],
            ] {
                let result = try runCommand(command + ["./circuit.json"], folder: folder.path)
                #expect(result.status == 3 && result.output == "")
                #expect(
                    result.error.hasSuffix(
                        "./circuit.json: circuit 'circuit': parameter_count: found \(count), expected at least 0, which its gates "
                            + "use, and at most 1000000\n"))
            }
        }
    }

    @Test("options that contradict each other or stand alone are named, with what to do")
    func contradictions() throws {
        for (options, message) in [
            (
                ["--openqasm", "--unitary", "--angles", "1,2,3,4,5"],
                "--openqasm: found '--unitary beside it', expected one of the two"
            ),
            (["--unitary"], "--unitary: found 'no --angles', expected --angles A,B,… beside it"),
            (["--currents", "1"], "--currents: found 'no --openqasm', expected --openqasm beside it"),
            (["--folding", "all"], "--folding: found 'no --fold', expected --fold S beside it"),
        ] {
            let result = try runCommand(["neuron", "circuit"] + options)
            #expect(
                result
                    == CommandResult(
                        status: 2, output: "",
                        error: "sqsnn neuron circuit: \(message)\nSee 'sqsnn neuron circuit --help'.\n"))
        }
    }

    /// RZ(−π/2) RX(π/2) RZ(π) RX(π/2) RZ(−π/2) is the identity: the neuron never fires.
    @Test("a probability that rounding takes below 0 is 0, with and without noise")
    func negativeProbability() throws {
        struct Results: Decodable {
            struct Case: Decodable { let firingProbability: [[Double]] }
            let cases: [Case]
        }
        let half = Double.pi / 2
        let gates = [("rz", -half), ("rx", half), ("rz", 2 * half), ("rx", half), ("rz", -half)]
            .map { #"{"gate": "\#($0.0)", "qubits": [0], "angle": \#($0.1)}"# }.joined(separator: ", ")
        let folder = try TemporaryFolder()
        for noise in ["", #", "noise": {"t1_us": 100}"#] {
            try folder.write(
                #"{"schema": "sqsnn.neuron-trace/1", "cases": [{"io_qubits": 1, "memory_qubits": 0, "gates": [\#(gates)], "#
                    + #""angles": [], "currents": [[0]], "spikes": [[0]]\#(noise)}]}"#, as: "trace.json")
            let result = try runCommand("neuron", "trace", "trace.json", "--json", folder: folder.path)
            #expect(try decodeJSON(Results.self, result.output).cases.map(\.firingProbability) == [[[0]]])
        }
    }

    @Test("an unknown circuit lists the known ones")
    func unknownCircuit() throws {
        #expect(
            try runCommand("neuron", "memory", "exchang")
                == CommandResult(
                    status: 2, output: "",
                    error:
                        "sqsnn neuron memory: unknown ansatz 'exchang'; expected one of exchange, memory-controlled, "
                        + "input-controlled, input-controlled-ry, two-way, partial-swap, layered-L with L layers "
                        + "(such as layered-2), or the path of a JSON gate list (did you mean 'exchange'?)\n"
                        + "See 'sqsnn neuron memory --help'.\n"
                ))
    }
}
