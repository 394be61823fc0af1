import Compute
import SpikeTrains

extension Network {
    /// Runs the network once on spikes, or values, of your own and returns the spikes of every population.
    ///
    /// - Parameters:
    ///   - input: spikes of the inputs, `[sample][step][input][channel]`; of one channel, they arrive on all. For a graph whose
    ///     input has the signal `values`, a `ValueSeries`.
    ///   - seed: of the measurements; the same seed gives the same spikes.
    ///   - repetition: of the same input under the same seed, 0 ..< 65536: another one draws other numbers.
    ///   - precision: of the sums over full projections.
    ///   - parallelism: without effect on the result.
    /// - Returns: one raster a population, in the order of the graph's nodes.
    /// - Throws: ``NetworkError/raster(found:expected:)`` where the raster does not have the network's inputs, has no steps
    ///   or too many samples, ``NetworkError/repetition(_:)``, and `MemoryError` where the machine has not the memory that
    ///   the run takes.
    public func run(
        _ input: some NetworkInputConvertible, seed: UInt64, repetition: Int = 0,
        precision: SumPrecision = .float32, parallelism: Parallelism = Parallelism(threadCount: 1)
    ) throws -> [SpikeRaster] {
        let input = input.networkInput
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
        _ input: some NetworkInputConvertible, recording quantities: Set<Activity.Quantity>,
        of names: [String]? = nil, seed: UInt64, repetition: Int = 0, precision: SumPrecision = .float32,
        parallelism: Parallelism = Parallelism(threadCount: 1)
    ) throws -> Activity {
        let input = input.networkInput
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

    private func check(_ input: NetworkInput, repetition: Int) throws(NetworkError) {
        let (channelCount, signal) = (graph.input.channelCount, graph.input.signal)
        guard input.signal == signal, input.inputCount == inputCount, input.stepCount > 0,
            input.channelCount == 1 || input.channelCount == channelCount
        else {
            func text(_ inputCount: Int, _ channelCount: Int, _ signal: InputSignal) -> String {
                "\(inputCount) inputs of \(channelCount) channels" + (signal == .values ? " of values" : "")
            }
            throw .raster(
                found: text(input.inputCount, input.channelCount, input.signal)
                    + ", \(input.stepCount) steps",
                expected: text(inputCount, channelCount, signal))
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
    fileprivate func run(_ network: Network, once input: NetworkInput, seed: UInt64, repetition: Int) {
        compile(network)
        run(
            network, input: input.repeated(channelCount: network.graph.input.channelCount),
            sampleIndices: Array(0..<input.sampleCount), seed: seed, epoch: repetition)
    }
}
