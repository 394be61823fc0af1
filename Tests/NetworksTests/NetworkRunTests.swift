import SpikeTrains
import Testing

@testable import Networks

struct NetworkRunTests {
    @Test("a program's own raster gives a raster a layer, the same for the same seed, whatever the threads")
    func ownRaster() throws {
        let small = try SmallNetwork(SmallNetwork.exchange, counts: [70, 9], sampleCount: 5, stepCount: 6)
        let rasters = try small.network.run(small.input, seed: 3)
        #expect(rasters.map(\.neuronCount) == [70, 9])
        #expect(rasters.allSatisfy { $0.sampleCount == 5 && $0.stepCount == 6 && $0.spikeCount > 0 })
        #expect(try small.network.run(small.input, seed: 3, parallelism: .init(threadCount: 3)) == rasters)
        #expect(try small.network.run(small.input, seed: 4) != rasters)
        #expect(try small.network.run(small.input, seed: 3, repetition: 1) != rasters)
    }

    @Test("a raster that does not fit the inputs, or has no steps, is refused")
    func unfit() throws {
        let network = try SmallNetwork(SmallNetwork.exchange, counts: [3], sampleCount: 1, stepCount: 1)
            .network
        for (neurons, steps) in [(19, 2), (20, 0)] {
            let raster = SpikeRaster(sampleCount: 1, stepCount: steps, neuronCount: neurons)
            let error = NetworkError.raster(
                found: "\(neurons) inputs of 1 channels, \(steps) steps", expected: "20 inputs of 1 channels")
            #expect(throws: error) { try network.run(raster, seed: 1) }
        }
    }

    @Test("a raster without samples gives rasters without samples")
    func empty() throws {
        let network = try SmallNetwork(SmallNetwork.exchange, counts: [3], sampleCount: 1, stepCount: 1)
            .network
        let raster = SpikeRaster(sampleCount: 0, stepCount: 2, neuronCount: 20)
        #expect(try network.run(raster, seed: 1).map(\.sampleCount) == [0])
    }
}
