import Foundation
import TestSupport
import Testing

/// Where the tool cannot write.
@Suite("outputs that fail")
struct OutputTests {
    /// Runs the tool in a shell, which connects its streams.
    private func shell(_ script: String, folder: TemporaryFolder) throws -> CommandResult {
        try runProgram(
            URL(filePath: "/bin/bash"), ["-c", script, try executable().path], folder: folder.path)
    }

    // /dev/full is a full disk: write(2) gives ENOSPC (full(4)).
    @Test(
        "a full disk under standard output is an error",
        arguments: [
            "--help", "--version", "neuron circuit --json", "neuron circuit --openqasm",
            "device show eagle --json",
            "completion bash", "train --help", "network draw graph.json", "doctor", "data list",
        ])
    func fullDisk(call: String) throws {
        let folder = try TemporaryFolder()
        try folder.write(
            """
            {"schema": "sqsnn.network-graph/1", "input": {"name": "in", "neurons": 2},
             "populations": [{"name": "a", "neurons": 2}], "projections": [{"from": "in", "to": "a"}]}
            """, as: "graph.json")
        let result = try shell("$0 \(call) > /dev/full", folder: folder)
        #expect(result.status == 1)
        #expect(
            result.error.hasSuffix(": cannot write standard output: No space left on device\n"),
            "\(result.error)")
        #expect(result.error.split(separator: "\n").count == 1)
    }

    @Test(
        "a reader that goes away ends a call without a word, by SIGPIPE or with its code",
        arguments: ["", "trap '' PIPE; "])
    func readerGone(ignored: String) throws {
        let folder = try TemporaryFolder()
        let result = try shell("\(ignored)(sleep 0.3; $0 --help; echo $? >&2) | true", folder: folder)
        #expect(result == CommandResult(status: 0, output: "", error: "141\n"))
    }

    static let figureCalls = [
        ["neuron", "memory", "exchange", "--draws", "2"],
        ["reservoir", "capacity", "exchange", "--seeds", "1"],
        ["bench", "density"], ["bench", "memory"],
    ]

    @Test("an empty folder for figures is a usage error", arguments: figureCalls)
    func emptyFolder(call: [String]) throws {
        let command = "sqsnn \(call[0]) \(call[1])"
        #expect(
            try runCommand(call + ["--figures", ""])
                == CommandResult(
                    status: 2, output: "",
                    error: "\(command): --figures: found '', expected a folder\nSee '\(command) --help'.\n"))
    }

    // /dev/null is a file, under which no folder can be made, not even by root.
    @Test(
        "a folder for figures that cannot be made fails before the work",
        .enabled(if: isGnuplotInstalled, "gnuplot is not installed"), arguments: figureCalls)
    func impossibleFolder(call: [String]) throws {
        for (folder, reason) in [
            ("/dev/null", "Not a directory"), ("/dev/null/figures", "Not a directory"),
        ] {
            #expect(
                try runCommand(call + ["--figures", folder])
                    == CommandResult(
                        status: 1, output: "",
                        error:
                            "sqsnn \(call[0]) \(call[1]): \(folder): the folder cannot be made (\(reason)); choose another\n"
                    ))
        }
    }

    @Test("without gnuplot, figures that are asked for fail before the work")
    func noGnuplot() throws {
        let folder = try TemporaryFolder()
        let result = try runCommand(
            Self.figureCalls[0] + ["--figures", "new"], environment: ["PATH": "/nowhere"], folder: folder.path
        )
        #expect(result.status == 1 && result.output == "" && folder.contents == [])
        #expect(result.error.contains("apt-get install gnuplot-nox"))
    }

    @Test(
        "a new folder is made, and with --json the figures are told of on standard error",
        .enabled(if: isGnuplotInstalled, "gnuplot is not installed"))
    func newFolder() throws {
        let folder = try TemporaryFolder()
        let result = try runCommand(
            "neuron", "memory", "exchange", "--draws", "1", "--steps", "2", "--figures", "a/b", "--json",
            folder: folder.path)
        #expect(result.status == 0 && result.error.contains("Figure: a/b/memory.svg\n"))
        #expect(result.output.split(separator: "\n").count == 1)
        _ = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
        #expect(folder.contents.contains("a/b/sensitivity.png"))
    }

    @Test(
        "a drawing is SVG, and no file with another ending is written",
        arguments: ["x.png", "", "svg", "x.svg/"])
    func drawing(file: String) throws {
        let folder = try TemporaryFolder()
        #expect(
            try runCommand("network", "draw", "graph.json", "--output", file, folder: folder.path)
                == CommandResult(
                    status: 2, output: "",
                    error:
                        "sqsnn network draw: --output: found '\(file)', expected a file name that ends in .svg\n"
                        + "See 'sqsnn network draw --help'.\n"))
        #expect(folder.contents == [])
    }
}
