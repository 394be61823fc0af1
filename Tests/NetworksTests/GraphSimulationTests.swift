import Compute
import QuantumCircuits
import SpikeTrains
import Neurons
import Testing

@testable import Networks

struct GraphSimulationTests {
    /// Expected values: a plain loop. Currents by (1) with delays; probabilities of spike patterns from the reference
    /// neuron with the spikes forced that were drawn; random numbers from the scalar stream at the documented address.
    @Test(
        "a network over any graph is its neurons, each with the spikes that reach it",
        arguments: try GraphExample.all())
    func plainLoop(example: GraphExample) throws {
        let simulator = example.simulator()
        example.run(simulator)
        let reference = GraphReference(
            network: example.network, input: example.input, rasters: simulator.rasters, truncation: nil)
        var (near, count) = (0, 0)
        for (node, description) in example.network.graph.nodes.enumerated() {
            let stream = RandomStream(
                seed: GraphExample.seed, purpose: .spike, population: node, epoch: GraphExample.epoch)
            for neuron in 0..<description.neuronCount {
                let model = try reference.neuron(node, neuron)
                for sample in 0..<example.input.sampleCount {
                    let currents = reference.currents(node, neuron: neuron, sample: sample)
                    let spikes = reference.spikes(node, neuron: neuron, sample: sample)
                    for step in currents.indices {
                        // Patterns in falling order take up the unit interval from 0.
                        let patterns = (0..<1 << model.channelCount).reversed().map { pattern in
                            (0..<model.channelCount).map { pattern >> (model.channelCount - 1 - $0) & 1 }
                        }
                        let (tile, lane) = (neuron / 64, neuron % 64)
                        let words = stream.words(
                            sample: sample, step: step, element: 16 * tile + lane % 16)
                        let random = Double(words[lane / 16] >> 9) * 0x1p-23
                        var (bound, expected): (Double, [Int]?) = (0, nil)
                        var isNear = false
                        for pattern in patterns {
                            let response = try? model.run(
                                currents: Array(currents[...step]),
                                spikes: Array(spikes[..<step]) + [pattern])
                            bound += response?.stepProbability.last ?? 0
                            if abs(bound - random) < 1e-5 { isNear = true }
                            if random < bound, expected == nil { expected = pattern }
                        }
                        count += 1
                        if isNear {
                            near += 1
                        } else {
                            #expect(spikes[step] == expected)
                        }
                    }
                }
            }
        }
        #expect(near < count / 500 + 3, "decisions too close to tell")
        for raster in simulator.rasters {
            let share =
                Double(raster.spikeCount)
                / Double(raster.rowCount * raster.neuronCount * raster.channelCount)
            #expect(share > 0.05 && share < 0.95)
        }
    }

    private static func outputErrors(_ example: GraphExample) -> [Float] {
        var random = RandomStream(seed: 17, purpose: .analysis).generator()
        return (0..<example.input.rowCount * example.network.outputCount).map { _ in
            Float.random(in: -1...1, using: &random)
        }
    }

    private static func gradient(
        _ example: GraphExample, threadCount: Int = 1, truncation: Int? = nil,
        instructionSet: InstructionSet = .current
    ) -> (keeper: GradientKeeper, simulator: NetworkSimulator) {
        let simulator = example.simulator(
            threadCount: threadCount, truncation: truncation, instructionSet: instructionSet)
        let keeper = GradientKeeper(example.network)
        // Twice: a batch must not depend on what the working memory holds from the last one.
        for _ in 0..<2 {
            example.run(simulator)
            _ = simulator.reverse(
                example.network, outputErrors: .perStep(outputErrors(example)), surrogate: .straightThrough,
                regularization: 0, receiver: keeper)
        }
        return (keeper, simulator)
    }

    @Test(
        "gradients of all weights and angles over any graph are the chain rule's, truncated or not",
        arguments: try GraphExample.all(), [nil, 2])
    func chainRule(example: GraphExample, truncation: Int?) throws {
        let (keeper, simulator) = Self.gradient(example, truncation: truncation)
        let reference = GraphReference(
            network: example.network, input: example.input, rasters: simulator.rasters,
            truncation: truncation)
        let errors = Self.outputErrors(example)
        let (stepCount, outputCount) = (example.input.stepCount, example.network.outputCount)
        let expected = try reference.gradient(
            outputErrors: (0..<example.input.sampleCount).map { sample in
                (0..<stepCount).map { step in
                    (0..<outputCount).map { Double(errors[(sample * stepCount + step) * outputCount + $0]) }
                }
            })
        for (index, projection) in expected.projections.enumerated() {
            let edge = example.network.graph.edges[index]
            var found = projection
            found.weights = AlignedBuffer(keeper.weights[index].array)
            let largest = projection.weights.array.map(\.magnitude).max() ?? 0
            #expect(largest > 0, "\(edge.source) → \(edge.target) has a gradient")
            var worst: Float = 0
            for (value, target) in zip(found.weights.array, projection.weights.array) {
                worst = value.isNaN ? .infinity : max(worst, abs(value - target))
            }
            #expect(worst <= 1e-4 * largest, "\(edge.source) → \(edge.target)")
        }
        // Angles of a piece act on later pieces through the memory, which is not part of a truncated gradient: those of
        // the reference are of whole runs.
        guard truncation == nil else { return }
        for (node, neurons) in expected.angles.enumerated() {
            let largest = neurons.flatMap(\.self).map(\.magnitude).max() ?? 0
            for (neuron, angles) in neurons.enumerated() {
                for (angle, target) in angles.enumerated() {
                    let value = keeper.angle(example.network, layer: node, neuron: neuron, angle: angle)
                    #expect(abs(value - target) <= 1e-4 * largest)
                }
            }
        }
    }

    @Test(
        "spikes and gradients over any graph do not depend on threads or instruction set",
        arguments: try GraphExample.all())
    func threads(example: GraphExample) {
        let single = Self.gradient(example)
        for threadCount in 2...3 {
            for level in InstructionSet.allCases where level <= .best {
                let several = Self.gradient(example, threadCount: threadCount, instructionSet: level)
                #expect(several.simulator.rasters == single.simulator.rasters)
                #expect(several.keeper.bits == single.keeper.bits)
            }
        }
    }

    /// Synapses of weight 0 change nothing but the order of the computation.
    @Test("a population that runs step by step spikes as one that runs all steps at once")
    func windows() throws {
        for model in try [
            GraphExample.model(.exchange), GraphExample.model(.partialSwap, memory: 2), LastSpikeFeedback(),
        ] {
            func example(isCyclic: Bool) throws -> GraphExample {
                var example = try GraphExample(
                    "one",
                    try NetworkGraph(
                        input: .init(neuronCount: 9),
                        nodes: [
                            .init("hidden", model: model, neuronCount: 70),
                            .init("out", model: model, neuronCount: 2),
                        ],
                        edges: [.init("input", "hidden"), .init("hidden", "out")]
                            + (isCyclic ? [.init("hidden", "hidden", delay: 1)] : [])))
                if isCyclic {
                    example.network.withProjection(2) {
                        $0.weights = AlignedBuffer(repeating: 0, count: $0.weights.count)
                    }
                }
                return example
            }
            let (whole, pieces) = try (example(isCyclic: false), example(isCyclic: true))
            let (expected, found) = (Self.gradient(whole), Self.gradient(pieces))
            #expect(found.simulator.rasters == expected.simulator.rasters)
            for index in 0..<2 {
                for (value, target) in zip(
                    found.keeper.weights[index].array + found.keeper.angles[index].array,
                    expected.keeper.weights[index].array + expected.keeper.angles[index].array)
                {
                    #expect(abs(value - target) <= 1e-4)
                }
            }
        }
    }

    @Test(
        "a stream over any graph spikes as a run of all steps", arguments: try GraphExample.all(),
        SumPrecision.allCases)
    func stream(example: GraphExample, precision: SumPrecision) throws {
        // On every channel alike, as a stream takes its input.
        let graph = example.network.graph
        var input = SpikeRaster(sampleCount: 1, stepCount: 6, neuronCount: graph.input.neuronCount)
        for step in 0..<6 {
            for neuron in example.input.activeNeurons(sample: 0, step: min(step, 3)) {
                input[0, step, neuron] = true
            }
        }
        let expected = try example.network.run(input, seed: 4, precision: precision)
        let stream = try NetworkStream(example.network, seed: 4, precision: precision)
        for step in 0..<6 {
            try stream.step(input.activeNeurons(sample: 0, step: step))
            for (node, raster) in expected.enumerated() {
                for channel in 0..<raster.channelCount {
                    let fired = (0..<raster.neuronCount).filter {
                        stream.hasFired($0, population: node, channel: channel)
                    }
                    #expect(fired == raster.activeNeurons(sample: 0, step: step, channel: channel))
                }
            }
        }
    }
}
