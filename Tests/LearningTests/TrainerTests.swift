import QuantumCircuits
import SpikeDatasets
import Neurons
import Testing

@testable import Learning

struct TrainerTests {
    private static let images = SyntheticImages.make(70)

    /// Recipes that take different ways through the code.
    static let recipes: [Recipe] = {
        let plain = SyntheticImages.recipe
        var clipped = plain
        (clipped.name, clipped.gradientNormLimit, clipped.regularization) = ("clipped", 0.05, 1e-3)
        var descent = plain
        (descent.name, descent.optimizer, descent.momentum) = ("sgd", .sgd, 0.9)
        (descent.loss, descent.surrogate, descent.encoding) = (.rate, .sigmoidDerivative, .latency)
        return [plain, clipped, descent]
    }()

    @Test("weights and metrics do not depend on the number of threads", arguments: recipes)
    func threads(recipe: Recipe) throws {
        var single = try SyntheticImages.trainer(recipe)
        let metrics = try single.trainEpoch(on: Self.images)?.arithmetic
        #expect(metrics != nil)
        for threads in 2...3 {
            var several = try SyntheticImages.trainer(recipe, threads: threads)
            #expect(try several.trainEpoch(on: Self.images)?.arithmetic == metrics)
            #expect(several.network == single.network, "\(threads) threads")
            #expect(several.optimizerState == single.optimizerState)
        }
    }

    @Test("the same seed gives the same run, another seed another one")
    func seeds() throws {
        func trained(seed: UInt64) throws -> Trainer {
            var trainer = try SyntheticImages.trainer(seed: seed)
            _ = try trainer.trainEpoch(on: Self.images)
            return trainer
        }
        let first = try trained(seed: 5)
        let again = try trained(seed: 5)
        #expect(again.network == first.network)
        let evaluation = try first.evaluate(on: Self.images, repetitions: 2)
        #expect(try again.evaluate(on: Self.images, repetitions: 2) == evaluation)
        #expect(try trained(seed: 6).network != first.network)
        // With the same initial weights, the seed still decides the spikes.
        let recipe = SyntheticImages.recipe
        let network = try SyntheticImages.trainer(seed: 5).network
        var other = try Trainer(network: network, recipe: recipe, seed: 6, threads: 1)
        _ = try other.trainEpoch(on: Self.images)
        #expect(other.network != first.network)
    }

    @Test("a run that stops after any batch and goes on is the uninterrupted run", arguments: recipes)
    func interruption(recipe: Recipe) throws {
        var whole = try SyntheticImages.trainer(recipe)
        var expected: [EpochMetrics] = []
        for _ in 0..<2 {
            expected.append(try #require(try whole.trainEpoch(on: Self.images)).arithmetic)
        }
        // 70 images in batches of 16: five batches an epoch.
        for stop in 1...10 {
            var trainer = try SyntheticImages.trainer(recipe)
            var metrics: [EpochMetrics] = []
            var batches = 0
            while trainer.progress.epoch < 2 {
                let done = try trainer.trainEpoch(on: Self.images) { _ in
                    batches += 1
                    return batches != stop
                }
                if let done {
                    metrics.append(done.arithmetic)
                } else {
                    // Stopped: from here on a copy trains, and the original goes astray without effect on it.
                    let copy = trainer
                    _ = try trainer.trainEpoch(on: SyntheticImages.make(32, seed: 9))
                    trainer = copy
                }
            }
            #expect(batches == 10)
            #expect(metrics == expected, "stopped after batch \(stop)")
            #expect(trainer.network == whole.network, "stopped after batch \(stop)")
            #expect(trainer.optimizerState == whole.optimizerState)
        }
    }

    @Test(
        "the loss of easy images goes down, for every model",
        arguments: ["exchange", "partial-swap", "memoryless", "last-spike-feedback"])
    func learning(name: String) throws {
        let model: any NeuronModel =
            switch name {
            case "last-spike-feedback": LastSpikeFeedback()
            case "memoryless": MemorylessSQS(try Ansatz.exchange.circuit())
            default: SQS(try Ansatz.named(name).circuit())
            }
        var recipe = SyntheticImages.recipe
        recipe.epochCount = 6
        var trainer = try SyntheticImages.trainer(recipe, model: model)
        let before = try trainer.evaluate(on: Self.images)
        var losses: [Double] = []
        for _ in 0..<6 { losses.append(try #require(try trainer.trainEpoch(on: Self.images)).loss) }
        #expect(losses[5] < 0.6 * losses[0], "\(losses)")
        let after = try trainer.evaluate(on: Self.images, repetitions: 3)
        #expect(after.meanAccuracy > 0.9, "before \(before.meanAccuracy), after \(after.accuracies)")
    }

    @Test("an epoch's metrics count what the trainer did")
    func metrics() throws {
        var trainer = try SyntheticImages.trainer(Self.recipes[1])
        var seen: [Int] = []
        let metrics = try #require(
            try trainer.trainEpoch(on: Self.images) { progress in
                seen.append(progress.sampleCount)
                return true
            })
        #expect(seen == [16, 32, 48, 64, 70])
        #expect(metrics.epoch == 1)
        #expect(trainer.progress == TrainingProgress(epoch: 1))
        #expect(metrics.layerSpikesPerStep.count == 2)
        #expect(abs(metrics.spikesPerStep - metrics.layerSpikesPerStep.reduce(0, +)) < 1e-9)
        #expect((0...70).contains(metrics.layerSpikesPerStep[0]))
        #expect((0...12).contains(metrics.layerSpikesPerStep[1]))
        #expect((0...1).contains(metrics.trainAccuracy))
        // (3) lies between λ and λ times the neurons of each layer.
        #expect(metrics.regulariser > 2e-3 && metrics.regulariser < 82e-3)
    }

    @Test("stopping after the last batch of an epoch ends the epoch")
    func stopAtTheEnd() throws {
        var trainer = try SyntheticImages.trainer()
        let metrics = try trainer.trainEpoch(on: Self.images) { $0.batch < 5 }
        #expect(metrics?.epoch == 1)
        #expect(trainer.progress.epoch == 1 && trainer.progress.batch == 0)
    }
}
