import Compute
import Networks
import SpikeTrains
import Testing

@testable import Learning

struct FirstSpikeTests {
    /// Two classes of two neurons over five steps: first spikes at 1 and 3, and at 2 and never.
    private static var raster: SpikeRaster {
        var raster = SpikeRaster(sampleCount: 1, stepCount: 5, neuronCount: 4)
        for (neuron, step) in [(0, 1), (0, 4), (1, 3), (2, 2)] { raster[0, step, neuron] = true }
        return raster
    }

    private static func outputs(_ raster: SpikeRaster) -> OutputActivity {
        OutputActivity(
            spikes: raster, sampleIndices: [0], ties: RandomStream(seed: 1, purpose: .tie))
    }

    private static func objective(learnsSpikeTimes: Bool) throws -> FirstSpikeClassification {
        FirstSpikeClassification(
            try FirstSpikeDecoder(classCount: 2, neuronsPerClass: 2), temperature: 3,
            learnsSpikeTimes: learnsSpikeTimes)
    }

    @Test("the class whose neurons fire first in the mean wins, silence counts as the last")
    func decodes() throws {
        let decoder = try FirstSpikeDecoder(classCount: 2, neuronsPerClass: 2)
        #expect(decoder.times(Self.raster) == [4, 7])
        let random = RandomStream(seed: 1, purpose: .tie)
        #expect(try decoder.predictions(Self.raster, sampleIndices: [0], random: random) == [0])
        let silent = SpikeRaster(sampleCount: 200, stepCount: 5, neuronCount: 4)
        let classes = try decoder.predictions(silent, sampleIndices: Array(0..<200), random: random)
        // 5σ of 200 fair coins.
        #expect((65...135).contains(classes.reduce(0, +)))
        #expect(throws: SpikeTrainError.neuronCount(found: [3], expected: [4])) {
            try decoder.predictions(
                SpikeRaster(sampleCount: 1, stepCount: 1, neuronCount: 3), sampleIndices: [0], random: random)
        }
    }

    @Test("the loss is the cross-entropy of the earliness, and errors are its changes")
    func losses() throws {
        var objective = try Self.objective(learnsSpikeTimes: true)
        let targets = Targets.classes([1])
        // 1 − 4/10 and 1 − 7/10, times 3.
        let earliness = [0.6, 0.3]
        let loss = Loss.softmaxCrossEntropy(temperature: 3)
        #expect(
            abs(
                try #require(objective.judge(Self.outputs(Self.raster), targets).lossSum)
                    - loss.value(rates: earliness, label: 1)) < 1e-6)
        let slopes = loss.gradient(rates: earliness, label: 1).map { Float(-$0 / 10) }
        let (_, errors) = objective.learn(Self.outputs(Self.raster), targets)
        guard case .perStep(let values) = errors else { throw Unexpected() }
        for (neuron, first) in [1, 3, 2, 5].enumerated() {
            for step in 0..<5 {
                let expected = step > first ? slopes[neuron / 2] : 0
                #expect(abs(values[step * 4 + neuron] - expected) < 1e-6)
            }
        }
    }

    @Test("for other neurons errors are derivatives: what a spike more or less at a step does to the times")
    func derivatives() throws {
        var objective = try Self.objective(learnsSpikeTimes: false)
        let targets = Targets.classes([1])
        let (_, errors) = objective.learn(Self.outputs(Self.raster), targets)
        guard case .perStep(let values) = errors else { throw Unexpected() }
        let slopes = Loss.softmaxCrossEntropy(temperature: 3).gradient(rates: [0.6, 0.3], label: 1)
        for neuron in 0..<4 {
            for step in 0..<5 {
                var (with, without) = (Self.raster, Self.raster)
                with[0, step, neuron] = true
                without[0, step, neuron] = false
                let label = neuron / 2
                let change = objective.times.times(with)[label] - objective.times.times(without)[label]
                // The time of a class is a sum over two neurons, and its earliness 1 − time/10.
                #expect(abs(Double(values[step * 4 + neuron]) + slopes[label] * Double(change) / 10) < 1e-6)
            }
        }
    }

    private struct Unexpected: Error {}
}
