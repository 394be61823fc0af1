import Compute
import SpikeTrains
import Testing

@testable import Learning
@testable import Runs

struct InferenceCostTests {
    /// Expected values: of full layers every spike goes to every neuron of the next; the evaluation tells the spikes of the layers, and
    /// the encoder those of the inputs.
    @Test("what inferences take are the spikes of the evaluation, times the neurons that they reach")
    func spikesTimesNeurons() throws {
        let images = SyntheticImages.make(300)
        var trainer = try SyntheticImages.trainer(threads: 2)
        _ = try trainer.trainEpoch(on: images)
        let cost = try trainer.inferenceCost(on: .images(images))
        let rows = 300 * trainer.plan.stepCount
        let hidden = Int((try trainer.evaluate(on: images).layerSpikesPerStep[0] * Double(rows)).rounded())
        let input = try RateEncoder().encode(
            pixels: images.pixels, inputCount: 36, sampleIndices: Array(0..<300),
            stepCount: trainer.plan.stepCount,
            random: RandomStream(seed: trainer.seed, purpose: .encoding, epoch: Evaluator.firstEpoch),
            parallelism: Parallelism(threadCount: 1))
        #expect(cost.operations.inferences == 300)
        #expect(cost.operations.dense == rows * (36 * 70 + 70 * 12))
        #expect(cost.operations.effectiveACs == input.spikeCount * 70 + hidden * 12)
        #expect(cost.neuronCount == 82 && cost.stepCount == 4 && cost.shots == 1)
        #expect(try trainer.inferenceCost(on: .images(images)) == cost)
    }
}
