import CommandParsing
import Compute
import Foundation
import SpikeTrains
import Networks

/// `sqsnn network run`: runs a graph with random parameters on random input, and shows its spikes.
struct NetworkRunCommand: Command {
    static let description = CommandDescription(
        name: "run", summary: "Run a graph on Bernoulli input, and show its spikes.",
        discussion: """
            Weights that the graph does not give are drawn uniformly in ±GAIN/√(synapses of the neuron), angles from a \
            normal distribution, every input spikes with the same probability at every step: enough to see a graph alive. \
            'sqsnn train --graph FILE' trains it on data.
            """,
        examples: [
            Example("sqsnn network run Examples/graphs/six-neurons.json", "Six neurons, twenty steps."),
            Example(
                "sqsnn network run Examples/graphs/six-neurons.json --steps 50 --rate 0.5 --seed 7 --json",
                "The same for a program."),
        ])
    static let arguments: [ArgumentDescription] = [
        .option(name: "steps", value: "T", help: "Time steps, 1 to 1000.", default: "20"),
        .option(name: "rate", value: "P", help: "Spikes of an input a step, 0 to 1.", default: "0.5"),
        .option(name: "gain", value: "GAIN", help: "Size of the weights that are drawn.", default: "1"),
        .option(
            name: "deviation", value: "SIGMA", help: "Standard deviation of the angles, radians.",
            default: "1"),
        .option(name: "seed", value: "SEED", help: "Seed of all random numbers.", default: "1"),
        .flag(
            name: "json",
            help: "Print one JSON object: the neurons of each population that fired, [step][channel]."),
        .positional(name: "graph", help: "Graph file; - for standard input."),
    ]

    /// What a number takes on its way into JSON, bytes.
    private static let bytesPerSpike = 128
    /// Neurons of a population whose spikes are shown one by one.
    private static let shownNeurons = 16

    private let path: String
    private let stepCount: Int
    private let rate: Double
    private let gain: Double
    private let deviation: Double
    private let seed: UInt64
    private let isJSON: Bool

    init(_ arguments: ParsedArguments) throws {
        path = try arguments.positional("graph")
        stepCount = try arguments.integer("steps", in: 1...1000) ?? 20
        rate = try arguments.number("rate", in: 0...1) ?? 0.5
        gain = try arguments.number("gain", in: 0...1e6) ?? 1
        deviation = try arguments.number("deviation", in: 0...1e6) ?? 1
        seed = UInt64(try arguments.integer("seed", in: 0...Int.max) ?? 1)
        isJSON = arguments.flag("json")
    }

    private struct Output: Encodable {
        struct Population: Encodable {
            var name: String
            /// Numbers of the neurons that fired, `[step][channel]`.
            var spikes: [[[Int]]]
            var spikesPerStep: Double
        }
        var input: [[[Int]]]
        var populations: [Population]
    }

    func run(_ terminal: Terminal) async throws {
        do { try show(terminal) } catch MemoryError.insufficient(
            let purpose, let needed, let available, let remedy)
        {
            throw MemoryError.insufficient(
                purpose: "\(path): \(purpose)", needed: needed, available: available, remedy: remedy)
        }
    }

    private func show(_ terminal: Terminal) throws {
        var network = try Network(NetworkGraph.load(path))
        try network.initialize(seed: seed, weightGain: gain, angleDeviation: deviation)
        let input = self.input(network)
        let rasters = try network.run(input, seed: seed)
        if isJSON {
            let spikeCount = (rasters + [input]).total { Count($0.spikeCount) }
            try ProcessMemory.require(
                spikeCount.times(Self.bytesPerSpike), for: "the list of \(spikeCount.value) spikes",
                remedy: "leave out --json, or take fewer steps")
            let populations = zip(network.graph.nodes, rasters).map { node, raster in
                Output.Population(
                    name: node.name, spikes: Self.spikes(raster),
                    spikesPerStep: Double(raster.spikeCount) / Double(stepCount))
            }
            return try terminal.writeJSON(Output(input: Self.spikes(input), populations: populations))
        }
        show(network.graph.input.name, input, terminal)
        for (node, raster) in zip(network.graph.nodes, rasters) { show(node.name, raster, terminal) }
    }

    private func input(_ network: Network) -> SpikeRaster {
        let graph = network.graph
        var raster = SpikeRaster(
            sampleCount: 1, stepCount: stepCount, neuronCount: graph.input.neuronCount,
            channelCount: graph.input.channelCount)
        var random = RandomStream(seed: seed, purpose: .encoding).generator()
        for step in 0..<stepCount {
            for neuron in 0..<graph.input.neuronCount {
                for channel in 0..<graph.input.channelCount {
                    raster[0, step, neuron, channel] = Double.random(in: 0..<1, using: &random) < rate
                }
            }
        }
        return raster
    }

    private static func spikes(_ raster: SpikeRaster) -> [[[Int]]] {
        (0..<raster.stepCount).map { step in
            (0..<raster.channelCount).map {
                raster.activeNeurons(sample: 0, step: step, channel: $0)
            }
        }
    }

    /// A line a neuron and channel, a sign a step; large populations in one line.
    private func show(_ name: String, _ raster: SpikeRaster, _ terminal: Terminal) {
        let perStep = Double(raster.spikeCount) / Double(stepCount)
        guard raster.neuronCount <= Self.shownNeurons else {
            terminal.write("\(name): \(raster.neuronCount) neurons, \(perStep) spikes a step")
            return
        }
        for neuron in 0..<raster.neuronCount {
            for channel in 0..<raster.channelCount {
                let signs = (0..<stepCount).map { raster[0, $0, neuron, channel] ? "|" : "·" }.joined()
                let suffix =
                    (raster.neuronCount > 1 ? "[\(neuron)]" : "")
                    + (raster.channelCount > 1 ? ".\(channel)" : "")
                terminal.write(
                    "\(name)\(suffix)".padding(toLength: 14, withPad: " ", startingAt: 0) + " " + signs)
            }
        }
    }
}
