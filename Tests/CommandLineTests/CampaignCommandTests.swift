import Foundation
import TestSupport
import Testing

/// What becomes of a campaign whose processes are killed, meet, or find its file damaged.
@Suite("sqsnn campaign, and campaigns of several processes")
struct CampaignCommandTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private struct Summary: Decodable {
        struct Cell: Decodable { let cell: String }
        let kind: String
        let waiting: Int
        let running: [Cell]
        let done: Int
        let failed: [Cell]
    }

    private struct List: Decodable { let campaigns: [Summary] }

    private struct Report: Decodable {
        struct Row: Decodable, Equatable {
            struct Setting: Decodable, Equatable { let task: String }
            let setting: Setting
            let model: String
            let accuracies: [Double]
        }
        let rows: [Row]
    }

    private static func arguments(
        _ output: String, seeds: Int, updates: Int = 20, threads: Int = 1
    ) -> [String] {
        [
            "study", "memory", "--tasks", "delay-1", "--models", "exchange,memoryless", "--budgets", "none",
            "--sizes", "16", "--search", "0", "--seeds", "\(seeds)", "--updates", "\(updates)", "--threads",
            "\(threads)", "--output", output, "--json",
        ]
    }

    private func report(_ result: CommandResult) throws -> [Report.Row] {
        #expect(result.status == 0, "\(result.error)")
        return try decodeJSON(Report.self, String(try #require(result.output.split(separator: "\n").last)))
            .rows
    }

    private func summary(_ output: String) throws -> Summary {
        try decodeJSON(
            Summary.self, runCommand("campaign", "show", output, "--json", folder: folder.path).output)
    }

    @Test("a campaign killed at several moments goes on each time, to the results of one left alone")
    func killing() throws {
        // A network takes a fifth of a second here: longer than it takes to ask how many there are.
        let whole = try report(
            runCommand(Self.arguments("whole", seeds: 6, updates: 400), folder: folder.path))
        // Each time a few more networks are there when the process is killed: of the first, hardly the file.
        for done in 0..<4 {
            let result = try killCommand(Self.arguments("study", seeds: 6, updates: 400), whenDone: 2 * done)
            #expect(result.status == 128 + SIGKILL)
            let summary = try summary("study")
            #expect(summary.done < 12 && summary.running.isEmpty && summary.failed.isEmpty)
        }
        #expect(
            try report(runCommand(Self.arguments("study", seeds: 6, updates: 400), folder: folder.path))
                == whole)
        let finished = try summary("study")
        #expect(finished.done == 12 && finished.waiting == 0 && finished.kind == "memory-study")
        #expect(
            !folder.contents.contains {
                $0.contains("/.") || $0.contains("campaign.sqlite") && !$0.hasSuffix("e")
            })
    }

    /// Kills a study with SIGKILL as soon as its campaign has so many networks.
    private func killCommand(_ arguments: [String], whenDone count: Int) throws -> CommandResult {
        try runProgram(executable(), arguments, folder: folder.path) { process, _ in
            while process.isRunning {
                if FileManager.default.fileExists(atPath: folder.path("study/campaign.sqlite")),
                    try summary("study").done >= count
                {
                    kill(process.processIdentifier, SIGKILL)
                    return
                }
            }
        }
    }

    @Test("several processes on one campaign share its cells, and report the same results")
    func together() async throws {
        let whole = try report(runCommand(Self.arguments("whole", seeds: 8), folder: folder.path))
        let results = try await withThrowingTaskGroup(of: CommandResult.self) { group in
            for threads in [1, 2, 1] {
                group.addTask { [folder] in
                    try runCommand(Self.arguments("study", seeds: 8, threads: threads), folder: folder.path)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        for result in results { #expect(try report(result) == whole) }
        // With the seconds that each network took: had one been trained twice, they would differ.
        #expect(Set(results.map(\.output)).count == 1)
        #expect(try summary("study").done == 16)
    }

    @Test("campaigns are listed, those of runs/ by themselves")
    func list() throws {
        _ = try report(runCommand(Self.arguments("runs/a", seeds: 1), folder: folder.path))
        _ = try report(runCommand(Self.arguments("b", seeds: 2), folder: folder.path))
        let all = try runCommand("campaign", "list", folder: folder.path)
        #expect(all.output.split(separator: "\n").count == 2)
        let named = try runCommand("campaign", "list", "b", "runs/a", "--json", folder: folder.path)
        #expect(try decodeJSON(List.self, named.output).campaigns.map(\.done) == [4, 2])
        let none = try runCommand("campaign", "list", "c", folder: folder.path)
        #expect(
            none.status == 3 && none.error.hasPrefix("sqsnn campaign list: c/campaign.sqlite: not found; "))
    }

    @Test("a damaged database is exit code 3 and one line, for every command that reads it")
    func damage() throws {
        try folder.write(
            String(repeating: "\u{1B}[2J no database\n", count: 500), as: "study/campaign.sqlite")
        let message =
            "study/campaign.sqlite: file is not a database; the database is damaged: restore it from a copy, or move it "
            + "away to train again\n"
        for arguments in [
            Self.arguments("study", seeds: 1), ["campaign", "list", "study"], ["campaign", "show", "study"],
        ] {
            let result = try runCommand(arguments, folder: folder.path)
            #expect(result.status == 3 && result.output == "")
            #expect(result.error == "sqsnn \(arguments[0]) \(arguments[1]): \(message)")
        }
    }

    @Test("a study on a full disk says so, and goes on when there is space")
    func fullDisk() throws {
        let whole = try report(runCommand(Self.arguments("whole", seeds: 6), folder: folder.path))
        // Files may not grow beyond 64 KiB, which the log of the campaign's does after some networks.
        let script = "trap '' XFSZ; ulimit -f 64; exec \"$@\""
        let result = try runProgram(
            URL(filePath: "/bin/bash"),
            ["-c", script, "bash", try executable().path] + Self.arguments("study", seeds: 6),
            folder: folder.path)
        #expect(result.status == 1)
        #expect(result.error.contains("study/campaign.sqlite: cannot be written ("), "\(result.error)")
        #expect(try report(runCommand(Self.arguments("study", seeds: 6), folder: folder.path)) == whole)
    }
}
