import Compute
import Networks
import Neurons
import QuantumCircuits
import SpikeTrains
import Testing

@testable import Learning

/// Expected values: every synapse looked at, for every sample and step.
struct SynapticOperationsTests {
    private struct Case: CustomTestStringConvertible {
        let testDescription: String
        let network: Network
        let input: SpikeRaster
        let rasters: [SpikeRaster]

        /// Random weights, every seventh of them 0, and random spikes of all populations.
        init(_ name: String, _ graph: NetworkGraph, stepCount: Int = 3) throws {
            testDescription = name
            var network = try Network(graph)
            try network.initialize(seed: 5)
            for index in graph.edges.indices {
                network.withProjection(index) { projection in
                    var number = 0
                    for current in 0..<projection.currentCount {
                        for input in 0..<projection.inputCount {
                            for neuron in 0..<projection.neuronCount where projection.connects(input, neuron)
                            {
                                number += 1
                                if number % 7 == 0 { projection[input, neuron, current] = 0 }
                            }
                        }
                    }
                }
            }
            self.network = network
            var random = RandomStream(seed: 9, purpose: .analysis).generator()
            func raster(_ neuronCount: Int, _ channelCount: Int) -> SpikeRaster {
                var raster = SpikeRaster(
                    sampleCount: 4, stepCount: stepCount, neuronCount: neuronCount, channelCount: channelCount
                )
                for sample in 0..<4 {
                    for step in 0..<stepCount {
                        for neuron in 0..<neuronCount {
                            for channel in 0..<channelCount {
                                raster[sample, step, neuron, channel] = Bool.random(using: &random)
                            }
                        }
                    }
                }
                return raster
            }
            input = raster(graph.input.neuronCount, graph.input.channelCount)
            rasters = graph.nodes.map { raster($0.neuronCount, $0.model.channelCount) }
        }

        var expected: SynapticOperations {
            var operations = SynapticOperations()
            operations.inferences = input.sampleCount
            for (edge, projection) in zip(network.graph.edges, network.projections) {
                let raster = network.graph.nodeIndex(edge.source).map { rasters[$0] } ?? input
                for sample in 0..<raster.sampleCount {
                    for step in 0..<raster.stepCount {
                        for input in 0..<projection.inputCount {
                            for neuron in 0..<projection.neuronCount where projection.connects(input, neuron)
                            {
                                for current in 0..<projection.currentCount {
                                    operations.dense += 1
                                    let channel = raster.channelCount == 1 ? 0 : current
                                    let sent = step - edge.delay
                                    if sent >= 0, raster[sample, sent, input, channel],
                                        projection[input, neuron, current] != 0
                                    {
                                        operations.effectiveACs += 1
                                    }
                                }
                            }
                        }
                    }
                }
            }
            return operations
        }
    }

    private static func graph(
        _ inputCount: Int, _ nodes: [NetworkGraph.Node], _ edges: [NetworkGraph.Edge], channels: Int = 1
    ) throws -> NetworkGraph {
        try NetworkGraph(
            input: .init(neuronCount: inputCount, channelCount: channels), nodes: nodes, edges: edges)
    }

    private static func cases() throws -> [Case] {
        let sqs = SQS(try Ansatz.exchange.circuit())
        let two = SQS(try Ansatz.exchange.circuit(ioQubits: 2, memoryQubits: 1))
        func pair(
            _ name: String, _ connectivity: Connectivity, from inputs: Int, to count: Int, delay: Int = 0
        ) throws -> Case {
            try Case(
                name,
                graph(
                    inputs, [.init("out", model: sqs, neuronCount: count)],
                    [.init("input", "out", connectivity, delay: delay)]))
        }
        let convolution = Connectivity.Convolution(
            height: 5, width: 4, inputFeatures: 2, kernelSize: 3, stride: 2, padding: 1, features: 3)
        return try [
            pair("full", .full, from: 70, to: 130),
            pair("one to one", .oneToOne, from: 67, to: 67),
            pair("random", .random(probability: 0.3, seed: 4), from: 20, to: 90),
            pair(
                "convolution", .convolution(convolution), from: 40,
                to: convolution.outputHeight * convolution.outputWidth * 3),
            pair("explicit", .explicit([.init(0, 2), .init(3, 1, weight: 0), .init(2, 2)]), from: 4, to: 3),
            pair("delayed", .full, from: 6, to: 5, delay: 1),
            Case(
                "two currents a neuron",
                graph(
                    9,
                    [
                        .init("hidden", model: QLIF(), neuronCount: 70),
                        .init("out", model: QLIF(), neuronCount: 3),
                    ],
                    [.init("input", "hidden"), .init("hidden", "out", .random(probability: 0.5, seed: 1))])),
            Case(
                "two channels and a cycle",
                graph(
                    7,
                    [
                        .init("hidden", model: two, neuronCount: 65),
                        .init("out", model: two, neuronCount: 2),
                    ],
                    [
                        .init("input", "hidden"),
                        .init("hidden", "hidden", .random(probability: 0.2, seed: 3), delay: 1),
                        .init("hidden", "out"),
                    ], channels: 2)),
            Case(
                "one step, all delayed",
                graph(
                    3, [.init("out", model: sqs, neuronCount: 2)], [.init("input", "out", delay: 1)]),
                stepCount: 1),
        ]
    }

    @Test("numbers that are given in place of spikes are multiplied with the weights that there are")
    func values() throws {
        var network = try Network(
            NetworkGraph(
                input: .init(neuronCount: 3, signal: .values),
                nodes: [
                    .init("hidden", model: LastSpikeFeedback(), neuronCount: 4),
                    .init("out", model: LastSpikeFeedback(), neuronCount: 2),
                ],
                edges: [.init("input", "hidden"), .init("input", "out", delay: 1), .init("hidden", "out")]))
        try network.initialize(seed: 1)
        network.withProjection(0) { $0[2, 1] = 0 }
        let series = try ValueSeries([1, 0, 2, 0, 0, 3], sampleCount: 1, stepCount: 2, inputCount: 3)
        var counter = SynapseCounter(network)
        counter.add(input: .values(series), rasters: try network.run(series, seed: 1))
        // Without delay numbers 1, 2 and 3 meet 4, 3 and 3 weights, with delay 1 and 2 meet 2 and 2.
        #expect(counter.operations.effectiveMACs == 4 + 3 + 3 + 2 + 2)
        #expect(counter.operations.dense == 2 * (12 + 6 + 8))
    }

    @Test("operations are those of a count synapse by synapse, for every connectivity", arguments: 0..<9)
    func bruteForce(index: Int) throws {
        let example = try Self.cases()[index]
        var counter = SynapseCounter(example.network)
        counter.add(input: .spikes(example.input), rasters: example.rasters)
        #expect(counter.operations == example.expected, "\(example.testDescription)")
        #expect(counter.operations.effectiveMACs == 0)
        // Twice the same run is twice the count.
        let once = counter.operations
        counter.add(input: .spikes(example.input), rasters: example.rasters)
        #expect(counter.operations.dense == 2 * once.dense)
        #expect(counter.operations.effectiveACs == 2 * once.effectiveACs)
        #expect(counter.operations.inferences == 8)
    }

    /// By hand: 2 inputs, 3 neurons, one of the six weights 0. Input 0 (fan-out 3) spikes twice, input 1 (fan-out 2) once.
    @Test("a small network by hand")
    func byHand() throws {
        var network = try Network(
            Self.graph(
                2, [.init("out", model: LIF(), neuronCount: 3)], [.init("input", "out")]))
        network.withProjection(0) { projection in
            for input in 0..<2 {
                for neuron in 0..<3 { projection[input, neuron] = input == 1 && neuron == 2 ? 0 : -0.5 }
            }
        }
        var input = SpikeRaster(sampleCount: 1, stepCount: 2, neuronCount: 2)
        input[0, 0, 0] = true
        input[0, 1, 0] = true
        input[0, 1, 1] = true
        var counter = SynapseCounter(network)
        counter.add(
            input: .spikes(input), rasters: [SpikeRaster(sampleCount: 1, stepCount: 2, neuronCount: 3)])
        #expect(counter.operations.dense == 12)
        #expect(counter.operations.effectiveACs == 2 * 3 + 2)
    }

    @Test(
        "shots are one for single-shot networks, counted where probabilities are estimated, none where they are exact"
    )
    func shots() throws {
        func shots(_ model: any NeuronModel) throws -> Int? {
            try SpikeExamples.network(inputCount: 3, layers: [5], model: model).shots(stepCount: 4)
        }
        #expect(try shots(SQS(try Ansatz.exchange.circuit())) == 1)
        #expect(try shots(LIF()) == 1)
        #expect(try shots(QLIF(shots: 30)) == 30 * 5 * 4)
        #expect(try shots(QLIF()) == nil)
        let mixed = try Network(
            Self.graph(
                3,
                [
                    .init("hidden", model: QLIF(shots: 1), neuronCount: 6),
                    .init("out", model: LIF(), neuronCount: 2),
                ], [.init("input", "hidden"), .init("hidden", "out")]))
        #expect(mixed.shots(stepCount: 2) == 12)
    }
}
