import Foundation
import TestSupport
import Testing

/// Comparisons of models, and of recordings, on a folder as that of N-MNIST with a recording of each class in each part.
@Suite("Comparisons on recordings")
struct EventComparisonTests {
    private let digits: RecordedDigits
    private var folder: TemporaryFolder { digits.folder }

    init() throws { digits = try RecordedDigits() }

    private func call(_ arguments: String...) throws -> CommandResult { try digits.call(arguments) }

    @Test("fig2d has a point for each model and strength, and the best of them are on the front")
    func sparsity() throws {
        let options = ["--datasets", "n-mnist", "--seeds", "2", "--epochs", "1", "--repetitions", "1"]
        let result = try digits.call(["reproduce", "fig2d", "--strengths", "0,10"] + options)
        #expect(result.status == 0, "\(result.error)")
        let lines = result.output.split(separator: "\n").drop { !$0.hasPrefix("Accuracy against spikes") }
        let rows = lines.dropFirst(2).prefix(8)
        let models = ["SQSNN", "SNN", "SNN, clipped", "QLIF-SNN"]
        let starts = models.flatMap { ["\($0) 0 ", "\($0) 10 "] }
        for (row, start) in zip(rows, starts) {
            let words = row.split(separator: " ").joined(separator: " ")
            #expect(words.hasPrefix(start), "\(row)")
        }
        #expect(rows.contains { $0.hasSuffix("yes") })
        #expect(folder.contents.contains("runs/fig2d/fig2d.json"))
    }

    @Test("recordings differ in nothing from themselves, and in polarities from swapped ones")
    func recordings() throws {
        let same = try call("data", "compare", "n-mnist/Test", "n-mnist/Test")
        #expect(same.status == 0, "\(same.error)")
        let distances = same.output.split(separator: "\n").suffix(4)
        #expect(distances.allSatisfy { $0.hasSuffix(" 0.000") })
        let swapped = try call("data", "compare", "n-mnist/Test/3/1.bin", "n-mnist/Train", "--json")
        #expect(swapped.output.contains("\"recordings\":[1,10]"))
        #expect(try call("data", "compare", "n-mnist/Test", "nothing").status == 3)
    }

    @Test("what networks are given is written as arrays")
    func export() throws {
        let result = try call(
            "data", "export", "n-mnist", "arrays", "--steps", "5", "--transforms", "polarity=on")
        #expect(
            result.status == 0 && result.output.hasPrefix("train: 10 samples, 1156 inputs; "),
            "\(result.error)")
        #expect(
            ["train", "test"].allSatisfy {
                folder.contents.contains("arrays/\($0)-spikes.npy")
                    && folder.contents.contains("arrays/\($0)-labels.npy")
            })
        #expect(try call("data", "export", "fashion-mnist", "arrays").status == 2)
    }
}
