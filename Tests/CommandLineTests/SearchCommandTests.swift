import Foundation
import TestSupport
import Testing

@Suite("sqsnn search: wrong calls")
struct SearchUsageTests {
    private static func space(
        free: String = #"{"batch": [32, 64]}"#, fixed: String = #"{"hidden": 8}"#, rest: String = ""
    ) -> String {
        #"{"schema": "sqsnn.search/1", "trials": 2, "rungs": [{"epochs": 1}], "validation": 100, "fixed": "#
            + "\(fixed), \"free\": \(free)\(rest)}"
    }

    static let spaces: [(String, String)] = [
        (
            space(free: #"{"lerning-rate": [0.1]}"#),
            "free.lerning-rate: unknown option '--lerning-rate'; did you mean '--learning-rate'?"
        ),
        (
            space(fixed: #"{"hidden": 8, "modle": "lif"}"#),
            "fixed.modle: unknown option '--modle'; did you mean '--model'?"
        ),
        (
            space(free: #"{"batch": {"low": 8, "high": 1000000, "whole": true}}"#),
            "free.batch: --batch: found '1000000', expected a whole number from 1 to 65536"
        ),
        (
            space(
                rest:
                    #", "models": [{"name": "lif", "fixed": {"model": "lif"}, "free": {"angle-mean": [0, 1]}}]"#
            ),
            "models[0].free.angle-mean: --angle-mean beside model lif, which has no angles"
        ),
        (
            space(fixed: #"{"dataset": "nist"}"#),
            "fixed.dataset: \(unknownDataset("nist")) (did you mean 'mnist'?)"
        ),
        (space(free: #"{"batch": []}"#), "free.batch: found an empty list, expected at least one value"),
    ]

    @Test(
        "a space that cannot be is exit code 3 and one line with the place, before anything is made",
        arguments: spaces)
    func wrongSpace(text: String, message: String) throws {
        let folder = try TemporaryFolder()
        try folder.write(text, as: "space.json")
        #expect(
            try runCommand("search", "space.json", "--output", "search", folder: folder.path)
                == CommandResult(
                    status: 3, output: "", error: "sqsnn search: space.json: \(message)\n"))
        #expect(folder.contents == ["space.json"])
    }

    @Test("a call without folder is wrong usage")
    func noFolder() throws {
        let folder = try TemporaryFolder()
        try folder.write(Self.space(), as: "space.json")
        #expect(
            try runCommand("search", "space.json", folder: folder.path)
                == CommandResult(
                    status: 2, output: "",
                    error: "sqsnn search: --output: found 'none', expected the folder of the search\n"
                        + "See 'sqsnn search --help'.\n"))
    }
}

@Suite(
    "sqsnn search on Fashion-MNIST", .enabled(if: isFashionMNISTInstalled, "Fashion-MNIST is not installed"))
struct SearchCommandTests {
    private struct Report: Decodable, Equatable {
        struct Score: Decodable, Equatable { let accuracies: [Double] }
        struct Trial: Decodable, Equatable {
            let trial: Int
            let options: [String: String]
            let rungs: [Score]
        }
        struct Best: Decodable, Equatable {
            let trial: Int
            let accuracy: Double
            let command: String
            let recipe: String
        }
        struct Subject: Decodable, Equatable {
            let name: String
            let best: Best?
            let trials: [Trial]
        }
        let subjects: [Subject]
    }

    private let folder: TemporaryFolder

    /// Two models, six trials each, of which two go on.
    init() throws {
        folder = try TemporaryFolder()
        try folder.write(
            """
            {"schema": "sqsnn.search/1", "trials": 6, "validation": 500,
             "rungs": [{"epochs": 1, "limit": 200, "keep": 0.34}, {"epochs": 2, "limit": 400}],
             "fixed": {"hidden": 12, "steps": 2},
             "free": {"learning-rate": {"low": 1e-3, "high": 1e-1, "scale": "log"}, "batch": [16, 32]},
             "models": [{"name": "sqs", "free": {"angle-deviation": {"low": 0.1, "high": 1}}},
                        {"name": "lif", "fixed": {"model": "lif"}, "free": {"threshold": [0.5, 1]}}]}
            """, as: "space.json")
    }

    private func arguments(_ output: String, parallel: Int = 2) -> [String] {
        ["search", "space.json", "--output", output, "--parallel", "\(parallel)", "--json"]
    }

    private func report(_ result: CommandResult) throws -> Report {
        #expect(result.status == 0, "\(result.error)")
        // Standard output has the JSON alone.
        #expect(result.output.split(separator: "\n").count == 1)
        return try decodeJSON(Report.self, result.output)
    }

    @Test("the best options are told as a command that trains what the search has measured")
    func bestCommand() throws {
        let result = try runCommand(arguments("search"), folder: folder.path)
        let found = try report(result)
        let budget =
            "6 × 1 epoch of 200 images, 2 × 2 epochs of 400 images: 10 epochs for each of 2 models, 20 in "
            + "all, 500 images held out\n"
        #expect(result.error.hasPrefix(budget), "\(result.error)")
        #expect(found.subjects.map(\.name) == ["sqs", "lif"])
        for subject in found.subjects {
            let best = try #require(subject.best)
            #expect(
                result.error.contains("best: \(best.command)\nrecipe: search/\(subject.name).recipe.json\n"))
            let words = best.command.split(separator: " ").map(String.init)
            #expect(best.command.hasPrefix("sqsnn train --") && best.command.contains(" --validation 500"))
            let trained = try runCommand(
                Array(words.dropFirst()) + ["--output", "best-\(subject.name)"], folder: folder.path)
            #expect(trained.status == 0, "\(trained.error)")
            let metrics = try String(
                contentsOfFile: folder.path("best-\(subject.name)/metrics.jsonl"), encoding: .utf8)
            let last = try #require(metrics.split(separator: "\n").last)
            #expect(last.contains("\"validation_accuracy\":\(best.accuracy)"), "\(last)")
            #expect(
                try runCommand("recipe", "show", "search/\(best.recipe)", folder: folder.path).output
                    .contains(
                        "\"name\" : \"\(subject.name) of a search\""))
        }
        #expect(try report(runCommand(arguments("search"), folder: folder.path)) == found)
    }

    @Test("a search that is killed, or stopped by Ctrl-C, goes on to the results of one left alone")
    func killing() throws {
        let whole = try report(runCommand(arguments("whole"), folder: folder.path))
        let killed = try stopCommand(
            arguments("search", parallel: 1), signal: SIGKILL, afterFile: "search/campaign.sqlite",
            folder: folder.path)
        #expect(killed.status == 128 + SIGKILL)
        let stopped = try stopCommand(
            Array(arguments("search", parallel: 1).dropLast()), signal: SIGINT, afterOutput: "held out",
            folder: folder.path)
        #expect(stopped.status == 130, "\(stopped)")
        #expect(stopped.output.hasSuffix(" % of the training; the same command goes on.\n"), "\(stopped)")
        #expect(try report(runCommand(arguments("search"), folder: folder.path)) == whole)
        let summary = try runCommand("campaign", "show", "search", folder: folder.path).output
        #expect(summary.hasPrefix("search: search, 16 done in "), "\(summary)")
    }

    @Test("the folder of another search is refused")
    func otherSearch() throws {
        _ = try report(runCommand(arguments("search"), folder: folder.path))
        let text = try String(contentsOfFile: folder.path("space.json"), encoding: .utf8)
        try folder.write(text.replacing("\"hidden\": 12", with: "\"hidden\": 13"), as: "space.json")
        let lines = try runCommand(arguments("search"), folder: folder.path).error
        #expect(
            lines.hasSuffix(
                "sqsnn search: search: found another search (fixed.hidden is 12, not 13); choose another --output\n"
                    + "See 'sqsnn search --help'.\n"), "\(lines)")
    }
}
