import Foundation
import TestSupport
import Testing

/// The options that put networks on noisy devices, as a user gives them.
@Suite("--noise, and sqsnn study noise")
struct NoiseCommandTests {
    static let wrongCalls: [([String], String)] = [
        (
            ["train", "--noise-scale", "2"],
            "--noise-scale: found 'no --noise', expected a device whose noise to scale"
        ),
        (
            ["train", "--noise", "eagle", "--noise-scale", "-1"],
            "--noise-scale: found '-1', expected a number from 0 to 1000"
        ),
        (
            ["train", "--noise", "eagle", "--model", "memoryless"],
            "noise: found model memoryless, expected sqs; leave out the noise, or choose that model"
        ),
        (
            ["eval", "runs/none", "--noise", "none", "--noise-scale", "2"],
            "--noise-scale: found 'no --noise', expected a device whose noise to scale"
        ),
        (
            ["study", "noise", "--scales", "1,0"],
            "--scales: found '1,0', expected ascending numbers from 0 to 1000 with commas between"
        ),
        (
            ["study", "noise", "--scales", "0,2000"],
            "--scales: found '0,2000', expected ascending numbers from 0 to 1000 with commas between"
        ),
    ]

    @Test("a value that cannot be is exit code 2, one line and a pointer to the help", arguments: wrongCalls)
    func wrongCall(arguments: [String], message: String) throws {
        let folder = try TemporaryFolder()
        let command = arguments[0] == "study" ? "sqsnn study noise" : "sqsnn \(arguments[0])"
        #expect(
            try runCommand(arguments, folder: folder.path)
                == CommandResult(
                    status: 2, output: "", error: "\(command): \(message)\nSee '\(command) --help'.\n"))
        #expect(folder.contents == [])
    }

    @Test("a device that there is not is named, with those that there are")
    func unknownDevice() throws {
        for arguments in [["train"], ["study", "noise"]] {
            let result = try runCommand(arguments + ["--noise", "condor"])
            #expect(result.status == 2)
            #expect(result.error.contains("condor") && result.error.contains("eagle"))
        }
    }

    @Test(
        "a study on 200 images prints a line for each scale, and draws them",
        .enabled(if: isFashionMNISTInstalled, "Fashion-MNIST is not installed"))
    func study() throws {
        let folder = try TemporaryFolder()
        let result = try runCommand(
            [
                "study", "noise", "--scales", "0,10", "--limit", "200", "--epochs", "1", "--hidden", "16",
                "--memory-qubits", "1", "--repetitions", "1", "--output", "study",
            ], folder: folder.path)
        #expect(result.status == 0, "\(result.error)")
        let lines = result.output.split(separator: "\n")
        #expect(
            lines.contains { $0.hasPrefix("eagle × 0 ") } && lines.contains { $0.hasPrefix("eagle × 10") })
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/study").sorted()
        #expect(
            names == ["campaign.sqlite", "eagle-10", "noise.png", "noise.svg", "noiseless", "study.json"])
    }
}
