import Compute
import Files
import Glibc
import Networks
import Neurons
import SpikeTrains

/// A model of one neuron's spikes: a neuron, or hidden ones and one that they give their spikes to, with the inputs of a train.
///
/// Written as JSON, `schema: sqsnn.spike-train-model/1`.
public struct SpikeTrainModel: Sendable {
    /// Steps of a lag, of each input.
    public let lags: [Int]
    /// What is taken off each delayed input, and what it is then divided by.
    public let scales: [Scale]
    /// Width of a step in the unit of the file that the train came from.
    public let stepWidth: Double
    /// The network, of one output; its inputs are the delayed ones and last a 1.
    public let network: Network

    public struct Scale: Sendable, Hashable, Codable {
        public let mean: Float
        public let deviation: Float

        public init(mean: Float, deviation: Float) { (self.mean, self.deviation) = (mean, deviation) }

        /// That of some numbers; of numbers that do not vary 1.
        init(of values: [Float]) {
            let numbers = values.map { Double($0) }
            mean = Float(SampleStatistics.mean(of: numbers))
            let found = SampleStatistics.standardDeviation(of: numbers) ?? 0
            deviation = found > 0 ? Float(found) : 1
        }
    }

    init(lags: [Int], scales: [Scale], stepWidth: Double, network: Network) {
        (self.lags, self.scales, self.stepWidth, self.network) = (lags, scales, stepWidth, network)
    }

    /// A network for a train's inputs.
    static func network(
        inputCount: Int, neuron: any NeuronModel, hiddenCount: Int, outputCount: Int
    ) throws -> Network {
        let hidden = NetworkGraph.Node("hidden", model: neuron, neuronCount: max(hiddenCount, 1))
        let output = NetworkGraph.Node("output", model: neuron, neuronCount: outputCount)
        let edges: [NetworkGraph.Edge] =
            hiddenCount == 0
            ? [.init("input", "output")]
            : [.init("input", "hidden"), .init("hidden", "output"), .init("input", "output")]
        return try Network(
            NetworkGraph(
                input: .init("input", neuronCount: inputCount, signal: .values),
                nodes: hiddenCount == 0 ? [output] : [hidden, output], edges: edges, outputs: ["output"]))
    }

    /// What the network is given, of some steps.
    func series(_ inputs: [[Float]], stepCount: Int) throws -> ValueSeries {
        var values: [Float] = []
        values.reserveCapacity(stepCount * (inputs.count + 1))
        for step in 0..<stepCount {
            for (input, scale) in zip(inputs, scales) {
                values.append((input[step] - scale.mean) / scale.deviation)
            }
            values.append(1)
        }
        return try ValueSeries(
            values, sampleCount: 1, stepCount: stepCount, inputCount: inputs.count + 1)
    }

    /// log p(s_t | s^{t−1}) of each step of a train, nats; with hidden neurons the mean over their spikes of some passes, which is at most
    /// that in expectation (16).
    ///
    /// - Parameter passes: over the hidden spikes.
    /// - Throws: ``SpikeFitError/train(_:)`` for a train of other inputs; `MemoryError`.
    public func logLikelihoods(of train: SpikeTrain, passes: Int = 32, seed: UInt64 = 1) throws -> [Double] {
        let train = try train.delayed(by: lags)
        guard train.inputs.count == scales.count else {
            throw SpikeFitError.train(
                "found a train with \(train.inputs.count) delayed inputs, expected \(scales.count) as in the model"
            )
        }
        let likelihoods = try Self.outputLikelihoods(
            network, try series(train.inputs, stepCount: train.stepCount), train.spikes,
            passes: network.populations.count > 1 ? passes : 1, seed: seed)
        return likelihoods.map(\.[0])
    }

    /// Mean over the passes of log p of each step and output, all outputs being given the same spikes: `[step][output]`.
    static func outputLikelihoods(
        _ network: Network, _ series: ValueSeries, _ spikes: [Bool], passes: Int, seed: UInt64
    ) throws -> [[Double]] {
        let count = network.outputCount
        try ProcessMemory.require(
            SimulatorSize(network.graph, stepCount: spikes.count, threadCount: 1, precision: .float32)
                .forwardCeiling(sampleCount: Count(passes)), for: "the likelihood",
            remedy: "take a shorter train or fewer passes")
        let simulator = NetworkSimulator(
            network, stepCount: spikes.count, parallelism: Parallelism(threadCount: 1), precision: .float32)
        simulator.compile(network)
        var given = SpikeRaster(sampleCount: 1, stepCount: spikes.count, neuronCount: count)
        for step in spikes.indices where spikes[step] {
            for neuron in 0..<count { given[0, step, neuron] = true }
        }
        simulator.run(
            network, input: series.networkInput.repeatingSamples(passes), sampleIndices: Array(0..<passes),
            seed: seed, epoch: 0, given: [network.outputIndex: given.repeatingSamples(passes)])
        let found = simulator.outputLikelihoods(network)
        return spikes.indices.map { step in
            (0..<count).map { neuron in
                (0..<passes).reduce(0.0) { sum, pass in
                    let likelihood = found[(pass * spikes.count + step) * count + neuron]
                    return sum + Double(log(max(likelihood, .leastNormalMagnitude)))
                } / Double(passes)
            }
        }
    }

    /// Spikes that the model gives.
    ///
    /// - Parameter inputs: `[input][step]`, as of the trains that it was fitted to.
    public func generate(stepCount: Int, inputs: [[Float]] = [], seed: UInt64) throws -> [Bool] {
        let delayed = inputs.flatMap { input in
            lags.map { lag in (0..<stepCount).map { input[max($0 - lag, 0)] } }
        }
        guard delayed.count == scales.count, inputs.allSatisfy({ $0.count >= stepCount }) else {
            throw SpikeFitError.train(
                "found \(inputs.count) inputs, expected those that the model was fitted with, of \(stepCount) steps"
            )
        }
        let rasters = try network.run(try series(delayed, stepCount: stepCount), seed: seed)
        return (0..<stepCount).map { rasters[network.outputIndex][0, $0, 0] }
    }
}
