import Files
import Foundation
import Ranks
import TestSupport
import Testing

/// Trainings by `mpirun`, with two threads' worth of processor however many ranks there are.
@Suite(
    "Ranks",
    .enabled(
        if: MPIRanks.libraryVersion != nil
            && SystemProgram(named: "mpirun", searchPath: ProcessInfo.processInfo.environment["PATH"] ?? "")
                != nil,
        "the tests were built without the trait MPI, or there is no mpirun"), .serialized)
struct RankTests {
    private static func training(
        _ output: String, _ model: [String] = ["--hidden", "24"], epochs: Int = 2
    ) -> [String] {
        [
            "train", "--limit", "400", "--epochs", "\(epochs)", "--batch", "64", "--gradient-shards", "12",
            "--output", output, "--json",
        ] + model
    }

    private func launch(
        _ count: Int, _ arguments: [String], folder: TemporaryFolder,
        meanwhile: (Process, URL) throws -> Void = { _, _ in }
    ) throws -> CommandResult {
        try launch(["-np", "\(count)", executable().path] + arguments, folder: folder, meanwhile: meanwhile)
    }

    private func launch(
        _ words: [String], folder: TemporaryFolder, meanwhile: (Process, URL) throws -> Void = { _, _ in }
    ) throws -> CommandResult {
        try runProgram(
            URL(filePath: "/usr/bin/env"), ["mpirun", "--oversubscribe", "--bind-to", "none"] + words,
            environment: [
                "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
                // Ranks that wait leave the processor to others.
                "OMPI_MCA_mpi_yield_when_idle": "1",
            ], folder: folder.path, meanwhile: meanwhile)
    }

    private struct Summary: Decodable, Equatable {
        struct Accuracy: Decodable, Equatable { let values: [Double] }
        let weightsDigest: String
        let testAccuracy: Accuracy

        init(_ result: CommandResult) throws {
            let line = try #require(
                result.output.split(separator: "\n").last { $0.hasPrefix("{") }, "\(result)")
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            self = try decoder.decode(Self.self, from: Data(line.utf8))
        }
    }

    /// Without the seconds, which differ.
    private func metrics(_ folder: TemporaryFolder, _ run: String) throws -> String {
        try String(contentsOfFile: "\(folder.path)/\(run)/metrics.jsonl", encoding: .utf8)
            .replacing(/"seconds":[^,}]*/, with: "")
    }

    private static let graph = """
        {"schema": "sqsnn.network-graph/1", "input": {"name": "in", "neurons": 784},
         "populations": [{"name": "a", "neurons": 20, "ansatz": "exchange"},
                         {"name": "out", "neurons": 100, "ansatz": "exchange"}],
         "projections": [{"from": "in", "to": "a"}, {"from": "a", "to": "a", "delay": 1}, {"from": "a", "to": "out"}],
         "outputs": ["out"]}
        """

    @Test(
        "weights and metrics are those of one process for every number of ranks",
        arguments: [
            ["--hidden", "24"], ["--graph", "recurrent.json"],
            ["--hidden", "24", "--model", "lif", "--precision", "fixed16"],
        ])
    func sameWeights(_ model: [String]) throws {
        let folder = try TemporaryFolder()
        try Data(Self.graph.utf8).write(to: URL(filePath: "\(folder.path)/recurrent.json"))
        let alone = try runCommand(Self.training("alone", model), folder: folder.path)
        let expected = try Summary(alone)
        for count in model.count == 2 && model[0] == "--hidden" ? [1, 2, 3, 4] : [3] {
            let ranks = try launch(count, Self.training("r\(count)", model), folder: folder)
            #expect(ranks.status == 0, "\(ranks)")
            #expect(try Summary(ranks) == expected, "\(count) ranks")
            #expect(try metrics(folder, "r\(count)") == metrics(folder, "alone"))
        }
    }

    @Test(
        "a rank that is killed ends the job; it is named, and the run goes on to the same weights on other ranks"
    )
    func killed() throws {
        let folder = try TemporaryFolder()
        let expected = try Summary(runCommand(Self.training("whole", epochs: 6), folder: folder.path))
        var begun = Date()
        let result = try launch(3, Self.training("run", epochs: 6), folder: folder) { process, _ in
            // In the second epoch.
            let metrics = "\(folder.path)/run/metrics.jsonl"
            while process.isRunning, (try? String(contentsOfFile: metrics, encoding: .utf8))?.isEmpty ?? true
            {
                Thread.sleep(forTimeInterval: 0.001)
            }
            begun = Date()
            // Children of mpirun, of which the last has begun last.
            let children = try runProgram(
                URL(filePath: "/usr/bin/env"), ["pgrep", "-P", "\(process.processIdentifier)", "sqsnn"])
            let last = try #require(children.output.split(separator: "\n").compactMap { Int32($0) }.max())
            kill(last, SIGKILL)
        }
        #expect(Date().timeIntervalSince(begun) < 10)
        #expect(result.status != 0 && (result.output + result.error).contains("rank"), "\(result)")
        let resumed = try launch(
            2, ["train", "--output", "run", "--resume", "--json"], folder: folder)
        #expect(try Summary(resumed) == expected, "\(resumed)")
    }

    @Test("ranks that differ are refused before anything is made")
    func differing() throws {
        let folder = try TemporaryFolder()
        let tool = try executable().path
        func part(_ count: Int, seed: Int) -> [String] {
            ["-np", "\(count)", tool] + Self.training("run", ["--seed", "\(seed)"])
        }
        let result = try launch(part(2, seed: 7) + [":"] + part(1, seed: 8), folder: folder)
        #expect(result.status != 0)
        #expect(result.error.contains("rank 2: found other arguments"), "\(result)")
        let model = try launch(2, Self.training("run", ["--model", "qnn"]), folder: folder)
        #expect(model.status != 0 && model.error.contains("found a model without spikes"), "\(model)")
        #expect(folder.contents.isEmpty)
    }
}
