import Foundation
import TestSupport
import Testing

@Suite(
    "sqsnn train --validation", .enabled(if: isFashionMNISTInstalled, "Fashion-MNIST is not installed"))
struct ValidationCommandTests {
    private static let arguments = [
        "train", "--validation", "300", "--limit", "200", "--hidden", "10", "--steps", "2", "--epochs", "1",
        "--output", "run",
    ]

    @Test("lines, figures and eval say validation, and eval --split test the test images")
    func names() throws {
        let folder = try TemporaryFolder()
        let result = try runCommand(Self.arguments, folder: folder.path)
        let lines = result.output.split(separator: "\n")
        #expect(
            lines.first?.contains(", fashion-mnist but its last 300 training images, seed 1, ") == true,
            "\(result)")
        #expect(
            lines.dropFirst().first?.wholeMatch(
                of: #/epoch 1\/1  loss .*  train .* %  validation .* %  spikes\/step .*/#) != nil, "\(result)"
        )
        #expect(lines.contains { $0.hasPrefix("Validation accuracy ") } && !result.output.contains("est acc"))
        if isGnuplotInstalled {
            let figure = try String(
                contentsOfFile: folder.path("run/figures/training.svg"), encoding: .utf8)
            #expect(figure.contains("validation accuracy (%)") && !figure.contains("test accuracy"))
        }
        let own = try runCommand("eval", "run", "--repetitions", "1", "--json", folder: folder.path)
        #expect(own.output.contains("\"validation_accuracy\":") && !own.output.contains("test_accuracy"))
        let test = try runCommand("eval", "run", "--split", "test", folder: folder.path)
        #expect(test.output.hasPrefix("Test accuracy "))
        let other = try runCommand(
            "eval", "run", "--split", "validation", "--dataset", "mnist", folder: folder.path)
        #expect(
            other
                == CommandResult(
                    status: 2, output: "",
                    error:
                        "sqsnn eval: --split validation beside --dataset mnist, of which the run held nothing out\n"
                        + "See 'sqsnn eval --help'.\n"))
        let resumed = try runCommand(
            "train", "--output", "run", "--resume", "--validation", "301", folder: folder.path)
        #expect(resumed.status == 2 && resumed.error.contains("(validation_count is 300, not 301)"))
    }

    @Test("a number that leaves nothing to train on is refused, and nothing is made")
    func refused() throws {
        let folder = try TemporaryFolder()
        for (count, message) in [
            ("0", "--validation: found '0', expected a whole number of at least 1"),
            (
                "60000",
                "--validation: found 60000, expected fewer than the 60000 training images of fashion-mnist, so that some are "
                    + "left to train on"
            ),
        ] {
            #expect(
                try runCommand("train", "--validation", count, folder: folder.path)
                    == CommandResult(
                        status: 2, output: "",
                        error: "sqsnn train: \(message)\nSee 'sqsnn train --help'.\n"))
        }
        #expect(folder.contents == [])
    }
}
