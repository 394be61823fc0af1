import SpikeTrains
import Testing

@Suite("Spike statistics")
struct SpikeStatisticsTests {
    private func raster(samples: Int, steps: Int, neurons: Int, active: Int) -> SpikeRaster {
        var raster = SpikeRaster(sampleCount: samples, stepCount: steps, neuronCount: neurons)
        for index in 0..<active {
            raster[index % samples, index / samples % steps, index / samples / steps] = true
        }
        return raster
    }

    // By hand: 12 and 3 spikes over 2 samples × 3 steps.
    @Test("spikes are counted over the network, a layer, and a neuron, each for one step of one sample")
    func means() throws {
        let statistics = try SpikeStatistics([
            raster(samples: 2, steps: 3, neurons: 8, active: 12),
            raster(samples: 2, steps: 3, neurons: 2, active: 3),
        ])
        #expect(statistics.layers.map(\.spikeCount) == [12, 3])
        #expect(statistics.layers.map(\.spikesPerStep) == [2, 0.5])
        #expect(statistics.layers.map(\.spikesPerNeuronPerStep) == [0.25, 0.25])
        #expect(statistics.spikesPerStep == 2.5)
        #expect(statistics.spikesPerNeuronPerStep == 0.25)
    }

    @Test("batches of different size add up to the statistics of the whole")
    func batches() throws {
        var statistics = SpikeStatistics(neuronCounts: [10])
        try statistics.add([raster(samples: 4, steps: 5, neurons: 10, active: 30)])
        try statistics.add([raster(samples: 1, steps: 5, neurons: 10, active: 5)])
        // 35 spikes over 5 samples × 5 steps.
        #expect(statistics.spikesPerStep == 1.4)
        #expect(statistics.layers[0].rowCount == 25)
    }

    @Test("nothing counted is no spikes, not a division by zero")
    func empty() {
        let statistics = SpikeStatistics(neuronCounts: [10, 0])
        #expect(statistics.spikesPerStep == 0)
        #expect(statistics.spikesPerNeuronPerStep == 0)
        #expect(statistics.layers[1].spikesPerNeuronPerStep == 0)
    }
}
