import Foundation
import TestSupport
import Testing

@Suite("sqsnn compare: wrong calls")
struct CompareUsageTests {
    private static let models = "sqs, last-spike-feedback, memoryless, lif, qlif, hidden-bit, hidden-states"

    static let wrongCalls: [([String], String)] = [
        ([], "found neither FILE nor --models, expected one of them"),
        (
            ["--models", "sqs,lef"],
            "entry 'lef': --model: found 'lef', expected one of \(models) (did you mean 'lif'?)"
        ),
        (
            ["--models", "sqs,sqs"],
            "--models: found 'sqs,sqs', expected every value once, and sqs is there twice"
        ),
        (
            ["--models", "sqs,lif", "--ansatz", "exchange"],
            "entry 'lif': --ansatz beside model lif, which has no circuit"
        ),
        (
            ["--models", "sqs", "--lerning-rate", "1"],
            "unknown option '--lerning-rate'; did you mean '--learning-rate'?"
        ),
        (
            ["--models", "sqs", "--datasets", "fashon-mnist"],
            "\(unknownDataset("fashon-mnist")) (did you mean 'fashion-mnist'?)"
        ),
        (
            ["--models", "sqs,lif", "--match", "sq"],
            "entry 'sqs': match: found 'sq', expected another entry of its group on fashion-mnist"
        ),
        (["--models", "sqs", "--seeds", "0"], "--seeds: found '0', expected a whole number from 1 to 1000"),
        (["--models", "sqs", "--seed", "3"], "unknown option '--seed'; did you mean '--seeds'?"),
        (["--models", "sqs", "--output", ""], "--output: found '', expected a folder"),
    ]

    @Test("a value that cannot be is exit code 2, one line and a pointer to the help", arguments: wrongCalls)
    func wrongCall(arguments: [String], message: String) throws {
        let folder = try TemporaryFolder()
        #expect(
            try runCommand(["compare"] + arguments, folder: folder.path)
                == CommandResult(
                    status: 2, output: "", error: "sqsnn compare: \(message)\nSee 'sqsnn compare --help'.\n"))
        #expect(folder.contents == [])
    }

    static let wrongFiles: [(String, String)] = [
        (
            #"[{"name": "a", "options": {"hiden": "3"}}]"#,
            "file.json: entry 'a': unknown option '--hiden'; did you mean '--hidden'?"
        ),
        (
            #"[{"name": "a", "options": {"model": "lef"}}]"#,
            "file.json: entry 'a': --model: found 'lef', expected one of \(models) (did you mean 'lif'?)"
        ),
        (
            #"[{"name": "a", "options": {}}, {"name": "a", "options": {"model": "lif"}}]"#,
            "file.json: entry 'a': is there twice on fashion-mnist; name every entry once"
        ),
        (#"[{"name": "a"}]"#, "file.json: entries[0].options: the field is missing"),
        (
            #"[{"name": "a", "options": {}, "grup": "b"}]"#,
            "file.json: entries[0].grup: there is no such field here; expected one of datasets, group, match, name, options, "
                + "source (did you mean 'group'?)"
        ),
        (
            #"[{"name": "a", "options": {}, "datasets": ["mnst"]}]"#,
            "file.json: \(unknownDataset("mnst")) (did you mean 'mnist'?)"
        ),
    ]

    @Test("a file that describes no comparison is bad input, and its entry is named", arguments: wrongFiles)
    func wrongFile(entries: String, message: String) throws {
        let folder = try TemporaryFolder()
        try folder.write(
            #"{"schema": "sqsnn.comparison-file/1", "entries": \#(entries)}"#, as: "file.json")
        #expect(
            try runCommand("compare", "file.json", folder: folder.path)
                == CommandResult(status: 3, output: "", error: "sqsnn compare: \(message)\n"))
        #expect(folder.contents == ["file.json"])
    }

    @Test("options that are typed are no fault of the file")
    func typedOptions() throws {
        let folder = try TemporaryFolder()
        try folder.write(
            #"{"schema": "sqsnn.comparison-file/1", "entries": [{"name": "a", "options": {}}]}"#,
            as: "file.json")
        #expect(
            try runCommand("compare", "file.json", "--epochs", "0", folder: folder.path)
                == CommandResult(
                    status: 2, output: "",
                    error:
                        "sqsnn compare: entry 'a': --epochs: found '0', expected a whole number from 1 to 30000\n"
                        + "See 'sqsnn compare --help'.\n"))
        #expect(try runCommand("compare", "file.json", "--models", "sqs", folder: folder.path).status == 2)
    }

    @Test("the figures say the same inputs whatever the machine, and what to do where data are not here")
    func dataMissing() throws {
        let folder = try TemporaryFolder()
        var inputs: [String] = []
        for figure in ["fig2c", "figS2"] {
            let result = try runCommand(
                "reproduce", figure, "--datasets", "usps",
                environment: ["SQSNN_DATA": "/nowhere", "HOME": "/nowhere"],
                folder: folder.path)
            let lines = result.output.split(separator: "\n").map(String.init)
            #expect(lines.first?.hasPrefix("\(figure): usps, seeds 1 to 10, 80 runs → runs/fig2c") == true)
            inputs.append(lines.last ?? "")
            #expect(result.status == 3)
            #expect(result.error.hasPrefix("sqsnn reproduce \(figure): usps was not found in "))
            #expect(result.error.hasSuffix(", or choose other data sets with --datasets\n"))
        }
        #expect(inputs[0].hasPrefix("Inputs: ") && inputs[0] == inputs[1])
        #expect(folder.contents == [])
    }

    @Test("recipes that there are not are refused")
    func recipes() throws {
        #expect(
            try runCommand("reproduce", "fig2c", "--recipes", "paper,bets")
                == CommandResult(
                    status: 2, output: "",
                    error:
                        "sqsnn reproduce fig2c: --recipes: found 'bets', expected paper or best, or both with a comma "
                        + "between\nSee 'sqsnn reproduce fig2c --help'.\n"))
    }
}

@Suite("sqsnn compare", .enabled(if: isFashionMNISTInstalled, "Fashion-MNIST is not installed"))
struct CompareCommandTests {
    /// Networks of few neurons that hardly learn, in a moment.
    private static func arguments(seeds: Int = 2) -> [String] {
        [
            "compare", "--models", "sqs,lif", "--datasets", "fashion-mnist", "--seeds", "\(seeds)",
            "--hidden", "8",
            "--neurons-per-class", "1", "--epochs", "1", "--limit", "256", "--repetitions", "1", "--match",
            "sqs",
            "--output", "out", "--parallel", "1", "--json",
        ]
    }

    /// What `--json` prints, as far as scripts rely on it.
    private struct Report: Decodable {
        struct Row: Decodable {
            struct Spread: Decodable { let values: [Double] }
            let model: String
            let parameters: Int
            let accuracy: Spread
            let shots: Int
        }
        struct Difference: Decodable {
            let first: String; let second: String; let p: Double; let correctedP: Double
        }
        let rows: [Row]
        let differences: [Difference]
    }

    @Test("a comparison leaves campaign, numbers and figures in its folder, and goes on with more seeds")
    func comparison() throws {
        let folder = try TemporaryFolder()
        let first = try runCommand(Self.arguments(), folder: folder.path)
        #expect(first.status == 0, "\(first.error)")
        let report = try decodeJSON(Report.self, first.output)
        #expect(report.rows.map(\.model) == ["sqs", "lif"])
        // 784·8 + 8·10 weights, 5 angles of each of 18 neurons; LIF has 794 weights a hidden neuron.
        #expect(report.rows.map(\.parameters) == [6442, 6352] && report.rows.allSatisfy { $0.shots == 1 })
        #expect(report.differences.count == 1 && [0.5, 1].contains(report.differences[0].p))
        #expect(
            folder.names == ["out"]
                && folder.contents
                    == [
                        "out", "out/campaign.sqlite", "out/comparison-differences.csv",
                    ]
                    + (isGnuplotInstalled
                        ? ["out/comparison-spikes-per-neuron.png", "out/comparison-spikes-per-neuron.svg"]
                        : [])
                    + ["out/comparison.csv", "out/comparison.json"]
                    + (isGnuplotInstalled ? ["out/comparison.png", "out/comparison.svg"] : [])
                    + ["out/models.json"]
        )
        let second = try runCommand(Self.arguments(seeds: 3), folder: folder.path)
        let longer = try decodeJSON(Report.self, second.output)
        for (row, before) in zip(longer.rows, report.rows) {
            #expect(
                Array(row.accuracy.values.prefix(2)) == before.accuracy.values
                    && row.accuracy.values.count == 3)
        }
        let other = try runCommand(Self.arguments() + ["--steps", "3"], folder: folder.path)
        #expect(other.status == 2)
        #expect(
            other.error.contains(
                "sqsnn compare: out: found another comparison, in which 'sqs' has other settings (recipe.step_count is 5, not 3)"
            ), "\(other.error)")
    }

    @Test("Ctrl-C keeps what is finished, says so, and the same command goes on")
    func interruption() throws {
        let folder = try TemporaryFolder()
        let result = try stopCommand(
            Self.arguments(seeds: 300), signal: SIGINT, afterFile: "out/campaign.sqlite", folder: folder.path)
        #expect(result.status == 130, "\(result.error)")
        #expect(result.error.contains("Stopped. The same command goes on.\n"))
        #expect(try runCommand(Self.arguments(seeds: 1), folder: folder.path).status == 0)
    }

    @Test("figS2 is of the runs of fig2c")
    func sameRuns() throws {
        let folder = try TemporaryFolder()
        let options = [
            "--datasets", "fashion-mnist", "--seeds", "1", "--limit", "256", "--epochs", "1", "--repetitions",
            "1",
            "--recipes", "paper",
        ]
        let first = try runCommand(["reproduce", "fig2c"] + options, folder: folder.path)
        #expect(first.status == 0, "\(first.error)")
        let second = try runCommand(["reproduce", "figS2"] + options, folder: folder.path)
        #expect(second.status == 0, "\(second.error)")
        func tables(_ text: String) -> [Substring] {
            text.split(separator: "\n").filter { !$0.contains("fig2c") && !$0.contains("figS2") }
        }
        // Times included: nothing was trained twice.
        #expect(tables(first.output) == tables(second.output))
        #expect(
            folder.contents.contains("runs/fig2c/fig2c.json")
                && folder.contents.contains("runs/fig2c/figS2.csv"))
    }
}
