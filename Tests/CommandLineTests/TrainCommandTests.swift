import Foundation
import TestSupport
import Testing

/// Whether the images are here that training needs: a data set must have the contents that the catalogue names, so
/// tests cannot make one of their own.
let isFashionMNISTInstalled = installedDatasets.contains("fashion-mnist")

/// Names of the data sets that are here.
let installedDatasets: [String] = {
    let listing = try? decodeJSON(DatasetListing.self, runCommand("data", "list", "--json").output)
    return listing?.datasets.filter { $0.folder != nil }.map(\.name) ?? []
}()

/// `sqsnn train` and `sqsnn eval` as a user calls them.
@Suite("sqsnn train: wrong calls")
struct TrainUsageTests {
    static let wrongCalls: [([String], String)] = [
        (["--steps", "0"], "--steps: found '0', expected a whole number from 1 to 1000"),
        (["--epochs", "0"], "--epochs: found '0', expected a whole number from 1 to 30000"),
        (
            ["--hidden", "10,,5"],
            "--hidden: found '10,,5', expected numbers of neurons, 1 to 65536, with commas between"
        ),
        (
            ["--dataset", "nist"],
            "\(unknownDataset("nist")) (did you mean 'mnist'?)"
        ),
        (
            ["--recipe", "quick"],
            "recipe 'quick': found neither that name nor that file, expected one of standard, paper, usps, "
                + "local, local-ten, or the path of a JSON file"
        ),
        (
            ["--model", "leaky"],
            "--model: found 'leaky', expected one of sqs, last-spike-feedback, memoryless, lif, qlif, hidden-bit, hidden-states"
        ),
        (["--output", ""], "--output: found '', expected a folder"),
        (
            ["--graph", "qsnn"],
            "--graph: found 'qsnn', expected qscnn or a graph file (did you mean 'qscnn'?)"
        ),
        (["--graph", "qscnn", "--hidden", "5"], "--hidden beside --graph, whose neurons it has"),
        (["--graph", "qscnn", "--recurrent", "true"], "--recurrent beside --graph, whose neurons it has"),
        (["--recurrent", "yes"], "--recurrent: found 'yes', expected true or false"),
        (["--graph", "qscnn", "--beta", "5"], "--beta beside model sqs, which has no such setting"),
        (
            ["--seed", "18446744073709551615"],
            "--seed: found '18446744073709551615', expected a whole number from 0 to 9223372036854775807"
        ),
        (["--resume"], "--resume: found 'no --output', expected the folder of the run in --output"),
    ]

    @Test("a value that cannot be is exit code 2, one line and a pointer to the help", arguments: wrongCalls)
    func wrongCall(arguments: [String], message: String) throws {
        let folder = try TemporaryFolder()
        #expect(
            try runCommand(["train"] + arguments, folder: folder.path)
                == CommandResult(
                    status: 2, output: "", error: "sqsnn train: \(message)\nSee 'sqsnn train --help'.\n"))
        #expect(folder.contents == [])
    }

    @Test("a recipe file that is no recipe is bad input, and the field is named")
    func recipeFile() throws {
        let folder = try TemporaryFolder()
        try folder.write(#"{"name": "mine", "stepCount": "five"}"#, as: "recipe.json")
        #expect(
            try runCommand("train", "--recipe", "recipe.json", folder: folder.path)
                == CommandResult(
                    status: 3, output: "",
                    error: "sqsnn train: recipe.json: step_count: found a string, expected an integer; "
                        + "'sqsnn recipe show standard' prints one as a model\n"))
    }

    @Test("a folder without run cannot be resumed or evaluated")
    func noRun() throws {
        let folder = try TemporaryFolder()
        for (arguments, name) in [(["train", "--resume", "--output"], "train"), (["eval"], "eval")] {
            #expect(
                try runCommand(arguments + ["nothing"], folder: folder.path)
                    == CommandResult(
                        status: 3, output: "",
                        error: "sqsnn \(name): nothing/run.json: not found; "
                            + "expected the folder of a run made by 'sqsnn train'\n"))
        }
        #expect(folder.contents == [])
    }
}

@Suite(
    "sqsnn train on Fashion-MNIST", .enabled(if: isFashionMNISTInstalled, "Fashion-MNIST is not installed"))
struct TrainCommandTests {
    /// What `train --json` and `eval --json` print, as far as scripts rely on it.
    struct Summary: Decodable, Equatable {
        struct Accuracy: Decodable, Equatable {
            let mean: Double
            let standardDeviation: Double?
            let passes: Int
        }
        let testAccuracy: Accuracy
        let spikesPerStep: Double
        let epochs: Int
        let secondsPerEpoch: Double
        let peakMemoryBytes: Int
        let weightsDigest: String
        let instructionSet: String
        let output: String

        /// The last line of a command's output.
        init(_ result: CommandResult) throws {
            let line = try #require(result.output.split(separator: "\n").last)
            self = try decodeJSON(Summary.self, String(line))
        }
    }

    /// A network that learns in a moment.
    static func arguments(
        _ output: String, hidden: String = "24", epochs: Int = 2, limit: Int = 600, seed: Int = 3
    ) -> [String] {
        [
            "train", "--limit", "\(limit)", "--hidden", hidden, "--steps", "3", "--batch", "50", "--epochs",
            "\(epochs)", "--seed", "\(seed)", "--output", output,
        ]
    }

    @Test("train prints a line an epoch, leaves a whole run folder, and eval agrees with it to the last bit")
    func trainAndEvaluate() throws {
        let folder = try TemporaryFolder()
        let result = try runCommand(Self.arguments("run") + ["--json"], folder: folder.path)
        #expect(result.status == 0, "\(result.error)")
        // Standard output has the JSON alone.
        #expect(result.output.split(separator: "\n").count == 1)
        let lines = result.error.split(separator: "\n")
        let heading =
            #/784-24-100 sqs \(exchange\) neurons, T = 3, recipe standard with .*, fashion-mnist, seed 3, memory at most (\d+) MB → run/#
        let match = try #require(lines.first?.wholeMatch(of: heading))
        let ceiling = try #require(Int(match.1))
        #expect(lines.count(where: { $0.wholeMatch(of: #/epoch [12]\/2  loss .*/#) != nil }) == 2)
        let files = ["checkpoint.safetensors", "metrics.jsonl", "run.json", "summary.json"]
        #expect(
            folder.contents.filter { !$0.hasPrefix("run/figures") } == ["run"] + files.map { "run/\($0)" })

        let summary = try Summary(result)
        #expect(summary.peakMemoryBytes < 1_000_000 * (ceiling + 1))
        #expect(summary.epochs == 2 && summary.output == "run" && summary.testAccuracy.passes == 5)
        #expect(summary.weightsDigest.wholeMatch(of: #/[0-9a-f]{64}/#) != nil)
        // Chance is 0.1, with a deviation of 0.0013 over 5 · 10,000 images.
        #expect(summary.testAccuracy.mean > 0.15)

        let evaluated = try Summary(try runCommand("eval", "run", "--json", folder: folder.path))
        #expect(evaluated.testAccuracy == summary.testAccuracy)
        #expect(evaluated.weightsDigest == summary.weightsDigest)
        let fewer = try Summary(
            try runCommand(
                "eval", "run", "--repetitions", "1", "--threads", "1", "--json", folder: folder.path))
        #expect(fewer.testAccuracy.passes == 1 && fewer.testAccuracy.standardDeviation == nil)
    }

    @Test(
        "1, 2 and 3 threads, and the narrowest instruction set, give the same weights; another seed gives others"
    )
    func sameWeights() throws {
        let folder = try TemporaryFolder()
        func summary(_ name: String, seed: Int = 3, threads: Int, environment: [String: String] = [:]) throws
            -> Summary
        {
            try Summary(
                try runCommand(
                    Self.arguments(name, epochs: 1, seed: seed) + ["--threads", "\(threads)", "--json"],
                    environment: environment, folder: folder.path))
        }
        let one = try summary("one", threads: 1)
        for other in [
            try summary("two", threads: 2), try summary("three", threads: 3),
            try summary("narrow", threads: 2, environment: ["SQSNN_CPU": "v2"]),
        ] {
            #expect(other.weightsDigest == one.weightsDigest, "\(other.output)")
            #expect(other.testAccuracy == one.testAccuracy, "\(other.output)")
        }
        #expect(try summary("seed", seed: 4, threads: 1).weightsDigest != one.weightsDigest)
    }

    /// Long enough to be stopped within its second epoch: 60 batches, and an evaluation of 10,000 images.
    static func longArguments(_ output: String) -> [String] {
        arguments(output, epochs: 4, limit: 3000)
    }

    @Test("a run stopped by Ctrl-C and resumed, with other threads too, has the weights of one left alone")
    func interruptAndResume() throws {
        let folder = try TemporaryFolder()
        let whole = try Summary(try runCommand(Self.longArguments("whole") + ["--json"], folder: folder.path))
        for (threads, threadsAfterwards) in [(1, 3), (2, 1), (3, 2)] {
            let name = "run\(threads)"
            let stopped = try stopCommand(
                Self.longArguments(name) + ["--threads", "\(threads)"], signal: SIGINT,
                afterOutput: "epoch 1/4", folder: folder.path)
            #expect(stopped.status == 130)
            #expect(
                stopped.output.hasSuffix("Stopped. Go on with: sqsnn train --output \(name) --resume\n"))
            #expect(stopped.error == "\nFinishing the work at hand; interrupt again to quit at once.\n")
            #expect(
                folder.contents.filter { $0.hasPrefix("\(name)/") }
                    == ["checkpoint.safetensors", "figures", "metrics.jsonl", "run.json"].map {
                        "\(name)/\($0)"
                    })

            let resumed = try runCommand(
                ["train", "--output", name, "--resume", "--threads", "\(threadsAfterwards)", "--json"],
                folder: folder.path)
            #expect(resumed.status == 0 && !resumed.output.contains("epoch 1/4"))
            let summary = try Summary(resumed)
            #expect(summary.weightsDigest == whole.weightsDigest, "\(threads) threads")
            #expect(summary.testAccuracy == whole.testAccuracy && summary.epochs == 4)
        }
    }

    @Test("a run that was killed goes on from its last checkpoint, and ends with the same weights")
    func killAndResume() throws {
        let folder = try TemporaryFolder()
        let whole = try Summary(try runCommand(Self.longArguments("whole") + ["--json"], folder: folder.path))
        let killed = try stopCommand(
            Self.longArguments("run"), signal: SIGKILL, afterOutput: "epoch 2/4", folder: folder.path)
        #expect(killed.status == 128 + SIGKILL)
        let resumed = try runCommand("train", "--output", "run", "--resume", "--json", folder: folder.path)
        #expect(resumed.status == 0 && !resumed.error.contains("epoch 2/4"))
        #expect(try Summary(resumed).weightsDigest == whole.weightsDigest)
    }

    @Test("a run is not begun again, nor resumed with other settings")
    func existingRun() throws {
        let folder = try TemporaryFolder()
        let arguments = Self.arguments("run", epochs: 1, limit: 100)
        #expect(try runCommand(arguments, folder: folder.path).status == 0)
        #expect(
            try runCommand(arguments, folder: folder.path)
                == CommandResult(
                    status: 2, output: "",
                    error:
                        "sqsnn train: run: found a run, expected a new folder; add --resume to go on with it, "
                        + "or choose another --output\nSee 'sqsnn train --help'.\n"))
        #expect(
            try runCommand(
                "train", "--output", "run", "--resume", "--hidden", "25", "--seed", "5", folder: folder.path)
                == CommandResult(
                    status: 2, output: "",
                    error:
                        "sqsnn train: run: the run has other settings (recipe.hidden_counts is [24], not [25]; "
                        + "seed is 3, not 5); leave these options out, or choose another --output\n"
                        + "See 'sqsnn train --help'.\n"))
    }

    @Test("a checkpoint cut in half, or of another run, is refused and left as it is")
    func damagedCheckpoint() throws {
        let folder = try TemporaryFolder()
        for (name, hidden) in [("run", "24"), ("wider", "40")] {
            let arguments = Self.arguments(name, hidden: hidden, epochs: 1, limit: 100)
            #expect(try runCommand(arguments, folder: folder.path).status == 0)
        }
        func checkpoint(_ run: String) throws -> [UInt8] {
            Array(try Data(contentsOf: URL(filePath: "\(folder.path)/\(run)/checkpoint.safetensors")))
        }
        let own = try checkpoint("run")
        let refused: [([UInt8], String)] = [
            (Array(own[..<(own.count / 2)]), "the file is cut short, use an intact copy"),
            (
                try checkpoint("wider"),
                "found the checkpoint of another run, or run.json was changed after the run began; restore the two that "
                    + "belong together from a copy, or train anew"
            ),
        ]
        for (bytes, message) in refused {
            try folder.write(bytes, as: "run/checkpoint.safetensors")
            for (arguments, name) in [(["eval"], "eval"), (["train", "--resume", "--output"], "train")] {
                let result = try runCommand(arguments + ["run"], folder: folder.path)
                #expect(result.status == 3 && result.output == "")
                #expect(result.error.hasPrefix("sqsnn \(name): run/checkpoint.safetensors: "))
                #expect(result.error.hasSuffix("\(message)\n"), "\(result.error)")
                #expect(result.error.count(where: \.isNewline) == 1)
            }
            #expect(try checkpoint("run") == bytes)
        }
    }

    @Test("an output folder that cannot be made is refused before any training, and nothing is left")
    func unwritableOutput() throws {
        // Tests may run as root, whom no permission stops: a folder below a file, and one in /proc.
        let folder = try TemporaryFolder()
        try folder.write("a file", as: "file")
        for (output, reason) in [
            ("file/run", "Not a directory"), ("file", "Not a directory"),
            ("/proc/run", "No such file or directory"),
        ] {
            #expect(
                try runCommand(Self.arguments(output), folder: folder.path)
                    == CommandResult(
                        status: 1, output: "",
                        error: "sqsnn train: \(output): the folder cannot be made (\(reason)); "
                            + "choose another\n"))
        }
        #expect(folder.contents == ["file"])
    }
}
