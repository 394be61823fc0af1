import DeviceNoise
import CommandParsing
import Foundation
import QuantumCircuits
import Neurons

/// `sqsnn neuron trace FILE`: runs neurons on given currents and forced spikes.
struct NeuronTraceCommand: Command {
    static let description = CommandDescription(
        name: "trace", summary: "Run neurons on given currents and spikes, exactly.",
        discussion: """
            The file (schema sqsnn.neuron-trace/1) holds cases, each with a circuit, angles, currents and spikes, and perhaps \
            a device's noise; or with the model of a classical neuron, its numbers and currents. \
            The spikes are forced, not drawn: the answer is the probability of each, with the state of the memory \
            and the gradient of the log-likelihood, by the reference neuron in double precision.
            """,
        examples: [
            Example(
                "sqsnn neuron trace Tests/Golden/neuron-ideal.json",
                "Runs the cases that the tests compare with."),
            Example(
                "sqsnn neuron trace Tests/Golden/neuron-ideal.json --json",
                "The same with all digits and gradients, for a program."),
            Example(
                "sqsnn neuron trace Tests/Golden/neuron-ideal.json --noise eagle",
                "The same neurons on a noisy device."),
        ])
    static let arguments: [ArgumentDescription] =
        [NoiseOptions.noiseOfFile, NoiseOptions.scale] + [
            .flag(
                name: "json",
                help: "Print one JSON object: cases with probabilities, Bloch vectors, gradients."),
            .positional(name: "file", help: "Neuron-trace file; - for standard input."),
        ]

    private let file: String
    private let noise: NoiseModel?
    private let isJSON: Bool

    init(_ arguments: ParsedArguments) throws {
        file = try arguments.positional("file")
        noise = try NoiseOptions.model(arguments)
        isJSON = arguments.flag("json")
    }

    func run(_ terminal: Terminal) async throws {
        var trace = try NeuronTrace.load(path: file)
        if let noise { trace = try trace.replacingNoise(noise, path: file) }
        let results = try trace.run(path: file)
        if isJSON { return try terminal.writeJSON(results) }
        for (index, entry) in trace.cases.enumerated() {
            switch (entry, results.cases[index]) {
            case (let entry as NeuronTrace.Case, let result as NeuronTrace.CaseResult):
                try write(entry, result, index, terminal)
            case (_, let result):
                terminal.write("case \(index): \(trace.kinds[index])")
                for step in result.quantities[0].values.indices {
                    let numbers = result.quantities.map { "\($0.name) \(Self.text($0.values[step]))" }
                    terminal.write("  step \(step)  " + numbers.joined(separator: "  "))
                }
            }
            guard let difference = results.differences[index] else { continue }
            terminal.write(
                difference.map {
                    "  largest difference from what is expected: \(String(format: "%.1e", $0))"
                } ?? "  what is expected has other shapes")
        }
    }

    private func write(
        _ entry: NeuronTrace.Case, _ result: NeuronTrace.CaseResult, _ index: Int, _ terminal: Terminal
    ) throws {
        terminal.write(
            "case \(index): \(try entry.circuit().name), \(entry.ioQubits) input-output and "
                + "\(entry.memoryQubits) memory qubits, log-likelihood \(Self.text(result.logLikelihood))")
        for step in entry.currents.indices {
            let firing = result.firingProbability[step].map(Self.text).joined(separator: " ")
            let spikes = entry.spikes[step].map(String.init).joined(separator: " ")
            terminal.write(
                "  step \(step)  spikes \(spikes)  p(spikes) \(Self.text(result.stepProbability[step]))"
                    + "  p(fires) \(firing)")
        }
    }

    private static func text(_ value: Double) -> String { String(format: "%.6f", value) }
}
