import Foundation
import LocalLearning
import Learning
import Runs
import TestSupport
import Testing

/// The local rule as a user calls it.
@Suite("sqsnn train --learning local, estimate, reproduce")
struct LocalCommandTests {
    static let wrongCalls: [([String], String)] = [
        (
            ["train", "--shots", "5"],
            "--shots without --learning local, whose option it is"
        ),
        (
            ["train", "--learning", "local", "--estimator", "exact", "--mitigation", "zne"],
            "the local rule: mitigation is zne-linear with the exact estimator, which makes no shots"
        ),
        (
            ["train", "--learning", "local", "--estimator", "exact", "--shots", "7"],
            "--shots with the exact estimator, which makes no shots"
        ),
        (
            ["train", "--learning", "local", "--passes", "0"],
            "--passes: found '0', expected a whole number from 1 to 1000"
        ),
        (
            ["train", "--learning", "local", "--shift", "four"],
            "--shift: found 'four', expected one of two-term, exact"
        ),
        (
            ["train", "--device", "eagle", "--noise", "eagle"],
            "--device beside --noise, which says the same"
        ),
        (["estimate"], "--learning: found 'surrogate', expected local, the rule that makes shots"),
        (["study", "credit", "--delay", "2"], "--delay: found '2', expected a whole number from 0 to 1"),
        (
            ["reproduce", "fig2a", "--seeds", "1"],
            "--seeds: found '1', expected a whole number from 2 to 1000"
        ),
        (
            ["reproduce", "fig2a", "--pairs", "1:1,5:5,1:1"],
            "--pairs: found '1:1,5:5,1:1', expected different pairs M:M_SYN with commas between, such as 1:1,5:5"
        ),
        (
            ["reproduce", "fig2b", "--pairs", "1:0"],
            "--pairs: found '1:0', expected different pairs M:M_SYN with commas between, such as 1:1,5:5"
        ),
        (
            ["reproduce", "fig2a", "--estimator", "exact"],
            "--estimator: found 'exact', expected conditional, postselected or memoryless, which make shots; fig2b has the "
                + "ideal rule beside them"
        ),
        (
            ["reproduce", "fig2b", "--mitigation", "none"],
            "--mitigation: found 'none', expected zne-linear or zne-richardson; fig2a is without"
        ),
        (
            ["reproduce", "fig2a", "--backend", "ideal", "--noise-scale", "2"],
            "--noise-scale with --backend, which has its own noise; leave one out"
        ),
        (
            ["reproduce", "fig2b", "--backend", "ideal", "--estimator", "conditional"],
            "--estimator conditional with --backend: no backend holds a memory in a given state; expected postselected or memoryless"
        ),
        (
            ["reproduce", "fig2b", "--batch", "0"],
            "--batch: found '0', expected a whole number from 1 to 500"
        ),
    ]

    @Test("a value that cannot be is exit code 2, one line and a pointer to the help", arguments: wrongCalls)
    func wrongCall(arguments: [String], message: String) throws {
        let folder = try TemporaryFolder()
        let count = ["study", "reproduce"].contains(arguments[0]) ? 2 : 1
        let command = "sqsnn " + arguments.prefix(count).joined(separator: " ")
        #expect(
            try runCommand(arguments, folder: folder.path)
                == CommandResult(
                    status: 2, output: "", error: "\(command): \(message)\nSee '\(command) --help'.\n"))
        #expect(folder.contents == [])
    }

    @Test(
        "a figure on a backend that was killed finds in its journals what was counted, and ends with the same numbers",
        .enabled(if: installedDatasets.contains("usps-1v7"), "usps is not here"))
    func killedOnBackend() throws {
        let folder = try TemporaryFolder()
        let call = [
            "reproduce", "fig2a", "--backend", "noisy:eagle", "--pairs", "1:1", "--seeds", "2",
            "--iterations",
            "4", "--threads", "1", "--output",
        ]
        #expect(try runCommand(call + ["whole"], folder: folder.path).status == 0)
        _ = try stopCommand(call + ["part"], signal: SIGKILL, afterFile: "part/jobs", folder: folder.path)
        #expect(try runCommand(call + ["part"], folder: folder.path).status == 0)
        let numbers = try ["whole", "part"].map {
            try String(contentsOfFile: folder.path("\($0)/fig2a.csv"), encoding: .utf8)
        }
        #expect(numbers[0] == numbers[1] && !numbers[0].isEmpty)
        let unknown = try runCommand(
            "reproduce", "fig2a", "--backend", "nowhere", "--output", "none", folder: folder.path)
        #expect(unknown.error.contains("unknown backend 'nowhere'; expected ideal, "), "\(unknown.error)")
    }

    private struct Summary: Decodable {
        var learning: String
        var ledger: ShotLedger?
        var weightsDigest: String
    }

    private static let small = [
        "--learning", "local", "--limit", "24", "--batch", "10", "--steps", "3", "--epochs", "2",
        "--passes", "2", "--synapse-perturbations", "2", "--shots", "3",
    ]

    /// 400 layers of 65536 neurons: 7 TB of weights.
    private static let large = (0..<400).map { _ in "65536" }.joined(separator: ",")

    @Test(
        "an estimate is made of networks that no machine holds, and refused for shots that cannot be counted",
        .enabled(if: isFashionMNISTInstalled))
    func largeEstimates() throws {
        let large = try runCommand(
            "estimate", "--learning", "local", "--limit", "10", "--hidden", Self.large, "--epochs", "1")
        #expect(large.status == 0, "\(large.error)")
        let many = try runCommand(
            "estimate", "--learning", "local", "--passes", "1000", "--synapse-perturbations", "10000",
            "--shots", "1000000")
        #expect(
            many
                == CommandResult(
                    status: 2, output: "",
                    error:
                        "sqsnn estimate: the local rule: found a run of more than 9223372036854775807 shots, "
                        + "expected fewer; lower the shots, passes, perturbations or epochs\n"
                        + "See 'sqsnn estimate --help'.\n"))
    }

    @Test(
        "a training that the machine has not the memory for is refused in one line, and leaves nothing",
        .enabled(if: isFashionMNISTInstalled), arguments: [[], ["--learning", "local"]])
    func noMemory(learning: [String]) throws {
        let folder = try TemporaryFolder()
        let result = try runCommand(
            ["train", "--limit", "10", "--hidden", Self.large, "--output", "run"] + learning,
            folder: folder.path)
        #expect(result.status == 1 && result.output == "")
        #expect(result.error.hasPrefix("sqsnn train: training needs "))
        #expect(
            result.error.hasSuffix(
                " MB are available; take smaller hidden layers, a smaller batch, or fewer steps\n"))
        #expect(result.error.count { $0 == "\n" } == 1)
        #expect(folder.contents == [])
    }

    @Test("the ledger of a run is what the estimate said before", .enabled(if: isFashionMNISTInstalled))
    func estimate() throws {
        struct Estimate: Decodable { var run: ShotLedger }
        let folder = try TemporaryFolder()
        for (number, options) in [
            [], ["--estimator", "postselected"], ["--shift", "exact", "--hidden", "3"],
            ["--mitigation", "zne-linear"], ["--mitigation", "zne-richardson", "--estimator", "memoryless"],
        ].enumerated() {
            let predicted = try decodeJSON(
                Estimate.self,
                runCommand(["estimate"] + Self.small + options + ["--json"], folder: folder.path).output)
            let result = try runCommand(
                ["train"] + Self.small + options + ["--json", "--output", "run\(number)"],
                folder: folder.path)
            #expect(result.status == 0, "\(result.error)")
            let summary = try decodeJSON(Summary.self, lastLine(result.output))
            #expect(summary.learning == "local")
            #expect(summary.ledger == predicted.run, "\(options)")
        }
    }

    @Test(
        "a run on a backend that is stopped goes on from its journal, and pays for nothing twice",
        .enabled(if: isFashionMNISTInstalled))
    func backend() throws {
        let folder = try TemporaryFolder()
        let options =
            ["train"] + Self.small + [
                "--estimator", "postselected", "--backend", "ideal", "--json", "--output",
            ]
        let whole = try runCommand(options + ["whole"], folder: folder.path)
        #expect(whole.status == 0, "\(whole.error)")
        let stopped = try stopCommand(
            options + ["parts"], signal: SIGKILL, afterFile: "parts/jobs.journal", folder: folder.path)
        #expect(stopped.status != 0)
        let resumed = try runCommand(options + ["parts", "--resume"], folder: folder.path)
        #expect(resumed.status == 0, "\(resumed.error)")
        let (first, second) = (
            try decodeJSON(Summary.self, lastLine(whole.output)),
            try decodeJSON(Summary.self, lastLine(resumed.output))
        )
        #expect(first.weightsDigest == second.weightsDigest)
        #expect(first.ledger == second.ledger)
        let journal = try String(contentsOfFile: folder.path + "/parts/jobs.journal", encoding: .utf8)
        let answers = journal.split(separator: "\n").filter { $0.contains(#""counts":"#) }
        #expect(answers.count == 6, "one batch of probes for each of two epochs' three batches")
    }

    @Test("backends refuse what no device can do", .enabled(if: isFashionMNISTInstalled))
    func refusals() throws {
        let folder = try TemporaryFolder()
        for (options, problem) in [
            (
                ["--learning", "local"],
                "estimator is conditional, which needs a memory held in a given state; expected postselected or "
                    + "memoryless"
            ),
            ([], "surrogate gradients need a simulator; expected --learning local"),
            (
                ["--learning", "local", "--estimator", "postselected", "--shift", "exact"],
                "shift is exact with post-selected runs, whose steps share their angles; expected shift two-term, "
                    + "or estimator memoryless"
            ),
        ] {
            let result = try runCommand(
                ["train", "--backend", "ideal"] + options, folder: folder.path)
            #expect(result.status == 2)
            #expect(
                result.error
                    == "sqsnn train: backend ideal: \(problem)\nSee 'sqsnn train --help'.\n")
        }
    }

    @Test(
        "a figure of two seeds has its curves, numbers and pictures, and is not run again",
        .enabled(if: isUSPSHere, "USPS is in no folder of SQSNN_DATA"))
    func figure() throws {
        let folder = try TemporaryFolder()
        let call = [
            "reproduce", "fig2b", "--seeds", "2", "--iterations", "3", "--output", "figure", "--json",
        ]
        let result = try runCommand(call, folder: folder.path)
        #expect(result.status == 0, "\(result.error)")
        for name in ["fig2b.csv", "fig2b.json", "fig2b.svg"] {
            #expect(FileManager.default.fileExists(atPath: folder.path + "/figure/" + name))
        }
        let campaign = try runCommand("campaign", "show", "figure", folder: folder.path).output
        // Three pairs and two references, of two seeds.
        #expect(campaign.hasPrefix("figure: learning-curves, 10 done in "), "\(campaign)")
        #expect(try runCommand(call, folder: folder.path).output == result.output)
        struct Report: Decodable {
            struct Curve: Decodable {
                var name: String
                var estimator: String?
                var mitigation: String?
                var circuit: String
                var noise: String?
                var batch: Int
                var shotsPerIteration: Int
            }
            var curves: [Curve]
            var testImages: Int
        }
        let report = try decodeJSON(Report.self, lastLine(result.output))
        #expect(report.testImages == 125)
        #expect(
            report.curves.map(\.name) == [
                "1 pass, 1 perturbation", "1 pass, 2 perturbations", "5 passes, 5 perturbations",
                "ideal local rule", "surrogate gradient",
            ])
        #expect(
            report.curves.map { $0.estimator ?? "-" } == [
                "conditional", "conditional", "conditional", "exact", "-",
            ])
        #expect(report.curves.map { $0.noise ?? "-" } == ["eagle", "eagle", "eagle", "-", "-"])
        #expect(report.curves.allSatisfy { $0.circuit == "memory-controlled" && $0.batch == 1 })
        #expect(report.curves[0].mitigation == "zne-richardson")
        // One image, pass, M_syn and M_som, three scales, two neurons, ten steps, five shots: 2 circuits for the synapses,
        // 2 for each of three angles and the unshifted one.
        #expect(report.curves[0].shotsPerIteration == 3 * 2 * 10 * 5 * (2 + 6 + 1))
        // Other options are other runs beside them.
        let other = try runCommand(call + ["--batch", "2"], folder: folder.path)
        #expect(other.status == 0, "\(other.error)")
        let both = try runCommand("campaign", "show", "figure", folder: folder.path).output
        #expect(both.hasPrefix("figure: learning-curves, 20 done in "), "\(both)")
    }

    private func lastLine(_ output: String) -> String {
        String(output.split(separator: "\n").last ?? "")
    }
}

/// Whether the digits of the paper's task are here.
let isUSPSHere: Bool = {
    let listing = try? decodeJSON(DatasetListing.self, runCommand("data", "list", "--json").output)
    return listing?.datasets.contains { $0.name == "usps-1v7" && $0.folder != nil } ?? false
}()
