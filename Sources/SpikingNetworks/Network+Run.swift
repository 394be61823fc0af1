import Compute
import SpikeTrains

extension Network {
    /// Runs the network once on spikes of your own and returns those of every layer.
    ///
    /// - Parameters:
    ///   - input: spikes of the inputs, `[sample][step][input]`.
    ///   - seed: of the measurements; the same seed gives the same spikes.
    ///   - repetition: of the same input under the same seed, 0 ..< 65536: another one draws other numbers.
    ///   - parallelism: without effect on the result.
    /// - Returns: one raster a layer, input side first.
    /// - Throws: ``NetworkError/raster(found:expected:)`` where the raster does not have the network's inputs or has
    ///   no steps.
    public func run(
        _ input: SpikeRaster, seed: UInt64, repetition: Int = 0,
        parallelism: Parallelism = Parallelism(threadCount: 1)
    ) throws -> [SpikeRaster] {
        guard input.neuronCount == inputCount, input.stepCount > 0 else {
            throw NetworkError.raster(
                found: "\(input.neuronCount) inputs and \(input.stepCount) steps", expected: inputCount)
        }
        let simulator = NetworkSimulator(self, stepCount: input.stepCount, parallelism: parallelism)
        simulator.compile(self)
        simulator.run(
            self, input: input, sampleIndices: Array(0..<input.sampleCount), seed: seed, epoch: repetition)
        return simulator.rasters
    }
}
