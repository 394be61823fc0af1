import Compute
import Files
import Neurons
import SpikeTrains
import Testing

@testable import Networks

/// Inputs that give real numbers in place of spikes.
struct ValueInputTests {
    private static let (sampleCount, stepCount, plainCount) = (5, 6, 3)
    private static let rowCount = sampleCount * stepCount
    /// Beside the plain inputs one for each row, which is 1 there and 0 elsewhere: with weights of 0 it changes nothing, and the gradient
    /// of its weights is ∂L/∂z of that row.
    private static let inputCount = plainCount + rowCount

    /// More neurons than a tile has, two currents each, and a projection that is late.
    private static func network() throws -> Network {
        let two = try GraphExample.model(.exchange, io: 2)
        var network = try Network(
            NetworkGraph(
                input: .init(neuronCount: inputCount, signal: .values),
                nodes: [
                    .init("hidden", model: two, neuronCount: 70),
                    .init("out", model: two, neuronCount: 3),
                ],
                edges: [.init("input", "hidden"), .init("input", "out", delay: 1), .init("hidden", "out")]))
        try network.initialize(seed: 3, weightGain: 2, angleMean: 0.7, angleDeviation: 0.8)
        for index in 0..<2 {
            network.withProjection(index) { projection in
                for input in plainCount..<inputCount {
                    for neuron in 0..<projection.neuronCount {
                        (projection[input, neuron, 0], projection[input, neuron, 1]) = (0, 0)
                    }
                }
            }
        }
        return network
    }

    private static func series() throws -> ValueSeries {
        var random = RandomStream(seed: 5, purpose: .analysis).generator()
        let values = (0..<rowCount).flatMap { row in
            (0..<plainCount).map { _ in Float.random(in: -2...2, using: &random) }
                + (0..<rowCount).map { $0 == row ? Float(1) : 0 }
        }
        return try ValueSeries(
            values, sampleCount: sampleCount, stepCount: stepCount, inputCount: inputCount)
    }

    @Test("currents are the sums of weights times numbers, a step late where the projection is")
    func currents() throws {
        let (network, series) = (try Self.network(), try Self.series())
        let activity = try network.activity(series, recording: [.currents], seed: 1)
        for (population, delay) in [(0, 0), (1, 1)] {
            let found = activity.populations[population]
            let currents = try #require(found.currents)
            let neuronCount = found.spikes.neuronCount
            for row in 0..<Self.rowCount {
                let sent = row % Self.stepCount - delay
                for neuron in 0..<neuronCount {
                    for current in 0..<2 {
                        var sum: Float = 0
                        if sent >= 0 {
                            for input in 0..<Self.plainCount {
                                sum +=
                                    network.projections[population][input, neuron, current]
                                    * series.values[(row - delay) * Self.inputCount + input]
                            }
                        }
                        if population == 1 {
                            for source in activity.populations[0].spikes.activeNeurons(
                                sample: row / Self.stepCount, step: row % Self.stepCount, channel: current)
                            {
                                sum += network.projections[2][source, neuron, current]
                            }
                        }
                        #expect(
                            abs(currents[(row * neuronCount + neuron) * 2 + current] - sum) < 1e-5,
                            "population \(population), row \(row), neuron \(neuron)")
                    }
                }
            }
        }
    }

    @Test("the gradient of a weight is the sum of numbers times errors", arguments: [1, 2])
    func gradient(threadCount: Int) throws {
        let (network, series) = (try Self.network(), try Self.series())
        let simulator = NetworkSimulator(
            network, stepCount: Self.stepCount, parallelism: Parallelism(threadCount: threadCount),
            precision: .fixed16)
        simulator.compile(network)
        simulator.run(
            network, input: series, sampleIndices: Array(0..<Self.sampleCount), seed: 2, epoch: 0)
        let keeper = GradientKeeper(network)
        let errors = (0..<Self.sampleCount * 3).map { Float($0 % 4) - 1.5 }
        _ = simulator.reverse(
            network, outputErrors: .perSample(errors), surrogate: .recordedPattern, regularization: 0,
            receiver: keeper)
        for (projection, delay) in [(0, 0), (1, 1)] {
            let size = network.projections[projection].currentSize
            func gradient(_ input: Int, _ neuron: Int, _ current: Int) -> Float {
                let place = (neuron / tileWidth * Self.inputCount + input) * tileWidth + neuron % tileWidth
                return keeper.weights[projection][current * size + place]
            }
            var largest: Float = 0
            for neuron in 0..<network.projections[projection].neuronCount {
                for current in 0..<2 {
                    for input in 0..<Self.plainCount {
                        var sum: Float = 0
                        for row in 0..<Self.rowCount where row % Self.stepCount < Self.stepCount - delay {
                            sum +=
                                series.values[row * Self.inputCount + input]
                                * gradient(Self.plainCount + row, neuron, current)
                        }
                        let found = gradient(input, neuron, current)
                        largest = max(largest, abs(found))
                        #expect(abs(found - sum) < 1e-4, "neuron \(neuron), input \(input)")
                    }
                }
            }
            #expect(largest > 0.01)
        }
    }

    @Test("zeros and ones do what spikes do")
    func spikes() throws {
        let example = try SmallNetwork(
            SmallNetwork.exchange, counts: [66, 3], sampleCount: 4, stepCount: 7)
        let graph = example.network.graph
        var network = try Network(
            NetworkGraph(
                input: .init(neuronCount: graph.input.neuronCount, signal: .values), nodes: graph.nodes,
                edges: graph.edges))
        try network.initialize(
            seed: SmallNetwork.seed, weightGain: 2, angleMean: 0.7, angleDeviation: 0.8)
        let input = example.input
        let values = (0..<input.rowCount).flatMap { row in
            (0..<input.neuronCount).map {
                input[row / input.stepCount, row % input.stepCount, $0] ? Float(1) : 0
            }
        }
        let series = try ValueSeries(
            values, sampleCount: input.sampleCount, stepCount: input.stepCount, inputCount: input.neuronCount)
        #expect(try network.run(series, seed: 4) == example.network.run(input, seed: 4))
    }

    @Test("what numbers cannot go through, and what cannot be given, is said")
    func errors() throws {
        func message(_ body: () throws -> Void) -> String {
            (#expect(throws: (any Error).self) { try body() }).map { "\($0)" } ?? ""
        }
        let model = LastSpikeFeedback()
        func graph(_ connectivity: Connectivity = .full, channelCount: Int = 1) throws -> NetworkGraph {
            try NetworkGraph(
                input: .init(neuronCount: 4, channelCount: channelCount, signal: .values),
                nodes: [.init("out", model: model, neuronCount: 4)],
                edges: [.init("input", "out", connectivity)])
        }
        #expect(
            message { _ = try graph(.oneToOne) }.contains("expected full synapses from an input of values"))
        #expect(message { _ = try graph(channelCount: 2) }.contains("found 2 channels of values, expected 1"))
        let network = try Network(graph())
        #expect(
            message { _ = try network.run(SpikeRaster(samples: 1, steps: 2, neurons: 4), seed: 1) }.contains(
                "found 4 inputs of 1 channels, 2 steps, expected 4 inputs of 1 channels of values"))
        #expect(message { _ = try NetworkStream(network, seed: 1) }.contains("found values, expected spikes"))
        for values in [[Float.nan, 0], [0, 1e9], [0]] {
            #expect(
                message {
                    _ = try ValueSeries(values, sampleCount: 1, stepCount: 2, inputCount: 1)
                }.contains("series: found"))
        }
        let text = try JSONDocument.encode(graph())
        let file = try JSONDocument.decode(NetworkGraph.self, from: text)
        #expect(try file == graph())
        #expect(file.input.signal == .values)
    }
}
