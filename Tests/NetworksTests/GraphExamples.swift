import Compute
import QuantumCircuits
import SpikeTrains
import Neurons
import Testing

@testable import Networks

/// Graphs with everything that a graph may have, and random spikes for them.
struct GraphExample: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var network: Network
    let input: SpikeRaster
    static let (seed, epoch) = (UInt64(23), 3)

    init(_ name: String, _ graph: NetworkGraph, sampleCount: Int = 3, stepCount: Int = 5) throws {
        testDescription = name
        network = try Network(graph)
        try network.initialize(seed: Self.seed, weightGain: 2, angleMean: 0.7, angleDeviation: 0.8)
        var random = RandomStream(seed: Self.seed, purpose: .analysis).generator()
        var raster = SpikeRaster(
            sampleCount: sampleCount, stepCount: stepCount, neuronCount: graph.input.neuronCount,
            channelCount: graph.input.channelCount)
        for sample in 0..<sampleCount {
            for step in 0..<stepCount {
                for neuron in 0..<graph.input.neuronCount {
                    for channel in 0..<graph.input.channelCount {
                        raster[sample, step, neuron, channel] = Bool.random(using: &random)
                    }
                }
            }
        }
        input = raster
    }

    func simulator(
        threadCount: Int = 1, truncation: Int? = nil, precision: SumPrecision = .float32,
        instructionSet: InstructionSet = .current
    ) -> NetworkSimulator {
        let simulator = NetworkSimulator(
            network, stepCount: input.stepCount, parallelism: Parallelism(threadCount: threadCount),
            truncation: truncation, precision: precision, instructionSet: instructionSet)
        simulator.compile(network)
        return simulator
    }

    func run(_ simulator: NetworkSimulator, regularizes: Bool = false) {
        simulator.run(
            network, input: input, sampleIndices: Array(0..<input.sampleCount), seed: Self.seed,
            epoch: Self.epoch, regularizes: regularizes)
    }

    static func model(_ ansatz: Ansatz, io: Int = 1, memory: Int = 1) throws -> any NeuronModel {
        SQS(try ansatz.circuit(ioQubits: io, memoryQubits: memory))
    }

    /// Layers with side branches: projections that meet, diverge and are delayed, of every connectivity.
    static func feedforward() throws -> GraphExample {
        try GraphExample(
            "feedforward",
            NetworkGraph(
                input: .init("pixels", neuronCount: 12),
                nodes: [
                    .init("plane", model: model(.exchange), neuronCount: 2 * 3 * 2),
                    .init("mirror", model: LastSpikeFeedback(), neuronCount: 12),
                    .init("mixed", model: model(.partialSwap, memory: 2), neuronCount: 70),
                    .init("out", model: model(.exchange, memory: 2), neuronCount: 3),
                ],
                edges: [
                    .init(
                        "pixels", "plane",
                        .convolution(
                            .init(height: 3, width: 4, kernelSize: 2, features: 2))),
                    .init("pixels", "mirror", .oneToOne, delay: 1),
                    .init("plane", "mixed", .random(probability: 0.4, seed: 5)),
                    .init("mirror", "mixed", delay: 1),
                    .init("pixels", "mixed"),
                    .init("mixed", "out"),
                    .init("plane", "out", .explicit([.init(3, 1), .init(0, 2, weight: 0.75)]), delay: 1),
                ]))
    }

    /// Two populations in a circle, one of them with synapses onto itself, and neurons that follow within the step.
    static func cyclic() throws -> GraphExample {
        try GraphExample(
            "cyclic",
            NetworkGraph(
                input: .init(neuronCount: 10),
                nodes: [
                    .init("left", model: model(.exchange), neuronCount: 66),
                    .init("right", model: model(.partialSwap), neuronCount: 5),
                    .init("out", model: LastSpikeFeedback(), neuronCount: 2),
                ],
                edges: [
                    .init("input", "left"),
                    .init("left", "left", .random(probability: 0.1, seed: 1), delay: 1),
                    .init("left", "right"),
                    .init("right", "left", delay: 1),
                    .init("right", "right", delay: 1),
                    .init("left", "out", delay: 1),
                    .init("right", "out"),
                ]))
    }

    /// Neurons of two channels, with a cycle.
    static func channels() throws -> GraphExample {
        try GraphExample(
            "channels",
            NetworkGraph(
                input: .init(neuronCount: 7, channelCount: 2),
                nodes: [
                    .init("hidden", model: model(.exchange, io: 2), neuronCount: 65),
                    .init("loop", model: model(.twoWay, io: 2), neuronCount: 4),
                    .init("out", model: model(.partialSwap, io: 2), neuronCount: 2),
                ],
                edges: [
                    .init("input", "hidden"),
                    .init("hidden", "loop", .random(probability: 0.5, seed: 2), delay: 1),
                    .init("loop", "loop", .oneToOne, delay: 1),
                    .init("loop", "out", .random(probability: 0.7, seed: 4)),
                    .init("hidden", "out"),
                ]), sampleCount: 2, stepCount: 4)
    }

    /// Spikes pooled before synapses of every kind: of the input, of planes that windows do not fill, of features that cross
    /// the words of a row, with and without delay.
    static func pooled() throws -> GraphExample {
        try GraphExample(
            "pooled",
            NetworkGraph(
                input: .init(neuronCount: 7 * 6),
                nodes: [
                    .init("coarse", model: LastSpikeFeedback(), neuronCount: 3 * 3),
                    .init("plane", model: model(.exchange), neuronCount: 6 * 5 * 5),
                    .init("maps", model: model(.exchange), neuronCount: 2 * 1 * 16),
                    .init("mixed", model: model(.partialSwap), neuronCount: 70),
                    .init("out", model: model(.exchange), neuronCount: 3),
                ],
                edges: [
                    .init("input", "coarse", .oneToOne, pooling: .init(height: 7, width: 6, size: 2)),
                    .init(
                        "input", "plane",
                        .convolution(.init(height: 7, width: 6, kernelSize: 2, features: 5))),
                    .init(
                        "plane", "maps",
                        .convolution(
                            .init(height: 3, width: 2, inputFeatures: 5, kernelSize: 2, features: 16)),
                        pooling: .init(height: 6, width: 5, features: 5, size: 2)),
                    .init(
                        "plane", "mixed", .random(probability: 0.6, seed: 3),
                        pooling: .init(height: 6, width: 5, features: 5, size: 3), delay: 1),
                    .init("coarse", "mixed", pooling: .init(height: 3, width: 3, size: 2), delay: 1),
                    .init(
                        "plane", "out", pooling: .init(height: 6, width: 5, features: 5, size: 2)),
                    .init("maps", "out", pooling: .init(height: 2, width: 1, features: 16, size: 1)),
                    .init("mixed", "out"),
                    .init("coarse", "out"),
                ]))
    }

    /// Neurons of two channels in cycles that spikes pass pooled.
    static func pooledCycle() throws -> GraphExample {
        try GraphExample(
            "pooled cycle",
            NetworkGraph(
                input: .init(neuronCount: 9, channelCount: 2),
                nodes: [
                    .init("ring", model: model(.exchange, io: 2), neuronCount: 5 * 4 * 2),
                    .init("back", model: model(.twoWay, io: 2), neuronCount: 1 * 1 * 3),
                    .init("out", model: model(.partialSwap, io: 2), neuronCount: 2),
                ],
                edges: [
                    .init("input", "ring"),
                    .init(
                        "ring", "ring", .random(probability: 0.5, seed: 4),
                        pooling: .init(height: 5, width: 4, features: 2, size: 2), delay: 1),
                    .init(
                        "ring", "back",
                        .convolution(
                            .init(height: 2, width: 2, inputFeatures: 2, kernelSize: 2, features: 3)),
                        pooling: .init(height: 5, width: 4, features: 2, size: 2)),
                    .init(
                        "back", "ring", pooling: .init(height: 1, width: 1, features: 3, size: 1), delay: 1),
                    .init("ring", "out", pooling: .init(height: 5, width: 4, features: 2, size: 4)),
                    .init("back", "out"),
                ]), sampleCount: 2, stepCount: 4)
    }

    static func all() throws -> [GraphExample] {
        try [feedforward(), cyclic(), channels(), pooled(), pooledCycle()]
    }
}
