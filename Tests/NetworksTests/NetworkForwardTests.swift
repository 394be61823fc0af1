import Compute
import SpikeTrains
import Neurons
import Testing

@testable import Networks

struct NetworkForwardTests {
    /// Expected values: a plain loop. Currents by (1); firing probabilities from the reference neuron with the
    /// spikes forced that were drawn; random numbers from the scalar stream at the documented address.
    @Test("a network is its layers run one after the other", arguments: SmallNetwork.models, [4, 7])
    func plainLoop(model: any NeuronModel, stepCount: Int) throws {
        let test = try SmallNetwork(model, counts: [70, 12], sampleCount: 3, stepCount: stepCount)
        let simulator = test.simulator()
        test.run(simulator)
        let rasters = simulator.rasters
        var (near, count) = (0, 0)
        for layer in 0..<2 {
            let stream = RandomStream(
                seed: SmallNetwork.seed, purpose: .spike, population: layer, epoch: SmallNetwork.epoch)
            for neuron in 0..<test.network.populations[layer].neuronCount {
                let reference = try test.reference(layer: layer, neuron: neuron)
                for sample in 0..<3 {
                    let currents = (0..<stepCount).map { step in
                        [
                            test.current(
                                layer: layer, neuron: neuron,
                                presynaptic: test.presynaptic(layer, rasters, sample: sample, step: step))
                        ]
                    }
                    let spikes = (0..<stepCount).map { [rasters[layer][sample, $0, neuron] ? 1 : 0] }
                    let firing = try reference.run(currents: currents, spikes: spikes).firingProbability
                    for step in 0..<stepCount {
                        let (tile, lane) = (neuron / 64, neuron % 64)
                        let words = stream.words(
                            sample: test.sampleIndices[sample], step: step, element: 16 * tile + lane % 16)
                        let random = Double(words[lane / 16] >> 9) * 0x1p-23
                        let probability = firing[step][0]
                        count += 1
                        if abs(random - probability) < 1e-5 {
                            near += 1
                        } else {
                            #expect(spikes[step] == [random < probability ? 1 : 0])
                        }
                    }
                }
            }
        }
        #expect(count == 3 * stepCount * 82)
        #expect(near <= 2, "decisions too close to tell")
        // Neither silent nor always firing: there was something to get wrong.
        for raster in rasters {
            let share = Double(raster.spikeCount) / Double(raster.rowCount * raster.neuronCount)
            #expect(share > 0.1 && share < 0.9)
        }
    }

    @Test("spikes do not depend on the number of threads", arguments: SmallNetwork.models)
    func threads(model: any NeuronModel) throws {
        let test = try SmallNetwork(model, counts: [130, 65, 10], sampleCount: 150, stepCount: 3)
        let single = test.simulator()
        test.run(single)
        for threadCount in 2...4 {
            let several = test.simulator(threadCount: threadCount)
            test.run(several)
            #expect(several.rasters == single.rasters, "\(threadCount) threads")
        }
    }

    @Test("spikes do not depend on how a data set is split into batches, nor on what ran before")
    func batches() throws {
        let sampleCount = 150
        let test = try SmallNetwork(
            SmallNetwork.exchange, counts: [70, 10], sampleCount: sampleCount, stepCount: 3)
        let whole = test.simulator()
        test.run(whole)
        let simulator = test.simulator(threadCount: 2)
        for batchSize in [1, 7, 64, 100] {
            for first in stride(from: 0, to: sampleCount, by: batchSize) {
                let samples = first..<min(first + batchSize, sampleCount)
                simulator.run(
                    test.network, input: SmallNetwork.part(samples, of: test.input),
                    sampleIndices: Array(test.sampleIndices[samples]), seed: SmallNetwork.seed,
                    epoch: SmallNetwork.epoch)
                #expect(simulator.rasters == whole.rasters.map { SmallNetwork.part(samples, of: $0) })
            }
        }
    }

    @Test("another seed or epoch gives other spikes, and keeping sums for the regulariser gives the same")
    func addresses() throws {
        let test = try SmallNetwork(SmallNetwork.exchange, counts: [70, 10], sampleCount: 20, stepCount: 3)
        let simulator = test.simulator()
        test.run(simulator)
        let rasters = simulator.rasters
        for (seed, epoch) in [(SmallNetwork.seed + 1, SmallNetwork.epoch), (SmallNetwork.seed, 6)] {
            simulator.run(
                test.network, input: test.input, sampleIndices: test.sampleIndices, seed: seed, epoch: epoch)
            #expect(simulator.rasters[0] != rasters[0])
        }
        test.run(simulator, regularizes: true)
        #expect(simulator.rasters == rasters)
        #expect(simulator.spikeCounts == rasters.map(\.spikeCount))
        #expect(simulator.outputRaster == rasters[1])
    }
}
