import Compute
import QuantumCircuits
import SpikeTrains
import Neurons

@testable import Networks

/// A network with random parameters, and random spikes for its inputs.
struct SmallNetwork: Sendable {
    var network: Network
    let input: SpikeRaster
    /// Identities of the samples: not their positions.
    let sampleIndices: [Int]
    static let (seed, epoch) = (UInt64(41), 5)

    /// - Parameter counts: neurons of each layer, input side first.
    init(
        _ model: any NeuronModel, inputCount: Int = 20, counts: [Int], sampleCount: Int, stepCount: Int
    ) throws {
        network = try Network(
            inputCount: inputCount, populations: counts.map { try Population(model: model, neuronCount: $0) })
        try network.initialize(seed: Self.seed, weightGain: 2, angleMean: 0.7, angleDeviation: 0.8)
        var random = RandomStream(seed: Self.seed, purpose: .analysis).generator()
        var raster = SpikeRaster(sampleCount: sampleCount, stepCount: stepCount, neuronCount: inputCount)
        for sample in 0..<sampleCount {
            for step in 0..<stepCount {
                for input in 0..<inputCount { raster[sample, step, input] = Bool.random(using: &random) }
            }
        }
        input = raster
        sampleIndices = (0..<sampleCount).map { 10_000 - 13 * $0 }
    }

    static let exchange = SQS(circuit(.exchange))
    static let partialSwap = SQS(circuit(.partialSwap))
    static let models: [any NeuronModel] = [
        exchange, partialSwap, MemorylessSQS(circuit(.exchange)), LastSpikeFeedback(),
    ]

    private static func circuit(_ ansatz: Ansatz) -> Circuit {
        guard let circuit = try? ansatz.circuit() else { preconditionFailure("\(ansatz.name) has a circuit") }
        return circuit
    }

    func simulator(
        threadCount: Int = 1, precision: SumPrecision = .float32, instructionSet: InstructionSet = .current
    ) -> NetworkSimulator {
        let simulator = NetworkSimulator(
            network, stepCount: input.stepCount, parallelism: Parallelism(threadCount: threadCount),
            precision: precision, instructionSet: instructionSet)
        simulator.compile(network)
        return simulator
    }

    /// Runs all samples.
    func run(_ simulator: NetworkSimulator, regularizes: Bool = false) {
        simulator.run(
            network, input: input, sampleIndices: sampleIndices, seed: Self.seed, epoch: Self.epoch,
            regularizes: regularizes)
    }

    /// The rows of some samples of a raster.
    static func part(_ samples: Range<Int>, of raster: SpikeRaster) -> SpikeRaster {
        var part = SpikeRaster(
            sampleCount: samples.count, stepCount: raster.stepCount, neuronCount: raster.neuronCount)
        for (place, sample) in samples.enumerated() {
            for step in 0..<raster.stepCount {
                for neuron in raster.activeNeurons(sample: sample, step: step) {
                    part[place, step, neuron] = true
                }
            }
        }
        return part
    }

    func reference(layer: Int, neuron: Int) throws -> ReferenceNeuron {
        let population = network.populations[layer]
        return try ReferenceNeuron(
            population.model, parameters: population[parameters: neuron].map { Double($0) })
    }

    /// (1) in plain code: the sum of the weights of the active inputs.
    func current(layer: Int, neuron: Int, presynaptic: [Int]) -> Double {
        presynaptic.reduce(0) { $0 + Double(network.projections[layer][$1, neuron]) }
    }

    /// Spikes of the inputs of a layer at one step, in the last run of a simulator.
    func presynaptic(_ layer: Int, _ rasters: [SpikeRaster], sample: Int, step: Int) -> [Int] {
        (layer == 0 ? input : rasters[layer - 1]).activeNeurons(sample: sample, step: step)
    }
}

/// Keeps the gradient that a simulator hands over.
final class GradientKeeper: GradientReceiver, @unchecked Sendable {
    // Each element is written once, by one thread; it is read after the pass.
    let weights: [WorkingBuffer<Float>]
    let angles: [WorkingBuffer<Float>]

    init(_ network: Network) {
        // NaN, so that an element that was never handed over shows.
        func unset(_ count: Int) -> WorkingBuffer<Float> {
            let buffer = WorkingBuffer<Float>(count: count)
            buffer.view.fill(with: .nan)
            return buffer
        }
        weights = network.projections.map { unset($0.weights.count) }
        angles = network.populations.map { unset($0.parameters.count) }
    }

    func receiveWeights(projection: Int, offset: Int, gradient: BufferView<Float>) {
        weights[projection].view[offset..<offset + gradient.count].copy(gradient)
    }

    func receiveParameters(population: Int, offset: Int, gradient: BufferView<Float>) {
        angles[population].view[offset..<offset + gradient.count].copy(gradient)
    }

    /// The gradient in the shape of the network, and the lanes that belong to no neuron.
    func weight(_ network: Network, layer: Int, input: Int, neuron: Int) -> Double {
        let inputCount = network.projections[layer].inputCount
        let place = (neuron / tileWidth * inputCount + input) * tileWidth + neuron % tileWidth
        return Double(weights[layer][place])
    }

    func angle(_ network: Network, layer: Int, neuron: Int, angle: Int) -> Double {
        let angleCount = network.populations[layer].model.parameterCount
        let place = (neuron / tileWidth * angleCount + angle) * tileWidth + neuron % tileWidth
        return Double(angles[layer][place])
    }

    /// All elements, bit for bit.
    var bits: [[UInt32]] { (weights + angles).map { $0.array.map(\.bitPattern) } }
}
