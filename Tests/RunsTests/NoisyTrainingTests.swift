import Foundation
import QuantumCircuits
import SpikeDatasets
import Networks
import Neurons
import Testing

@testable import Learning
@testable import Runs

/// Training on a noisy device, and measuring on another one than that of the training.
struct NoisyTrainingTests {
    static func data() -> DatasetSplits<LabelledDataset> {
        DatasetSplits(
            train: SyntheticImages.make(60), test: SyntheticImages.make(60, seed: 2), files: [],
            note: "synthetic"
        ).labelled
    }

    static func configuration(_ noise: RunConfiguration.DeviceNoise? = nil) throws -> RunConfiguration {
        var recipe = SyntheticImages.recipe
        recipe.hiddenCounts = [20]
        recipe.epochCount = 2
        var configuration = RunConfiguration(
            dataset: "synthetic", neuron: SQS(try Ansatz.exchange.circuit()), seed: 3, recipe: recipe)
        configuration.noise = noise
        return configuration
    }

    /// A folder that is gone after the test.
    static func inFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
        let path = NSTemporaryDirectory() + "noisy-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try body(path)
    }

    @Test("a run keeps its device's noise, and trains to the same weights with any number of threads")
    func run() throws {
        let noise = try RunConfiguration.DeviceNoise(loading: "eagle", scale: 3)
        #expect(noise.name == "eagle × 3")
        let digests = try [1, 2].map { threads in
            try Self.inFolder { path in
                let folder = RunFolder(path: path)
                var run = try TrainingRun(
                    Self.configuration(noise), data: Self.data(), folder: folder, threads: threads)
                while !run.isComplete { _ = try run.trainEpoch { _ in true } }
                #expect(try folder.configuration().noise == noise)
                #expect(try TrainingRun(reading: folder, data: Self.data(), threads: 1).isComplete)
                return run.model.weightsDigest
            }
        }
        #expect(digests[0] == digests[1])
        let noiseless = try Self.inFolder { path in
            var run = try TrainingRun(
                Self.configuration(), data: Self.data(), folder: RunFolder(path: path), threads: 1)
            while !run.isComplete { _ = try run.trainEpoch { _ in true } }
            return run.model.weightsDigest
        }
        #expect(noiseless != digests[0])
    }

    /// Three classes that a noise-free network tells apart; under a thousand times the noise every spike is a coin.
    @Test("a network trained without noise does worse under much of it, and as before under none")
    func transfer() throws {
        try Self.inFolder { path in
            var configuration = try Self.configuration()
            configuration.recipe.epochCount = 12
            var run = try TrainingRun(
                configuration, data: Self.data(), folder: RunFolder(path: path), threads: 1)
            while !run.isComplete { _ = try run.trainEpoch { _ in true } }
            let own = try run.evaluate(repetitions: 2)
            #expect(try #require(own.testAccuracy).mean > 0.8)
            #expect(
                try run.evaluate(repetitions: 2, under: nil).testAccuracy?.values == own.testAccuracy?.values)
            let strong = try RunConfiguration.DeviceNoise(loading: "eagle", scale: 1000)
            let noisy = try run.evaluate(repetitions: 2, under: strong)
            #expect(try #require(noisy.testAccuracy).mean < 0.6)
            #expect(noisy.noise == "eagle × 1000" && own.noise == nil)
        }
    }

    @Test("a control without qubits, or without memory, takes no noise")
    func controls() throws {
        var configuration = try Self.configuration(try RunConfiguration.DeviceNoise(loading: "eagle"))
        let models: [any NeuronModel] = [MemorylessSQS(try Ansatz.exchange.circuit()), LastSpikeFeedback()]
        for model in models {
            configuration.neuron = AnyNeuronModel(model)
            #expect(throws: RunError.noise(model: model.kind)) {
                try configuration.neuronModel()
            }
        }
    }
}
