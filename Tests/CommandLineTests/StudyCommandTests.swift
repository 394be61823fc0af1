import Foundation
import TestSupport
import Testing

@Suite("sqsnn study memory")
struct StudyCommandTests {
    /// What `study memory --json` prints, as far as scripts rely on it.
    private struct Report: Decodable {
        struct Row: Decodable {
            struct Interval: Decodable {
                let mean: Double
                let low: Double
                let high: Double
                let count: Int
            }
            struct Setting: Decodable {
                let task: String
                let size: Int
                let spikeBudget: Double?
            }
            let setting: Setting
            let model: String
            let neurons: Int
            let parameters: Int
            let accuracy: Interval
            let accuracies: [Double]
            let spikesPerTrial: Interval
            let verdict: String?
        }
        let rows: [Row]
    }

    /// Networks of few neurons that hardly learn, in a moment.
    private static func arguments(seeds: Int = 2, updates: Int = 3) -> [String] {
        [
            "study", "memory", "--tasks", "delay-1,recall-1", "--models", "exchange,memoryless", "--budgets",
            "none,1", "--seeds", "\(seeds)", "--updates", "\(updates)", "--sizes", "2", "--search", "0",
            "--output",
            "study", "--json",
        ]
    }

    @Test("a study leaves its campaign and figure in its folder, and the same command again only reads them")
    func resuming() throws {
        let folder = try TemporaryFolder()
        let first = try runCommand(Self.arguments(), folder: folder.path)
        #expect(first.status == 0, "\(first.error)")
        let report = try decodeJSON(
            Report.self, String(try #require(first.output.split(separator: "\n").last)))
        #expect(report.rows.count == 8)
        for row in report.rows {
            #expect(row.accuracy.count == 2 && row.accuracies.count == 2)
            #expect((row.accuracy.low...row.accuracy.high).contains(row.accuracy.mean))
            #expect((row.verdict == nil) == (row.model == "memoryless"))
            // Two neurons of two inputs, five angles and one weight of the readout each, and its bias.
            #expect(row.neurons == 2 && row.parameters == 17)
        }
        #expect(Set(report.rows.map(\.setting.spikeBudget)) == [nil, 1])
        #expect(
            folder.contents == ["study", "study/campaign.sqlite"]
                + (isGnuplotInstalled ? ["study/memory.png", "study/memory.svg"] : []))

        let second = try runCommand(Self.arguments(), folder: folder.path)
        #expect(second.output == first.output)
        let third = try runCommand(Self.arguments(seeds: 3), folder: folder.path)
        let longer = try decodeJSON(
            Report.self, String(try #require(third.output.split(separator: "\n").last)))
        #expect(longer.rows.allSatisfy { $0.accuracies.count == 3 })
        #expect(zip(longer.rows, report.rows).allSatisfy { Array($0.accuracies.prefix(2)) == $1.accuracies })
    }

    @Test("a list that names a value twice is refused, and so is a folder without a name")
    func refused() throws {
        let folder = try TemporaryFolder()
        for (option, value, expected) in [
            ("--models", "exchange,exchange", "every value once, and exchange is there twice"),
            ("--tasks", "delay-1,order,delay-01", "every value once, and delay-01 is there twice"),
            ("--budgets", "none,0.25,0.250", "every value once, and 0.250 is there twice"),
            ("--output", "", "a folder"),
        ] {
            #expect(
                try runCommand("study", "memory", option, value, folder: folder.path)
                    == CommandResult(
                        status: 2, output: "",
                        error: "sqsnn study memory: \(option): found '\(value)', expected \(expected)\n"
                            + "See 'sqsnn study memory --help'.\n"))
        }
        for words in [
            ["study", "noise"], ["study", "credit"], ["reproduce", "fig2a"], ["reproduce", "fig2b"],
        ] {
            #expect(try runCommand(words + ["--output", ""], folder: folder.path).status == 2)
        }
        #expect(folder.contents == [])
    }

    @Test("the folder of an earlier release's study is refused, and left as it is")
    func formerFolder() throws {
        let folder = try TemporaryFolder()
        try folder.write("", as: "study/cells/delay-1.jsonl")
        #expect(
            try runCommand(Self.arguments(), folder: folder.path)
                == CommandResult(
                    status: 2, output: "",
                    error:
                        "sqsnn study memory: study: found cells, in which an earlier release kept results, expected "
                        + "campaign.sqlite; they are not read: move them away to train again, or choose another --output\n"
                        + "See 'sqsnn study memory --help'.\n"))
        #expect(folder.contents == ["study", "study/cells", "study/cells/delay-1.jsonl"])
    }

    @Test("Ctrl-C keeps what is finished, says so, and the same command goes on")
    func interruption() throws {
        let folder = try TemporaryFolder()
        let arguments = Self.arguments(seeds: 200) + ["--threads", "1"]
        // 800 networks of some milliseconds: the signal comes long before the last one.
        let result = try stopCommand(
            arguments, signal: SIGINT, afterFile: "study/campaign.sqlite", folder: folder.path)
        #expect(result.status == 130, "\(result.error)")
        #expect(result.error.contains("\nStopped after "))
        #expect(try runCommand(Self.arguments(seeds: 1), folder: folder.path).status == 0)
    }

    static let wrongCalls: [([String], String)] = [
        (
            ["--tasks", "delay-0"],
            "no task is called 'delay-0'; known are delay-K, parity-W, parity-running, recall-K, recall-on-go-K, "
                + "order, copy-K and match-K, with K from 1 (recall, match: 0) and W from 2 to 30"
        ),
        (
            ["--models", "exchange@9"],
            "model 'exchange@9': found no number of memory qubits from 1 to 6 after '@'; expected "
                + "last-spike-feedback[-K], hidden-bit, hidden-states-K, coherent-states-K, memoryless, or a circuit, NAME or "
                + "NAME@M with M memory qubits of the catalogue or the path of a gate list, with +dephased, +dephased-DEGREES or +dephased-x where it is; and +credit behind any "
                + "of them"
        ),
        (
            ["--budgets", "none,0"],
            "--budgets: found '0', expected 'none' or numbers above 0, with commas between"
        ),
    ]

    @Test("a value that cannot be is exit code 2, one line and a pointer to the help", arguments: wrongCalls)
    func wrongCall(arguments: [String], message: String) throws {
        let folder = try TemporaryFolder()
        #expect(
            try runCommand(["study", "memory"] + arguments, folder: folder.path)
                == CommandResult(
                    status: 2, output: "",
                    error: "sqsnn study memory: \(message)\nSee 'sqsnn study memory --help'.\n"))
        #expect(folder.contents == [])
    }
}
