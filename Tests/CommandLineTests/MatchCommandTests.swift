import Foundation
import TestSupport
import Testing

@Suite("sqsnn train --match-parameters")
struct MatchCommandTests {
    static let wrongCalls: [([String], Int32, String)] = [
        (
            ["--match-parameters", "0"], 2,
            "--match-parameters: found '0', expected a whole number of at least 1, or the folder of a run"
        ),
        (
            ["--match-parameters", "1e6"], 2,
            "--match-parameters: found '1e6', expected a whole number of at least 1, or the folder of a run"
        ),
        (
            ["--match-parameters", "nothing"], 3,
            "nothing/run.json: not found; expected the folder of a run made by 'sqsnn train'"
        ),
        // 784 weights of its inputs, 10 · 10 of the outputs', and five angles each.
        (
            ["--match-parameters", "1000"], 2,
            "--match-parameters: found 1000, and the closest network, hidden 1, has 1389 parameters, expected one within "
                + "5 %; give another number, or change what else decides the size"
        ),
        (
            ["--match-parameters", "1000", "--hidden", "0"], 2,
            "--match-parameters: found no hidden layer that could be widened; give one with --hidden"
        ),
        (
            ["--match-parameters", "1000", "--graph", Golden.path("runs-0.1/graph-file.json")], 2,
            "--match-parameters: found a graph, whose populations have sizes of their own; leave --graph out, or the match"
        ),
    ]

    @Test("what cannot be matched is one line, before anything is made", arguments: wrongCalls)
    func refused(arguments: [String], status: Int32, message: String) throws {
        let folder = try TemporaryFolder()
        let help = status == 2 ? "See 'sqsnn train --help'.\n" : ""
        #expect(
            try runCommand(["train"] + arguments, folder: folder.path)
                == CommandResult(status: status, output: "", error: "sqsnn train: \(message)\n\(help)"))
        #expect(folder.contents == [])
    }

    /// 784·12 + 12·100 weights and five angles of 112 neurons are 11,168; an LIF network has 884 for each hidden neuron.
    @Test(
        "a rival is made as large as the network of another run, says so, and the same command goes on with it",
        .enabled(if: isFashionMNISTInstalled, "Fashion-MNIST is not installed"))
    func ofRun() throws {
        let folder = try TemporaryFolder()
        let settings = ["--limit", "50", "--steps", "2", "--epochs", "1"]
        #expect(
            try runCommand(
                ["train", "--hidden", "12", "--output", "sqs"] + settings, folder: folder.path
            ).status == 0)
        let rival = ["train", "--model", "lif", "--match-parameters", "sqs", "--output", "lif"] + settings
        let result = try runCommand(rival, folder: folder.path)
        let lines = result.output.split(separator: "\n")
        #expect(lines.first == "matched: hidden 13 → 11,492 parameters of 11,168 (+2.90 %)", "\(result)")
        #expect(lines.dropFirst().first?.hasPrefix("784-13-100 lif neurons, ") == true, "\(result)")
        #expect(try runCommand(rival + ["--resume"], folder: folder.path).status == 0)
    }
}
