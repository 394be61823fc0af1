import Neurons
import Files
import Foundation
import QuantumCircuits
import SpikeDatasets
import Testing

@testable import Learning
@testable import Runs

/// Runs in folders: what is kept, and what is refused.
struct TrainingRunTests {
    private static func data() -> DatasetSplits<LabelledDataset> {
        DatasetSplits(
            train: SyntheticImages.make(70), test: SyntheticImages.make(30, seed: 2), files: [],
            note: "synthetic"
        ).labelled
    }

    private static func configuration(_ recipe: Recipe = SyntheticImages.recipe) throws -> RunConfiguration {
        RunConfiguration(
            dataset: "synthetic", neuron: SQS(try Ansatz.exchange.circuit()), seed: 3, recipe: recipe)
    }

    /// A folder that is gone after the test.
    private static func inFolder<Result>(_ body: (RunFolder) throws -> Result) throws -> Result {
        let path = NSTemporaryDirectory() + "run-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try body(RunFolder(path: path))
    }

    private static func begin(
        _ folder: RunFolder, configuration: RunConfiguration? = nil
    ) throws -> TrainingRun {
        try TrainingRun(configuration ?? Self.configuration(), data: data(), folder: folder, threads: 1)
    }

    @Test("a run stopped after any batch and resumed from its folder ends bit for bit as one left alone")
    func resume() throws {
        let whole = try Self.inFolder { folder in
            var run = try Self.begin(folder)
            while !run.isComplete { _ = try run.trainEpoch { _ in true } }
            return run
        }
        // 70 images in batches of 16: five batches an epoch, four epochs.
        for stop in [0, 1, 4, 7, 12] {
            try Self.inFolder { folder in
                let progress = try {
                    var run = try Self.begin(folder)
                    var batches = 0
                    while !run.isComplete && batches < stop {
                        _ = try run.trainEpoch { _ in
                            batches += 1
                            return batches < stop
                        }
                    }
                    return run.trainer.progress
                }()
                var resumed = try TrainingRun(resuming: folder, data: Self.data(), threads: 2)
                #expect(resumed.trainer.progress == progress)
                while !resumed.isComplete { _ = try resumed.trainEpoch { _ in true } }
                #expect(
                    try resumed.network().network == whole.network().network, "stopped after batch \(stop)")
                #expect(try resumed.network().optimizerState == whole.network().optimizerState)
                #expect(resumed.model.weightsDigest == whole.model.weightsDigest)
                #expect(resumed.metrics.map(\.arithmetic) == whole.metrics.map(\.arithmetic))
            }
        }
    }

    @Test("a folder keeps the configuration, the metrics and the summary")
    func contents() throws {
        try Self.inFolder { folder in
            var run = try Self.begin(folder)
            _ = try run.trainEpoch { _ in true }
            let summary = try run.summarize(repetitions: 2)
            #expect(try folder.configuration() == run.configuration)
            let lines = try InputFile.read(folder.metricsPath)
            #expect(
                try MetricsLog(reading: lines, first: 1, source: "", layerCount: 2).epochs == run.metrics)
            #expect(summary.testAccuracy?.values.count == 2)
            #expect(summary.weightsDigest.count == 64)
            #expect(FileManager.default.fileExists(atPath: folder.summaryPath))
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
            #expect(
                names == [
                    ".lock", "checkpoint.safetensors", "figures", "metrics.jsonl", "run.json", "summary.json",
                ])
        }
    }

    @Test("a second run in the same folder is refused and changes nothing")
    func occupied() throws {
        try Self.inFolder { folder in
            let configuration = try Self.begin(folder).configuration
            #expect(throws: RunError.exists(folder.path)) { try Self.begin(folder) }
            #expect(try folder.configuration() == configuration)
        }
    }

    @Test("a checkpoint cut anywhere is refused with its path")
    func truncatedCheckpoint() throws {
        try Self.inFolder { folder in
            _ = try Self.begin(folder)
            let url = URL(filePath: folder.checkpointPath)
            let whole = try Data(contentsOf: url)
            for length in [0, 7, 8, 100, whole.count / 2, whole.count - 1] {
                try whole.prefix(length).write(to: url)
                #expect(throws: SafetensorsError.self, "\(length) bytes") {
                    try TrainingRun(resuming: folder, data: Self.data(), threads: 1)
                }
            }
        }
    }

    @Test("a checkpoint of another architecture is refused, and the trainer stays as it was")
    func otherArchitecture() throws {
        var larger = SyntheticImages.recipe
        larger.hiddenCounts = [80]
        let checkpoint = try SyntheticImages.trainer(larger).checkpoint()
        var trainer = try SyntheticImages.trainer()
        let before = trainer.network
        #expect(throws: RunError.self) { try trainer.restore(checkpoint) }
        #expect(trainer.network == before)

        var foreign = try trainer.checkpoint()
        foreign.metadata["schema"] = "something/9"
        #expect(throws: RunError.self) { try trainer.restore(foreign) }
    }

    @Test("configurations say in which fields they differ")
    func differences() throws {
        let base = try Self.configuration()
        var other = base
        other.seed = 4
        other.recipe.learningRate = 0.5
        #expect(try base.differences(from: base).isEmpty)
        #expect(
            try base.differences(from: other) == [
                "recipe.learning_rate is 0.02, not 0.5", "seed is 3, not 4",
            ])
    }

    @Test("other data than those the run began with are refused by file name")
    func otherData() throws {
        try Self.inFolder { folder in
            _ = try Self.begin(folder)
            var configuration = try folder.configuration()
            configuration.datasetDigests = ["images": "00"]
            try folder.write(configuration, to: folder.configurationPath)
            #expect(throws: RunError.otherData(folder.configurationPath, file: "images")) {
                try TrainingRun(resuming: folder, data: Self.data(), threads: 1)
            }
        }
    }

    @Test("a folder that is no run, or a run.json that is none, is refused with the place")
    func malformed() throws {
        try Self.inFolder { folder in
            #expect(throws: RunError.missing(folder.configurationPath)) { try folder.configuration() }
            _ = try Self.begin(folder)
            try Data("{\"schema\": 3}".utf8).write(to: URL(filePath: folder.configurationPath))
            #expect(throws: RunError.self) { try folder.configuration() }
        }
    }

    @Test("a recipe file with a value out of range is refused with the field's name")
    func recipeRange() throws {
        var recipe = Recipe.standard
        recipe.stepCount = 0
        #expect(recipe.problem == "step_count is 0, expected 1 to 1000")
        #expect(throws: RunError.self) { try Recipe.load("no-such-recipe") }
        #expect(try Recipe.load("paper") == Recipe.paper)
        #expect(Recipe.catalogue.allSatisfy { $0.problem == nil })
    }
}
