import Benchmarks
import CommandParsing

/// `sqsnn bench layer`: one projection and its neurons, forward and back.
struct BenchLayerCommand: Command {
    private static let own: Set = ["outputs"]

    static let description = CommandDescription(
        name: "layer", summary: "Time one fully connected layer, forward and back through time.",
        discussion: """
            Forward is the currents and the neurons of all steps; backward the gradient of the weights of a loss that is \
            the sum of the layer's spikes. No optimiser, and the same random spikes in every repetition: what Open \
            Neuromorphic's benchmark asks of every library. --record writes what another program needs to repeat and \
            compare it, as numpy.load reads it: weights and the gradient of the first 64 neurons, float32, \
            [neuron][input]; input and spikes, uint8, [sample][step][byte], eight neurons a byte, the first in its \
            lowest bit.
            """,
        examples: [
            Example(
                "sqsnn bench layer --inputs 512 --hidden 512 --batch 16 --model lif",
                "A layer of LIF neurons."),
            Example(
                "sqsnn bench layer --batch 16 --record layer.npz --json", "One to compare, for a program."),
        ])
    static let arguments: [ArgumentDescription] =
        BenchOptions.arguments(without: own) + [
            .option(
                name: "gain", value: "G", help: "Weights are uniform in ±G/√inputs, 0 to 1000000.",
                default: "1"),
            .option(name: "record", value: "FILE", help: "File of arrays to write, .npz.", default: "none"),
            .flag(
                name: "json",
                help:
                    "Print one JSON object: forward_seconds and forward_backward_seconds, each with minimum, median "
                    + "and repetitions; spikes_per_neuron_step, peak memory, configuration."),
        ]

    private let workload: Workload
    private let gain: Double
    private let record: String?
    private let isJSON: Bool

    init(_ arguments: ParsedArguments) throws {
        workload = try BenchOptions.workload(arguments, without: Self.own)
        gain = try arguments.number("gain", in: 0...1e6) ?? 1
        record = try arguments.file("record", ending: ".npz")
        isJSON = arguments.flag("json")
    }

    func run(_ terminal: Terminal) async throws {
        let layer = try await LayerBenchmark.measure(workload, gain: gain, record: record)
        if isJSON { try terminal.writeJSON(layer) } else { layer.lines.forEach(terminal.write) }
    }
}
