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

    static func all() throws -> [GraphExample] { try [feedforward(), cyclic(), channels()] }
}
