import Compute
import SpikeDatasets
import SpikeTrains
import Networks

extension Trainer {
    /// Passes of an evaluation: their numbers in the random streams have 15 bits.
    public static let evaluationCounts = 1...65536 - Evaluator.firstEpoch

    /// Classifies a data set in single-shot passes: spikes only, one pass a sample.
    ///
    /// - Parameter repetitions: passes, each with random numbers of its own, within ``evaluationCounts``.
    /// - Throws: ``LearningError`` for data that does not fit the network, and for no passes.
    public func evaluate(on dataset: ImageDataset, repetitions: Int = 1) throws -> Evaluation {
        try check(dataset)
        guard Self.evaluationCounts.contains(repetitions) else {
            throw LearningError.repetitions(found: repetitions)
        }
        return try Evaluator(recipe: recipe, decoder: decoder, seed: seed, parallelism: parallelism)
            .evaluate(network, on: dataset, repetitions: repetitions)
    }
}

/// One pass over some images with all spikes kept.
public struct ExampleActivity: Sendable {
    public let images: ImageDataset
    /// One raster a population, without the inputs, each over all images.
    public let rasters: [SpikeRaster]
    /// The class that the output spikes say, one an image.
    public let predictions: [Int]
}

extension Trainer {
    /// Runs all images of a (small) data set at once and keeps the spikes.
    ///
    /// - Throws: ``LearningError`` for data that does not fit the network.
    public func activity(on dataset: ImageDataset) throws -> ExampleActivity {
        try check(dataset)
        let evaluator = Evaluator(recipe: recipe, decoder: decoder, seed: seed, parallelism: parallelism)
        let simulator = NetworkSimulator(network, stepCount: recipe.stepCount, parallelism: parallelism)
        simulator.compile(network)
        let predictions = try evaluator.predict(
            network, simulator, dataset, Array(0..<dataset.count), epoch: Evaluator.firstEpoch)
        return ExampleActivity(images: dataset, rasters: simulator.rasters, predictions: predictions)
    }
}

/// Measures a network on a data set.
struct Evaluator {
    /// Samples run at once; without effect on the result.
    static let batchSize = 256
    /// Epoch numbers of evaluation passes in the random streams begin here, so that they share no
    /// numbers with training.
    static let firstEpoch = 32768

    let recipe: Recipe
    let decoder: RateDecoder
    let seed: UInt64
    let parallelism: Parallelism

    /// - Parameter dataset: not empty, and of the network's shape.
    func evaluate(_ network: Network, on dataset: ImageDataset, repetitions: Int) throws -> Evaluation {
        precondition(repetitions > 0, "an evaluation has at least one pass")
        let simulator = NetworkSimulator(
            network, stepCount: recipe.stepCount, parallelism: parallelism)
        simulator.compile(network)
        var confusion = [[Int]](
            repeating: [Int](repeating: 0, count: decoder.classCount), count: decoder.classCount)
        var accuracies: [Double] = []
        var spikes = [Int](repeating: 0, count: network.populations.count)
        for repetition in 0..<repetitions {
            var rightCount = 0
            for first in stride(from: 0, to: dataset.count, by: Self.batchSize) {
                let indices = Array(first..<min(first + Self.batchSize, dataset.count))
                let predictions = try predict(
                    network, simulator, dataset, indices, epoch: Self.firstEpoch + repetition)
                for (index, prediction) in zip(indices, predictions) {
                    let label = Int(dataset.labels[index])
                    confusion[label][prediction] += 1
                    if prediction == label { rightCount += 1 }
                }
                for (layer, count) in simulator.spikeCounts.enumerated() { spikes[layer] += count }
            }
            accuracies.append(Double(rightCount) / Double(dataset.count))
        }
        let rowCount = Double(dataset.count * repetitions * recipe.stepCount)
        let layers = spikes.map { Double($0) / rowCount }
        return Evaluation(
            accuracies: accuracies, spikesPerStep: layers.reduce(0, +), layerSpikesPerStep: layers,
            confusion: confusion)
    }

    func predict(
        _ network: Network, _ simulator: NetworkSimulator, _ dataset: ImageDataset, _ indices: [Int],
        epoch: Int
    ) throws -> [Int] {
        try run(
            network, simulator, pixels: dataset.gather(indices), inputCount: dataset.inputCount, indices,
            epoch: epoch)
        return try decoder.predictions(
            simulator.outputRaster, sampleIndices: indices,
            random: RandomStream(seed: seed, purpose: .tie, epoch: epoch))
    }

    /// Encodes some images and runs the network on them.
    func run(
        _ network: Network, _ simulator: NetworkSimulator, pixels: [UInt8], inputCount: Int,
        _ indices: [Int], epoch: Int, tellsFiring: Bool = false
    ) throws {
        let input = try recipe.encoder.encode(
            pixels: pixels, inputCount: inputCount, sampleIndices: indices,
            stepCount: recipe.stepCount,
            random: RandomStream(seed: seed, purpose: .encoding, epoch: epoch), parallelism: parallelism
        ).repeated(channelCount: network.graph.input.channelCount)
        simulator.run(
            network, input: input, sampleIndices: indices, seed: seed, epoch: epoch, tellsFiring: tellsFiring)
    }
}
