import Files
import Foundation
import SpikeDatasets
import TestSupport
import Testing

@testable import Learning
@testable import Runs

/// Training images that are held out, and measured in place of the test images.
@Suite("Validation")
struct ValidationTests {
    private let runs: RunExamples

    init() throws { runs = try RunExamples() }

    private static func configuration(_ count: Int, limit: Int? = nil) throws -> RunConfiguration {
        var configuration = try RunExamples.configuration()
        configuration.validationCount = count
        configuration.trainingLimit = limit
        return configuration
    }

    /// What a run comes to whose data were cut by hand, with the held-out images as its test images.
    private func cutByHand(_ count: Int, training: Int) throws -> RunSummary {
        let train = RunExamples.images.train
        let last = try train.subset(Array(train.count - count..<train.count))
        let data = DatasetSplits(
            train: train.prefix(training), test: last, files: [], note: "synthetic"
        ).labelled
        var run = try TrainingRun(
            RunExamples.configuration(), data: data, folder: RunFolder(path: runs.temporary.path("cut")),
            threads: 1)
        while !run.isComplete { _ = try run.trainEpoch { _ in true } }
        return try run.summarize(repetitions: 1)
    }

    @Test(
        "a run trains on the images before those that it holds out, and is measured on these alone",
        arguments: [(20, nil, 50), (20, 30, 30), (69, nil, 1), (20, 1000, 50)])
    func parts(count: Int, limit: Int?, training: Int) throws {
        let summary = try runs.finish(Self.configuration(count, limit: limit))
        let expected = try cutByHand(count, training: training)
        #expect(summary.weightsDigest == expected.weightsDigest)
        #expect(summary.validationAccuracy?.values == expected.testAccuracy?.values)
        #expect(summary.testAccuracy == nil && summary.confusion == expected.confusion)
        let run = try runs.read()
        let cut = RunFolder(path: runs.temporary.path("cut"))
        let lines = try MetricsLog(
            reading: InputFile.read(cut.metricsPath), first: 2, source: "", layerCount: 2
        ).epochs
        #expect(run.metrics.map(\.validationAccuracy) == lines.map(\.testAccuracy))
        #expect(run.metrics.allSatisfy { $0.testAccuracy == nil })
        guard case .images(let example) = try run.exampleActivity(count: 1).data else {
            Issue.record("other data than images")
            return
        }
        #expect(try example.image(at: 0) == RunExamples.images.train.image(at: 70 - count))
    }

    @Test("files call validation what is, and nothing else")
    func names() throws {
        try runs.finish(Self.configuration(20))
        let texts = try [runs.folder.metricsPath, runs.folder.summaryPath].map {
            String(decoding: try InputFile.read($0), as: UTF8.self)
        }
        for text in texts { #expect(text.contains("validation_accuracy") && !text.contains("test_accuracy")) }
        #expect(try runs.folder.configuration().validationCount == 20)
    }

    @Test("test images are measured when they are asked for, and are then called so")
    func testImages() throws {
        try runs.finish(Self.configuration(20))
        let run = try runs.read()
        let summary = try run.evaluate(repetitions: 2, on: .test)
        #expect(
            summary.testAccuracy?.values
                == (try run.trainer.evaluate(on: RunExamples.data.test, repetitions: 2).accuracies))
        #expect(summary.validationAccuracy == nil)
        let other = LabelledDataset.images(SyntheticImages.make(25, seed: 9))
        #expect(
            try run.evaluate(repetitions: 1, of: other).testAccuracy?.values
                == run.trainer.evaluate(on: other, repetitions: 1).accuracies)
        #expect(try run.evaluate(repetitions: 1).validationAccuracy?.passes == 1)
    }

    @Test("a run that was stopped goes on with the same images, to the same end")
    func resuming() throws {
        let configuration = try Self.configuration(20)
        let whole = try runs.finish(configuration, in: RunFolder(path: runs.temporary.path("whole")))
        try runs.stop(after: 3, configuration)
        let resumed = try runs.finish()
        #expect(resumed.weightsDigest == whole.weightsDigest)
        #expect(resumed.validationAccuracy?.values == whole.validationAccuracy?.values)
        #expect(
            try configuration.differences(from: Self.configuration(21)) == [
                "validation_count is 20, not 21"
            ])
    }

    @Test("what leaves no images to train on, or names none, is refused, and nothing is made")
    func refused() throws {
        for count in [70, 71, Int.max] {
            #expect(
                throws: RunError.nothingToTrainOn(dataset: "synthetic", images: 70, validation: count)
            ) { try runs.open(Self.configuration(count)) }
        }
        #expect(
            RunError.nothingToTrainOn(dataset: "usps", images: 70, validation: 71).description
                == "--validation: found 71, expected fewer than the 70 training images of usps, so that some are left to train "
                + "on")
        #expect(!FileManager.default.fileExists(atPath: runs.folder.path))
        try runs.finish()
        #expect(throws: RunError.nothingHeldOut(runs.folder.path)) {
            try runs.read().evaluate(repetitions: 1, on: .validation)
        }
        var configuration = try runs.folder.configuration()
        #expect(configuration.measured == .test)
        configuration.validationCount = 0
        #expect(configuration.problem?.text == "validation_count: found 0, expected at least 1")
    }
}
