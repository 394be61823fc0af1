import Compute
import SpikeTrains

extension Network {
    /// Runs the network once on spikes of your own and returns those of every population.
    ///
    /// - Parameters:
    ///   - input: spikes of the inputs, `[sample][step][input][channel]`; of one channel, they arrive on all.
    ///   - seed: of the measurements; the same seed gives the same spikes.
    ///   - repetition: of the same input under the same seed, 0 ..< 65536: another one draws other numbers.
    ///   - precision: of the sums over full projections.
    ///   - parallelism: without effect on the result.
    /// - Returns: one raster a population, in the order of the graph's nodes.
    /// - Throws: ``NetworkError/raster(found:expected:)`` where the raster does not have the network's inputs, has no steps
    ///   or too many samples, ``NetworkError/repetition(_:)``, and `MemoryError` where the machine has not the memory that
    ///   the run takes.
    public func run(
        _ input: SpikeRaster, seed: UInt64, repetition: Int = 0, precision: SumPrecision = .float32,
        parallelism: Parallelism = Parallelism(threadCount: 1)
    ) throws -> [SpikeRaster] {
        try check(input, repetition: repetition)
        let memory = SimulatorSize(
            graph, stepCount: input.stepCount, threadCount: parallelism.threadCount, precision: precision)
        try ProcessMemory.require(
            memory.forwardCeiling(sampleCount: Count(input.sampleCount)), for: "the run",
            remedy: NetworkGraph.memoryRemedy)
        let simulator = NetworkSimulator(
            self, stepCount: input.stepCount, parallelism: parallelism, precision: precision)
        simulator.run(self, once: input, seed: seed, repetition: repetition)
        return simulator.rasters
    }

    /// Runs the network once and records what it does: the same spikes as ``run(_:seed:repetition:precision:parallelism:)`` gives.
    ///
    /// - Parameters:
    ///   - quantities: what is recorded beside the spikes.
    ///   - names: of which populations; of all where nil.
    /// - Throws: as ``run(_:seed:repetition:precision:parallelism:)``, and ``NetworkError/population(_:known:)`` for a name that no
    ///   population has.
    public func activity(
        _ input: SpikeRaster, recording quantities: Set<Activity.Quantity>, of names: [String]? = nil,
        seed: UInt64, repetition: Int = 0, precision: SumPrecision = .float32,
        parallelism: Parallelism = Parallelism(threadCount: 1)
    ) throws -> Activity {
        try check(input, repetition: repetition)
        let known = graph.nodes.map(\.name)
        if let unknown = names?.first(where: { !known.contains($0) }) {
            throw NetworkError.population(unknown, known: known)
        }
        let size = SimulatorSize(
            graph, stepCount: input.stepCount, threadCount: parallelism.threadCount, precision: precision,
            keepsActivity: true)
        try ProcessMemory.require(
            size.activityCeiling(sampleCount: Count(input.sampleCount)), for: "the run and its record",
            remedy: NetworkGraph.memoryRemedy)
        let simulator = NetworkSimulator(
            self, stepCount: input.stepCount, parallelism: parallelism, precision: precision,
            keepsActivity: true)
        simulator.run(self, once: input, seed: seed, repetition: repetition)
        return simulator.activity(self, recording: quantities, of: Set(names ?? known))
    }

    private func check(_ input: SpikeRaster, repetition: Int) throws(NetworkError) {
        let channelCount = graph.input.channelCount
        guard input.neuronCount == inputCount, input.stepCount > 0,
            input.channelCount == 1 || input.channelCount == channelCount
        else {
            throw .raster(
                found:
                    "\(input.neuronCount) inputs of \(input.channelCount) channels, \(input.stepCount) steps",
                expected: "\(inputCount) inputs of \(channelCount) channels")
        }
        guard NetworkError.repetitions.contains(repetition) else { throw .repetition(repetition) }
        if let problem = graph.batchProblem(
            sampleCount: Count(input.sampleCount), stepCount: input.stepCount)
        {
            throw .raster(found: problem, expected: "fewer samples")
        }
    }
}

extension NetworkSimulator {
    /// Compiles a network and runs it on samples 0, 1, ….
    fileprivate func run(_ network: Network, once input: SpikeRaster, seed: UInt64, repetition: Int) {
        let channelCount = network.graph.input.channelCount
        compile(network)
        run(
            network,
            input: input.channelCount == channelCount ? input : input.repeated(channelCount: channelCount),
            sampleIndices: Array(0..<input.sampleCount), seed: seed, epoch: repetition)
    }
}
