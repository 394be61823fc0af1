import Compute
import QuantumCircuits
import SpikeDatasets
import Networks
import Neurons

@testable import Learning
@testable import Runs

/// Small images for tests of arithmetic: three classes, each bright in a third of the rows, with noise.
enum SyntheticImages {
    static func make(_ count: Int, classCount: Int = 3, seed: UInt64 = 1) -> ImageDataset {
        var random = RandomStream(seed: seed, purpose: .analysis).generator()
        let labels = (0..<count).map { UInt8($0 % classCount) }
        let pixels = labels.flatMap { label in
            (0..<36).map { pixel in
                UInt8.random(in: pixel / 12 == Int(label) ? 120...255 : 0...100, using: &random)
            }
        }
        return ImageDataset(
            checkedName: "synthetic", width: 6, height: 6, classNames: (0..<classCount).map { "class \($0)" },
            pixels: pixels, labels: labels)
    }

    /// A quick recipe: 70 hidden neurons (two tiles), batches of 16.
    static var recipe: Recipe {
        var recipe = Recipe.standard
        recipe.hiddenCounts = [70]
        recipe.stepCount = 4
        recipe.batchSize = 16
        recipe.epochCount = 4
        recipe.neuronsPerClass = 4
        recipe.learningRate = 0.02
        return recipe
    }

    static func trainer(
        _ recipe: Recipe = recipe, model: (any NeuronModel)? = nil, seed: UInt64 = 1, threads: Int = 1
    ) throws -> Trainer {
        let exchange = SQS(try Ansatz.exchange.circuit())
        return try Trainer(
            network: recipe.network(inputCount: 36, classCount: 3, model: model ?? exchange, seed: seed),
            recipe: recipe, seed: seed, threads: threads)
    }
}

extension EpochMetrics {
    /// Without the time it took.
    var arithmetic: EpochMetrics {
        var copy = self
        copy.seconds = 0
        return copy
    }
}

extension RunConfiguration {
    func networkTrainer(for images: ImageDataset, threads: Int) throws -> Trainer {
        try networkTrainer(for: .images(images), threads: threads)
    }
}
