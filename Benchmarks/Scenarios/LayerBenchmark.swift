import Compute
import Files
import Learning
import Networks
import SpikeTrains

/// One full projection onto one population, forward and back through time, without an optimiser: what `sqsnn bench layer`
/// prints. It is what Open Neuromorphic's benchmark asks of every library.
///
/// The loss is the sum of all spikes of the layer, so that every ∂L/∂s is 1. All repetitions take the same input.
public struct LayerBenchmark: Sendable, Encodable {
    public let workload: Workload
    /// Currents and neurons of all steps.
    public let forward: Measurement
    /// The same and the gradient of the weights.
    public let forwardBackward: Measurement
    /// Of the layer, mean over its neurons and the steps.
    public let spikesPerNeuronStep: Double

    /// - Parameters:
    ///   - workload: whose hidden neurons are the layer; its outputs are not used.
    ///   - gain: of the weights, uniform in ±gain/√inputs.
    ///   - record: NPZ file to write: what ``LayerScenario`` says.
    /// - Throws: `MemoryError`, `FileError`.
    public static func measure(
        _ workload: Workload, gain: Double = 1, record: String? = nil
    ) async throws -> LayerBenchmark {
        var layer = try LayerScenario(workload, gain: gain)
        let forward = try await Measurement(&layer, plan: .pass)
        layer.isReversed = true
        let forwardBackward = try await Measurement(&layer, plan: .pass)
        if let record { try NPZFile.write(layer.arrays, to: record) }
        let neuronSteps = workload.hiddenCount * workload.stepCount * workload.batchSize
        return LayerBenchmark(
            workload: workload, forward: forward, forwardBackward: forwardBackward,
            spikesPerNeuronStep: Double(layer.spikes.spikeCount) / Double(neuronSteps))
    }

    /// The table as lines of text.
    public var lines: [String] {
        func row(_ name: String, _ measurement: Measurement) -> [String] {
            measurement.cells(name, unit: "additions") + [measurement.peakMemoryText]
        }
        return TextTable.lines([
            ["pass", "median", "minimum", "rate", "peak memory"], row("forward", forward),
            row("forward and backward", forwardBackward),
        ])
    }

    enum CodingKeys: String, CodingKey {
        case version, configuration
        case instructionSet = "instruction_set"
        case forwardSeconds = "forward_seconds"
        case forwardBackwardSeconds = "forward_backward_seconds"
        case spikesPerNeuronStep = "spikes_per_neuron_step"
        case peakMemoryBytes = "peak_memory_bytes"
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(Software.version, forKey: .version)
        try container.encode(InstructionSet.current.name, forKey: .instructionSet)
        try container.encode(workload, forKey: .configuration)
        try container.encode(forward.timing, forKey: .forwardSeconds)
        try container.encode(forwardBackward.timing, forKey: .forwardBackwardSeconds)
        try container.encode(spikesPerNeuronStep, forKey: .spikesPerNeuronStep)
        try container.encode(forwardBackward.peakMemoryBytes, forKey: .peakMemoryBytes)
    }
}

private struct LayerScenario: Scenario {
    private let network: Network
    private let simulator: NetworkSimulator
    private let input: SpikeRaster
    private let outputErrors: OutputErrors
    private let gradient: GradientStore
    private let sampleIndices: [Int]
    var isReversed = false

    init(_ workload: Workload, gain: Double) throws {
        let graph = try NetworkGraph(
            inputCount: workload.inputCount, layers: [(workload.model, workload.hiddenCount)])
        let size = SimulatorSize(
            graph, stepCount: workload.stepCount, threadCount: workload.threadCount,
            precision: workload.precision)
        // The network and a gradient as large as it.
        let memory =
            size.memoryCeiling(sampleCount: Count(workload.batchSize), regularizes: false)
            + graph.networkBytes + graph.networkBytes
        try ProcessMemory.require(
            memory, for: "the layer", remedy: "take fewer neurons, a smaller batch, or fewer steps")
        var network = try Network(graph)
        try network.initialize(seed: Workload.seed, weightGain: gain)
        self.network = network
        simulator = NetworkSimulator(
            network, stepCount: workload.stepCount, parallelism: workload.parallelism,
            precision: workload.precision)
        simulator.compile(network)
        input = workload.input(repetition: 0)
        outputErrors = .perSample(
            [Float](repeating: 1, count: workload.batchSize * workload.hiddenCount))
        gradient = GradientStore(network, trained: .all)
        sampleIndices = workload.sampleIndices(repetition: 0)
    }

    func run() {
        simulator.run(network, input: input, sampleIndices: sampleIndices, seed: Workload.seed, epoch: 0)
        guard isReversed else { return }
        _ = simulator.reverse(
            network, outputErrors: outputErrors, surrogate: .straightThrough, regularization: 0,
            receiver: gradient)
    }

    /// Additions of the sums over the synapses, each way.
    var work: Double { Double(input.spikeCount * network.outputCount * (isReversed ? 2 : 1)) }

    var spikes: SpikeRaster { simulator.outputRaster }

    /// What another program needs to repeat the passes and to compare: `weights`, `[neuron][input]`; `input` and `spikes`,
    /// `[sample][step][byte]`, eight neurons a byte, the first in its lowest bit, padded to whole words; and `gradient` of
    /// the first neurons, at most 64 of them, `[neuron][input]`.
    var arrays: [NamedArray] {
        let projection = network.projections[0]
        let (inputCount, neuronCount) = (projection.inputCount, projection.neuronCount)
        func rows(_ count: Int, _ value: (_ input: Int, _ neuron: Int) -> Float) -> NamedArray.Elements {
            .floats((0..<count).flatMap { neuron in (0..<inputCount).map { value($0, neuron) } })
        }
        func packed(_ name: String, _ raster: SpikeRaster) -> NamedArray {
            NamedArray(
                [name], dimensions: [raster.sampleCount, raster.stepCount, 8 * raster.wordsPerRow],
                .bytes(
                    raster.words.withUnsafeBufferPointer { Array(UnsafeRawBufferPointer($0)) }))
        }
        let compared = min(neuronCount, tileWidth)
        let weightErrors = gradient.weights[0].view
        return [
            NamedArray(
                ["weights"], dimensions: [neuronCount, inputCount],
                rows(neuronCount) { projection[$0, $1] }),
            packed("input", input), packed("spikes", spikes),
            NamedArray(
                ["gradient"], dimensions: [compared, inputCount],
                // The first tile of the packed weights.
                rows(compared) { weightErrors[$0 * tileWidth + $1] }),
        ]
    }
}

extension RepetitionPlan {
    /// For what takes from milliseconds to a minute and is measured in several rounds.
    fileprivate static let pass = RepetitionPlan(warmUpCount: 1, leastCount: 1, seconds: 0.5)
}
