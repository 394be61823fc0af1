import Compute
import SpikeTrains

extension Network {
    /// Runs the network once on spikes of your own and returns those of every population.
    ///
    /// - Parameters:
    ///   - input: spikes of the inputs, `[sample][step][input][channel]`; of one channel, they arrive on all.
    ///   - seed: of the measurements; the same seed gives the same spikes.
    ///   - repetition: of the same input under the same seed, 0 ..< 65536: another one draws other numbers.
    ///   - parallelism: without effect on the result.
    /// - Returns: one raster a population, in the order of the graph's nodes.
    /// - Throws: ``NetworkError/raster(found:expected:)`` where the raster does not have the network's inputs, has no steps
    ///   or too many samples, ``NetworkError/repetition(_:)``, and `MemoryError` where the machine has not the memory that
    ///   the run takes.
    public func run(
        _ input: SpikeRaster, seed: UInt64, repetition: Int = 0,
        parallelism: Parallelism = Parallelism(threadCount: 1)
    ) throws -> [SpikeRaster] {
        let channelCount = graph.input.channelCount
        guard input.neuronCount == inputCount, input.stepCount > 0,
            input.channelCount == 1 || input.channelCount == channelCount
        else {
            throw NetworkError.raster(
                found:
                    "\(input.neuronCount) inputs of \(input.channelCount) channels, \(input.stepCount) steps",
                expected: "\(inputCount) inputs of \(channelCount) channels")
        }
        guard NetworkError.repetitions.contains(repetition) else {
            throw NetworkError.repetition(repetition)
        }
        let samples = Count(input.sampleCount)
        if let problem = graph.batchProblem(sampleCount: samples, stepCount: input.stepCount) {
            throw NetworkError.raster(found: problem, expected: "fewer samples")
        }
        let memory = SimulatorSize(
            graph, stepCount: input.stepCount, threadCount: parallelism.threadCount)
        try ProcessMemory.require(
            memory.forwardCeiling(sampleCount: samples), for: "the run", remedy: NetworkGraph.memoryRemedy)
        let simulator = NetworkSimulator(self, stepCount: input.stepCount, parallelism: parallelism)
        simulator.compile(self)
        simulator.run(
            self,
            input: input.channelCount == channelCount ? input : input.repeated(channelCount: channelCount),
            sampleIndices: Array(0..<input.sampleCount), seed: seed, epoch: repetition)
        return simulator.rasters
    }
}
