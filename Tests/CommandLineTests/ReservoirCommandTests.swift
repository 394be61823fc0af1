import Foundation
import TestSupport
import Testing

@Suite("sqsnn reservoir")
struct ReservoirCommandTests {
    private struct Statistics: Decodable {
        let mean: Double
        let standardError: Double?
    }

    private static let short = [
        "--neurons", "6", "--seeds", "2", "--washout", "40", "--train", "400", "--test", "400",
    ]

    /// Facts 1 to 3 of the design: what each circuit can know of its past inputs.
    @Test("capacity --json tells a circuit that recalls its inputs from one that cannot")
    func capacity() throws {
        struct Answer: Decodable {
            struct Circuit: Decodable {
                let name: String
                let memoryQubits: Int
                let features: Int
                let linear: [Statistics]
                let pastTotal: Statistics
                let linearTotal: Statistics
                let threshold: Double
            }
            struct Schedule: Decodable {
                let washout: Int
                let trainingSteps: Int
                let testSteps: Int
            }
            let circuits: [Circuit]
            let schedule: Schedule
            let ridge: Double
        }
        let result = try runCommand(
            ["reservoir", "capacity", "exchange", "input-controlled", "--lags", "5", "--json"] + Self.short)
        #expect(result.status == 0 && result.error == "")
        let answer = try decodeJSON(Answer.self, result.output)
        #expect(answer.circuits.map(\.name) == ["exchange", "input-controlled"])
        #expect(answer.schedule.washout == 40 && answer.schedule.testSteps == 400 && answer.ridge == 1e-9)
        for circuit in answer.circuits {
            #expect(circuit.memoryQubits == 1 && circuit.features == 6 && circuit.linear.count == 6)
            #expect(abs(circuit.threshold - 15.14 / 400) < 1e-12)
            #expect(circuit.linear[0].mean > 0.9)
        }
        #expect(answer.circuits[0].pastTotal.mean > 0.5)
        #expect(answer.circuits[1].pastTotal.mean == 0 && answer.circuits[1].pastTotal.standardError == 0)
    }

    @Test("the same seeds give the same output on any number of threads")
    func threads() throws {
        func output(_ threads: String) throws -> CommandResult {
            try runCommand(
                ["reservoir", "capacity", "partial-swap", "--shots", "3", "--threads", threads, "--json"]
                    + Self.short)
        }
        let one = try output("1")
        #expect(try one.status == 0 && one == output("2"))
    }

    @Test("narma prints the error of reservoirs and of plain inputs, the longer memory the smaller")
    func narma() throws {
        struct Answer: Decodable {
            struct Circuit: Decodable {
                let name: String
                let error: Statistics
            }
            struct Inputs: Decodable {
                let count: Int
                let error: Statistics
            }
            let circuits: [Circuit]
            let inputs: [Inputs]
        }
        let arguments = ["reservoir", "narma", "exchange"] + Self.short
        let result = try runCommand(arguments + ["--json"])
        let answer = try decodeJSON(Answer.self, result.output)
        #expect(answer.inputs.map(\.count) == [1, 20])
        #expect(answer.inputs[1].error.mean < answer.inputs[0].error.mean)
        let text = try runCommand(arguments).output.split(separator: "\n").map(String.init)
        #expect(text.count == 5)
        #expect(text.first?.hasPrefix("reservoir ") == true)
        #expect(
            text[1].hasPrefix("exchange ")
                && text[1].contains(String(format: "%.3f", answer.circuits[0].error.mean)))
        #expect(text.last == "6 neurons, 2 seeds, exact probabilities")
    }

    @Test("a single seed has no error: no ± in the text, null in the JSON")
    func single() throws {
        for command in ["capacity", "narma"] {
            let arguments =
                [
                    "reservoir", command, "exchange", "--neurons", "3", "--seeds", "1", "--washout", "20",
                    "--train", "100",
                ]
                + ["--test", "100"]
            let text = try runCommand(arguments)
            #expect(text.status == 0 && !text.output.contains("±"), "\(text)")
            let json = try runCommand(arguments + ["--json"])
            #expect(json.status == 0 && json.output.contains(#""standard_error":null"#), "\(json)")
        }
    }

    @Test("numbers that make no sense are wrong usage")
    func usage() throws {
        for (arguments, message) in [
            (
                ["--washout", "10", "--neurons", "1", "--seeds", "1"],
                "washout: found 10, expected at least 20, the largest lag"
            ),
            (["--neurons", "0"], "--neurons: found '0', expected a whole number from 1 to 10000"),
            (["--shots", "none"], "--shots: found 'none', expected a whole number from 1 to 1000000"),
        ] {
            let result = try runCommand(["reservoir", "capacity", "exchange"] + arguments)
            #expect(
                result
                    == CommandResult(
                        status: 2, output: "",
                        error:
                            "sqsnn reservoir capacity: \(message)\nSee 'sqsnn reservoir capacity --help'.\n"
                    ))
        }
    }

    @Test(
        "the capacity curve is drawn in both formats",
        .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/gnuplot")))
    func figure() throws {
        let folder = try TemporaryFolder()
        let result = try runCommand(
            ["reservoir", "capacity", "exchange", "--figures", folder.path] + Self.short)
        #expect(result.status == 0)
        #expect(folder.contents == ["capacity.png", "capacity.svg"])
    }
}
