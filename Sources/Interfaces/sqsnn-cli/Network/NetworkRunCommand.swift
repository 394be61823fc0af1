import CommandParsing
import Compute
import Files
import Glibc
import Networks
import SpikeDatasets
import SpikeTrains
import Networks
import TrainingOptions

/// `sqsnn network run`: runs a graph with random parameters on random input, and shows its spikes.
struct NetworkRunCommand: Command {
    static let description = CommandDescription(
        name: "run", summary: "Run a graph on Bernoulli input, and show its spikes.",
        discussion: """
            Weights that the graph does not give are drawn uniformly in ±GAIN/√(synapses of the neuron), angles from a \
            normal distribution, every input spikes with the same probability at every step: enough to see a graph alive. \
            'sqsnn train --graph FILE' trains it on data.

            --output writes arrays for Python or any reader of HDF5: NAME/spikes of the input and of every population, \
            uint8, [step][neuron][channel], and what --record asks for, float32: NAME/probabilities, [step][neuron][channel], \
            that a neuron fires after its own spikes before; NAME/currents, [step][neuron][current]; NAME/memory after each \
            step, [step][neuron][quantity], Bloch components of memory qubits or the potential of a LIF neuron. The names \
            of the quantities are NAME/memory_labels in NPZ, the attribute 'labels' in HDF5. In a name, signs other than \
            ASCII letters, digits, '-', '_' and '.' are replaced, and digits of its own are added.
            """,
        examples: [
            Example("sqsnn network run Examples/graphs/six-neurons.json", "Six neurons, twenty steps."),
            Example(
                "sqsnn network run Examples/graphs/six-neurons.json --steps 50 --rate 0.5 --seed 7 --json",
                "The same for a program."),
            Example(
                "sqsnn network run Examples/graphs/six-neurons.json --record probabilities,memory --output activity.npz",
                "What lies behind the spikes, as numpy.load reads it."),
        ])
    static let arguments: [ArgumentDescription] = [
        .option(name: "steps", value: "T", help: "Time steps, 1 to 1000.", default: "20"),
        .option(name: "rate", value: "P", help: "Spikes of an input a step, 0 to 1.", default: "0.5"),
        .option(name: "gain", value: "GAIN", help: "Size of the weights that are drawn.", default: "1"),
        .option(
            name: "deviation", value: "SIGMA", help: "Standard deviation of the angles, radians.",
            default: "1"),
        .option(name: "seed", value: "SEED", help: "Seed of all random numbers.", default: "1"),
        PrecisionOption.argument(),
        RecordOption.argument(
            "What to keep beside spikes, in --output or else in --json: probabilities, currents, memory."),
        .option(
            name: "output", value: "FILE", help: "File of arrays to write, .npz or .h5.", default: "none"),
        .flag(
            name: "json",
            help: "Print one JSON object: the neurons of each population that fired, [step][channel]."),
        .positional(name: "graph", help: "Graph file; - for standard input."),
    ]

    /// What a number takes on its way into JSON, bytes.
    private static let bytesPerNumber = 128
    /// Neurons of a population whose spikes are shown one by one.
    private static let shownNeurons = 16

    private let path: String
    private let stepCount: Int
    private let rate: Double
    private let gain: Double
    private let deviation: Double
    private let seed: UInt64
    private let precision: SumPrecision
    private let quantities: Set<Activity.Quantity>
    private let output: String?
    private let isJSON: Bool

    init(_ arguments: ParsedArguments) throws {
        path = try arguments.positional("graph")
        stepCount = try arguments.integer("steps", in: 1...1000) ?? 20
        rate = try arguments.number("rate", in: 0...1) ?? 0.5
        gain = try arguments.number("gain", in: 0...1e6) ?? 1
        deviation = try arguments.number("deviation", in: 0...1e6) ?? 1
        seed = UInt64(try arguments.integer("seed", in: 0...Int.max) ?? 1)
        precision = try PrecisionOption.value(arguments) ?? .float32
        quantities = try RecordOption.quantities(arguments)
        output = try arguments.file("output", ending: ArrayFile.npz.rawValue, ArrayFile.hdf5.rawValue)
        isJSON = arguments.flag("json")
        if !quantities.isEmpty, output == nil, !isJSON {
            throw UsageError.contradiction(
                "--record without a place for what it records; add --output FILE.npz, FILE.h5 or --json")
        }
    }

    private struct Output: Encodable {
        struct Population: Encodable {
            var name: String
            /// Numbers of the neurons that fired, `[step][channel]`.
            var spikes: [[[Int]]]
            var spikesPerStep: Double
            /// That a neuron fires, `[step][neuron][channel]`; where recorded.
            var probabilities: [[[Float]]]?
            /// `[step][neuron][current]`; where recorded.
            var currents: [[[Float]]]?
            /// After each step, `[step][neuron][quantity]`, the quantities being `memory_names`; where recorded.
            var memory: [[[Float]]]?
            var memoryNames: [String]?
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
        let file = output.flatMap { path in ArrayFile(ofFile: path).map { (kind: $0, path: path) } }
        try file?.kind.check(file?.path ?? "")
        var network = try Network(NetworkGraph.load(path))
        let graph = network.graph
        try network.initialize(seed: seed, weightGain: gain, angleDeviation: deviation)
        let input = self.input(network)
        let numbers = Activity.numberCount(of: graph, recording: quantities).times(stepCount)
        if let file {
            let spikes =
                graph.nodes.total { Count.of($0.neuronCount, $0.model.channelCount) }
                + Count.of(input.neuronCount, input.channelCount)
            try ProcessMemory.require(
                (numbers.times(4) + spikes.times(stepCount)).times(1 + file.kind.copyCount),
                for: "the record with its file", remedy: "record less, or take fewer steps")
        } else {
            try ProcessMemory.require(
                numbers.times(Self.bytesPerNumber), for: "the list of \(numbers.value) numbers",
                remedy: "record less, or take fewer steps")
        }
        let activity =
            try quantities.isEmpty
            ? Activity(spikes: network.run(input, seed: seed, precision: precision), of: graph)
            : network.activity(input, recording: quantities, seed: seed, precision: precision)
        if let file {
            try file.kind.write(
                activity.arrays(input: .spikes(input), named: graph.input.name), to: file.path)
        }
        if isJSON { return try writeJSON(activity, input, terminal) }
        show(graph.input.name, input, terminal)
        for population in activity.populations { show(population.name, population.spikes, terminal) }
        if let file { terminal.write("Activity: \(file.path)") }
    }

    private func writeJSON(_ activity: Activity, _ input: SpikeRaster, _ terminal: Terminal) throws {
        let spikeCount = (activity.populations.map(\.spikes) + [input]).total { Count($0.spikeCount) }
        try ProcessMemory.require(
            spikeCount.times(Self.bytesPerNumber), for: "the list of \(spikeCount.value) spikes",
            remedy: "leave out --json, or take fewer steps")
        let populations = activity.populations.map { population in
            let raster = population.spikes
            var entry = Output.Population(
                name: population.name, spikes: Self.spikes(raster),
                spikesPerStep: Double(raster.spikeCount) / Double(stepCount))
            if output == nil {
                let neuronCount = raster.neuronCount
                entry.probabilities = population.probabilities.map {
                    Self.nested($0, neuronCount, raster.channelCount)
                }
                entry.currents = population.currents.map {
                    Self.nested($0, neuronCount, population.currentCount)
                }
                entry.memory = population.memory.map {
                    Self.nested($0, neuronCount, population.memoryNames.count)
                }
                entry.memoryNames = population.memory.map { _ in population.memoryNames }
            }
            return entry
        }
        try terminal.writeJSON(Output(input: Self.spikes(input), populations: populations))
    }

    /// `[step][neuron][number]`, where there are so many numbers of a neuron; of none an empty list.
    private static func nested(_ numbers: [Float], _ neuronCount: Int, _ count: Int) -> [[[Float]]] {
        guard count > 0 else { return [] }
        return stride(from: 0, to: numbers.count, by: neuronCount * count).map { step in
            stride(from: step, to: step + neuronCount * count, by: count).map {
                Array(numbers[$0..<$0 + count])
            }
        }
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
                    "\(name)\(suffix)".prefix(14).padded(to: 14) + " " + signs)
            }
        }
    }
}
