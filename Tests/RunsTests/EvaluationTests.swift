import Compute
import SpikeDatasets
import SpikeTrains
import Networks
import Testing

@testable import Learning
@testable import Runs

/// Whether Fashion-MNIST can be found on this machine.
private var isFashionInstalled: Bool {
    (try? DatasetCatalog.entry(named: "fashion-mnist").paths(in: DatasetSearchPath())) != nil
}

struct EvaluationTests {
    /// Expected values: each image classified alone, straight through encoder, simulator and decoder.
    @Test("an evaluation is the count of single images, however they are split into batches")
    func batchSplit() throws {
        let images = SyntheticImages.make(300)
        var trainer = try SyntheticImages.trainer(threads: 2)
        _ = try trainer.trainEpoch(on: images)
        let evaluation = try trainer.evaluate(on: images, repetitions: 2)

        let simulator = NetworkSimulator(
            trainer.network, stepCount: trainer.plan.stepCount, parallelism: Parallelism(threadCount: 1),
            precision: trainer.plan.precision)
        simulator.compile(trainer.network)
        var confusion = [[Int]](repeating: [0, 0, 0], count: 3)
        var accuracies: [Double] = []
        var spikes = [0, 0]
        for repetition in 0..<2 {
            let epoch = Evaluator.firstEpoch + repetition
            var rightCount = 0
            for index in 0..<images.count {
                let input = try RateEncoder().encode(
                    pixels: try images.image(at: index), inputCount: 36, sampleIndices: [index],
                    stepCount: trainer.plan.stepCount,
                    random: RandomStream(seed: trainer.seed, purpose: .encoding, epoch: epoch),
                    parallelism: Parallelism(threadCount: 1))
                simulator.run(
                    trainer.network, input: input, sampleIndices: [index], seed: trainer.seed, epoch: epoch)
                let prediction = try #require(trainer.objective.decoder).predictions(
                    simulator.outputRaster, sampleIndices: [index],
                    random: RandomStream(seed: trainer.seed, purpose: .tie, epoch: epoch))[0]
                confusion[Int(images.labels[index])][prediction] += 1
                if prediction == Int(images.labels[index]) { rightCount += 1 }
                for (layer, count) in simulator.spikeCounts.enumerated() { spikes[layer] += count }
            }
            accuracies.append(Double(rightCount) / 300)
        }
        #expect(evaluation.accuracies == accuracies)
        #expect(evaluation.confusion == confusion)
        #expect(
            evaluation.layerSpikesPerStep
                == spikes.map { Double($0) / Double(600 * trainer.plan.stepCount) })
        #expect(abs(evaluation.spikesPerStep - evaluation.layerSpikesPerStep.reduce(0, +)) < 1e-9)
    }

    @Test("an evaluation shares no random numbers with training, and leaves the trainer as it was")
    func independence() throws {
        let images = SyntheticImages.make(40)
        var plain = try SyntheticImages.trainer()
        var watched = plain
        _ = try watched.evaluate(on: images)
        _ = try plain.trainEpoch(on: images)
        _ = try watched.trainEpoch(on: images)
        #expect(watched.network == plain.network)
    }

    /// 0.5, 0.7 and 0.9 have mean 0.7 and sample standard deviation 0.2.
    @Test("mean and deviation over repetitions are the sample's")
    func statistics() throws {
        func evaluation(_ accuracies: [Double]) -> Evaluation {
            Evaluation(
                accuracies: accuracies, losses: [], spikesPerStep: 0, layerSpikesPerStep: [], confusion: [])
        }
        let three = evaluation([0.5, 0.7, 0.9])
        #expect(abs(three.meanAccuracy - 0.7) < 1e-12)
        #expect(abs(try #require(three.accuracyDeviation) - 0.2) < 1e-12)
        #expect(evaluation([0.5]).accuracyDeviation == nil)
        #expect(evaluation([]).meanAccuracy == 0)
    }

    @Test(
        "the loss of 300 Fashion-MNIST images goes down",
        .enabled(if: isFashionInstalled, "Fashion-MNIST is not installed"))
    func fashion() async throws {
        let images = try await DatasetCatalog.loadImages("fashion-mnist").train.prefix(300)
        var recipe = Recipe.standard
        (recipe.hiddenCounts, recipe.batchSize, recipe.epochCount) = ([100], 50, 4)
        let network = try recipe.network(
            inputCount: 784, classCount: 10,
            model: SyntheticImages.trainer().network.populations[0].model,
            seed: 1)
        var trainer = try Trainer(network: network, recipe: recipe, seed: 1, threads: 2)
        var losses: [Double] = []
        for _ in 0..<4 { losses.append(try #require(try trainer.trainEpoch(on: images)).loss) }
        #expect(losses[3] < 0.8 * losses[0], "\(losses)")
        #expect(zip(losses, losses.dropFirst()).allSatisfy(>), "\(losses)")
    }
}
