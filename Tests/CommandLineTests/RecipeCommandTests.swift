import TestSupport
import Testing

struct RecipeCommandTests {
    @Test("what show prints is a file that show and train take, and list names every recipe")
    func roundTrip() throws {
        let folder = try TemporaryFolder()
        let list = try runCommand("recipe", "list")
        let names = list.output.split(separator: "\n").dropFirst().compactMap {
            $0.split(separator: " ").first
        }
        #expect(names == ["standard", "paper", "usps", "local", "local-ten"])
        for name in names {
            let shown = try runCommand("recipe", "show", String(name))
            #expect(shown.status == 0 && shown.output.contains("\n  \"name\" : \"\(name)\",\n"))
            try folder.write(shown.output, as: "mine.json")
            #expect(try runCommand("recipe", "show", "mine.json", folder: folder.path) == shown)
        }
    }

    @Test("an unknown recipe is wrong usage, and the nearest is named")
    func unknown() throws {
        let result = try runCommand("recipe", "show", "standart")
        #expect(result.status == 2)
        #expect(result.error.contains("(did you mean 'standard'?)"), "\(result.error)")
    }

    @Test(
        "an option of the command line changes the recipe, and the heading of the run says so",
        .enabled(if: isFashionMNISTInstalled, "Fashion-MNIST is not installed"))
    func changed() throws {
        let folder = try TemporaryFolder()
        let result = try runCommand(
            "train", "--limit", "20", "--hidden", "4", "--epochs", "1", "--learning-rate", "0.25",
            "--schedule",
            "constant", "--output", "run", folder: folder.path)
        #expect(
            result.output.contains(
                "recipe standard with epoch_count 1, hidden_counts [4], learning_rate 0.25, schedule constant, "
            ),
            "\(result)")
        for (arguments, message) in [
            (["--learning-rate", "-1"], "--learning-rate: found '-1', expected a number from 0 to 1000000"),
            (
                ["--neurons-per-class", "0"],
                "--neurons-per-class: found '0', expected a whole number from 1 to 1000"
            ),
            (["--loss", "mse"], "--loss: found 'mse', expected one of softmax, rate-cross-entropy"),
        ] {
            let refused = try runCommand(["train"] + arguments)
            #expect(refused.status == 2 && refused.error.hasPrefix("sqsnn train: \(message)"), "\(refused)")
        }
    }
}
