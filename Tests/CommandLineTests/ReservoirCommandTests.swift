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

    private struct Results: Decodable {
        struct Circuit: Decodable {
            let name: String
            let features: Int
            let error: Statistics?
            let accuracy: Statistics?
        }
        let circuits: [Circuit]
    }

    @Test("mackey-glass prints the errors of all series and of plain points, and the same as JSON")
    func mackeyGlass() throws {
        struct Answer: Decodable {
            struct Series: Decodable {
                let delay: Int
                let lyapunovTime: Int
                let errors: [Statistics]
            }
            let series: [Series]
        }
        let arguments = [
            "reservoir", "mackey-glass", "exchange", "last-spike-feedback", "--neurons", "4", "--seeds", "1",
            "--ridge", "1e-6",
        ]
        let json = try runCommand(arguments + ["--json"])
        let (answer, results) = (
            try decodeJSON(Answer.self, json.output), try decodeJSON(Results.self, json.output)
        )
        #expect(answer.series.map(\.delay) == Array(17...30) && answer.series[2].lyapunovTime == 315)
        for (index, circuit) in results.circuits.enumerated() {
            let errors = answer.series.map { $0.errors[index].mean }
            #expect(errors.allSatisfy { (0...200).contains($0) })
            #expect(abs((circuit.error?.mean ?? 0) - errors.reduce(0, +) / 14) < 1e-9)
        }
        let text = try runCommand(arguments + ["--threads", "3"]).output.split(separator: "\n").map(
            String.init)
        #expect(text.count == 6)
        #expect(text[0].split(separator: " ").prefix(4) == ["reservoir", "sMAPE", "17", "18"])
        #expect(text[1].contains(String(format: " %.2f ", results.circuits[0].error?.mean ?? -1)))
        #expect(text[3].hasPrefix("present point alone ") && text[4].hasPrefix("last 45 points "))
    }

    @Test("a search says what decides it before, and what it chose after; the same seeds choose the same")
    func search() throws {
        let arguments = ["reservoir", "narma", "exchange", "memoryless", "--trials", "3"] + Self.short
        let result = try runCommand(arguments)
        let lines = result.output.split(separator: "\n").map(String.init)
        #expect(lines.count == 10, "\(result)")
        #expect(lines[0].wholeMatch(of: /Inputs: [0-9a-f]{64}/) != nil)
        #expect(lines[7] == "best of 3 on other seeds and held-out data:")
        #expect(
            lines[8].wholeMatch(of: #/  exchange: spread [0-9.]+, range [0-9.]+, ridge [-0-9.e]+/#) != nil)
        #expect(lines[9].hasPrefix("  memoryless: spread "))
        #expect(try runCommand(arguments + ["--threads", "2"]) == result)
        // More trials are another search, and a better or the same choice on what it is judged by.
        let more = try runCommand(
            ["reservoir", "narma", "exchange", "memoryless", "--trials", "4"] + Self.short)
        #expect(more.output.split(separator: "\n").first.map(String.init) != lines[0])
    }

    @Test(
        "classify tells the speakers of Japanese vowels",
        .enabled(if: areVowelsHere, "the Japanese vowels are not installed"))
    func classify() throws {
        let arguments = [
            "reservoir", "classify", "exchange", "--neurons", "20", "--seeds", "1", "--ridge", "1e-4",
        ]
        let result = try runCommand(arguments + ["--json"])
        let circuit = try decodeJSON(Results.self, result.output).circuits[0]
        #expect(circuit.features == 20)
        // A ninth by chance.
        #expect(circuit.accuracy?.mean ?? 0 > 0.8)
        let text = try runCommand(arguments + ["--segments", "2"]).output.split(separator: "\n").map(
            String.init)
        #expect(text.count == 4)
        #expect(text[1].split(separator: " ").prefix(2) == ["exchange", "40"])
        #expect(text[2].split(separator: " ").prefix(3) == ["inputs", "alone", "24"])
        #expect(
            text[3] == "20 neurons, 1 seed, exact probabilities; 270 series to learn from, 370 to judge by")
    }

    private static var areVowelsHere: Bool {
        let listing = try? decodeJSON(
            DatasetListing.self, runCommand("data", "list", "--json").output)
        return listing?.datasets.contains { $0.name == "japanese-vowels" && $0.folder != nil } ?? false
    }

    @Test("series are what the measures are of: NARMA-10's targets follow from its inputs")
    func series() throws {
        struct Answer: Decodable {
            struct Series: Decodable {
                let seed: Int
                let inputs: [Double]
                let targets: [Double]
            }
            let series: [Series]
        }
        let result = try runCommand(
            [
                "reservoir", "series", "narma", "--seeds", "2", "--washout", "0", "--train", "20", "--test",
                "20",
            ])
        let answer = try decodeJSON(Answer.self, result.output)
        #expect(answer.series.map(\.seed) == [1, 2])
        for series in answer.series {
            #expect(series.inputs.count == 40 && series.targets.count == 40)
            // From rest: y = 0.1, then 0.3 y + 0.05 y² + 0.1; products of inputs come after nine steps.
            #expect(abs(series.targets[0] - 0.1) < 1e-15 && abs(series.targets[1] - 0.1305) < 1e-15)
            let window = series.targets[0..<10].reduce(0, +)
            let expected =
                0.3 * series.targets[9] + 0.05 * series.targets[9] * window
                + 1.5 * series.inputs[1] * series.inputs[10] + 0.1
            #expect(abs(series.targets[10] - expected) < 1e-12)
        }
    }

    @Test("what cannot be is refused in one line")
    func refusals() throws {
        for (command, arguments, message) in [
            (
                "series", ["delay"],
                "TASK: found 'delay', expected one of capacity, narma, mackey-glass, classify"
            ),
            (
                "classify", ["--dataset", "mnist"],
                "mnist: holds no series, expected a data set of them, such as japanese-vowels"
            ),
            ("mackey-glass", ["--seeds", "31"], "--seeds: found '31', expected a whole number from 1 to 30"),
            ("narma", ["--range", "2"], "--range: found '2', expected a number from 0 to 1"),
        ] {
            let result = try runCommand(["reservoir", command] + arguments)
            #expect(
                result.status == 2 && result.output == ""
                    && result.error
                        == "sqsnn reservoir \(command): \(message)\nSee 'sqsnn reservoir \(command) --help'.\n",
                "\(result)")
        }
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
