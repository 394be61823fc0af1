import Foundation
import TestSupport
import Testing

@Suite(
    "sqsnn predict, eval --dataset", .enabled(if: isFashionMNISTInstalled, "Fashion-MNIST is not installed"))
struct PredictCommandTests {
    private struct Answer: Decodable {
        struct Image: Decodable {
            let image: Int
            let `class`: Int
            let className: String
            let rates: [Double]
            let firingProbabilities: [Double]
        }
        let run: String
        let passes: Int
        let seed: UInt64
        let weightsDigest: String
        let classNames: [String]
        let predictions: [Image]
    }

    private struct Evaluation: Decodable {
        let dataset: String
        let trainedOn: String
        let confusion: [[Int]]
    }

    private func trained() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let result = try runCommand(
            TrainCommandTests.arguments("run", epochs: 1, limit: 300), folder: folder.path)
        try #require(result.status == 0, "\(result.error)")
        return folder
    }

    private func testImages() throws -> String {
        let listing = try decodeJSON(DatasetListing.self, try runCommand("data", "list", "--json").output)
        let folder = try #require(listing.datasets.first { $0.name == "fashion-mnist" }?.folder)
        let plain = "\(folder)/t10k-images-idx3-ubyte"
        return FileManager.default.fileExists(atPath: plain) ? plain : plain + ".gz"
    }

    @Test("predict gives the classes that eval counts, as JSON and as CSV, and leaves the run as it is")
    func agreesWithEval() throws {
        let folder = try trained()
        let before = folder.contents
        let images = try testImages()
        let result = try runCommand("predict", "run", images, "--json", folder: folder.path)
        #expect(result.status == 0 && result.error == "", "\(result.error)")
        let answer = try decodeJSON(Answer.self, result.output)
        #expect(answer.run == "run" && answer.passes == 1 && answer.seed == 3)
        #expect(answer.predictions.map(\.image) == Array(0..<10_000))
        let evaluated = try decodeJSON(
            Evaluation.self,
            try runCommand("eval", "run", "--repetitions", "1", "--json", folder: folder.path).output)
        let columns = (0..<10).map { label in evaluated.confusion.reduce(0) { $0 + $1[label] } }
        #expect(columns == (0..<10).map { label in answer.predictions.count { $0.class == label } })
        #expect(answer.predictions.allSatisfy { $0.className == answer.classNames[$0.class] })
        #expect(answer.predictions.allSatisfy { $0.rates.count == 10 && $0.firingProbabilities.count == 10 })

        let table = try runCommand("predict", "run", images, folder: folder.path)
        let lines = table.output.split(separator: "\n")
        #expect(table.status == 0 && lines.count == 10_001)
        #expect(
            lines[0].hasPrefix("image,class,class_name,rate_0,") && lines[0].hasSuffix("firing_probability_9")
        )
        #expect(
            lines[1].hasPrefix("0,\(answer.predictions[0].class),\"\(answer.predictions[0].className)\","))
        #expect(folder.contents == before)
    }

    @Test("what is no image file of the run's size is refused by name, and standard input is one")
    func refused() throws {
        let folder = try trained()
        let small: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4]
        try folder.write(small, as: "small")
        #expect(
            try runCommand("predict", "run", "small", folder: folder.path)
                == CommandResult(
                    status: 3, output: "",
                    error: "sqsnn predict: small: holds 1 × 2 × 2, expected any × 28 × 28; "
                        + "check that it is the right file\n"))
        // The tests' standard input is empty.
        #expect(
            try runCommand("predict", "run", "-", folder: folder.path)
                == CommandResult(
                    status: 3, output: "",
                    error:
                        "sqsnn predict: standard input: ends after 0 of 16 bytes; replace it by an intact copy\n"
                ))
        #expect(
            try runCommand("predict", "nothing", "small", folder: folder.path)
                == CommandResult(
                    status: 3, output: "",
                    error: "sqsnn predict: nothing/run.json: not found; "
                        + "expected the folder of a run made by 'sqsnn train'\n"))
    }

    @Test("one pass has no deviation: none in the text, null in JSON")
    func onePass() throws {
        let folder = try trained()
        let text = try runCommand("eval", "run", "--repetitions", "1", folder: folder.path)
        #expect(
            text.output.contains(#/^Test accuracy \d+\.\d\d % \(single shot, 1 pass\), /#), "\(text.output)")
        let json = try runCommand("eval", "run", "--repetitions", "1", "--json", folder: folder.path)
        #expect(json.output.contains(#""passes":1,"standard_deviation":null"#), "\(json.output)")
    }

    @Test("eval classifies another data set of the same shape, and says which; another shape is refused")
    func otherDataset() throws {
        let folder = try trained()
        let own = try decodeJSON(
            Evaluation.self,
            try runCommand("eval", "run", "--dataset", "fashion-mnist", "--json", folder: folder.path).output)
        #expect(own.dataset == "fashion-mnist" && own.trainedOn == "fashion-mnist")
        #expect(try runCommand("eval", "run", "--dataset", "nist", folder: folder.path).status == 2)
        let usps = try runCommand("eval", "run", "--dataset", "usps", folder: folder.path)
        // 3 with the file as well: its images are smaller.
        #expect(usps.status == 3 && usps.output == "")
    }
}
