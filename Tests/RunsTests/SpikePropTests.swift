import Compute
import Learning
import Neurons
import Testing

@testable import Runs

struct SpikePropTests {
    private static func configuration(_ gradient: SpikeGradient, loss: Recipe.LossKind) throws
        -> RunConfiguration
    {
        var recipe = SyntheticImages.recipe
        (recipe.stepCount, recipe.epochCount, recipe.loss, recipe.weightGain) = (10, 8, loss, 3)
        let neuron = try QLIF(spikeGradient: gradient)
        return RunConfiguration(dataset: "synthetic", neuron: neuron, seed: 1, recipe: recipe)
    }

    @Test("QLIF learns by the times of its spikes, as by the surrogate", arguments: SpikeGradient.allCases)
    func learns(gradient: SpikeGradient) throws {
        let images = SyntheticImages.make(96)
        var trainer = try Self.configuration(gradient, loss: .firstSpike).networkTrainer(
            for: images, threads: 1)
        var losses: [Double] = []
        for _ in 0..<8 { losses.append(try #require(try trainer.trainEpoch(on: images)).loss) }
        #expect(losses[7] < 0.8 * losses[0], "\(losses)")
        #expect(try trainer.evaluate(on: SyntheticImages.make(60, seed: 2)).meanAccuracy > 0.8)
    }

    @Test("rates do not depend on times: refused")
    func refuses() throws {
        #expect(
            throws: LearningError.recipe(
                "loss is softmax, expected first-spike: the output neurons learn by the times of their spikes, which rates do "
                    + "not know")
        ) {
            try Self.configuration(.spikeTime, loss: .softmax).networkTrainer(
                for: SyntheticImages.make(10), threads: 1)
        }
    }
}
