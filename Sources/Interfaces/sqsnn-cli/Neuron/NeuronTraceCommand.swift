import CommandParsing
import DeviceNoise
import Files
import Glibc
import Neurons
import QuantumBackends
import QuantumCircuits
import TrainingOptions

/// `sqsnn neuron trace FILE`: runs neurons on given currents and forced spikes.
struct NeuronTraceCommand: Command {
    static let description = CommandDescription(
        name: "trace", summary: "Run neurons on given currents and spikes, exactly.",
        discussion: """
            The file (schema sqsnn.neuron-trace/1) holds cases, each with a circuit, angles, currents and spikes, and perhaps \
            a device's noise; or with the model of a classical neuron, its numbers and currents. \
            The spikes are forced, not drawn: the answer is the probability of each, with the state of the memory \
            and the gradient of the log-likelihood, by the reference neuron in double precision. With --backend, neurons of \
            model qlif run there in their multi-shot form: each step is a circuit of two RX gates, whose shots estimate the \
            probability that decides the spike and prepares the next step.
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
            Example(
                "sqsnn neuron trace Examples/neurons/qlif.json --backend ideal --shots 200",
                "A neuron that is measured 200 times a step."),
        ])
    static let arguments: [ArgumentDescription] =
        [NoiseOptions.noiseOfFile, NoiseOptions.scale] + [
            .option(
                name: "backend", value: "NAME",
                help: "Neurons of model qlif: where their circuits run, see 'sqsnn backend list'.",
                default: "the exact probabilities", suggestions: BackendCatalogue.names),
            .option(
                name: "shots", value: "S", help: "With --backend: shots of a step, 1 to 1000000.",
                default: "1000"),
            .option(
                name: "seed", value: "SEED", help: "With --backend: of a simulator's random numbers.",
                default: "0"),
            .flag(
                name: "json",
                help: "Print one JSON object: cases with probabilities, Bloch vectors, gradients."),
            .positional(name: "file", help: "Neuron-trace file; - for standard input."),
        ]

    private let file: String
    private let noise: NoiseModel?
    private let backend: Backend?
    private let isJSON: Bool

    private struct Backend {
        let name: String
        let shots: Int
        let seed: UInt64
    }

    init(_ arguments: ParsedArguments) throws {
        file = try arguments.positional("file")
        noise = try NoiseOptions.model(arguments)
        let shots = try arguments.integer("shots", in: CircuitTask.shotCounts) ?? 1000
        let seed = UInt64(try arguments.integer("seed", in: 0...Int.max) ?? 0)
        backend = arguments.string("backend").map { Backend(name: $0, shots: shots, seed: seed) }
        for name in ["shots", "seed"] where backend == nil && arguments.isGiven(name) {
            throw UsageError.contradiction("--\(name) without --backend, whose it is")
        }
        if backend != nil && noise != nil {
            throw UsageError.contradiction("--noise beside --backend, which has its own")
        }
        isJSON = arguments.flag("json")
    }

    func run(_ terminal: Terminal) async throws {
        var trace = try NeuronTrace.load(path: file)
        if let backend { return try await run(trace, on: backend, terminal) }
        if let noise { trace = try trace.replacingNoise(noise, path: file) }
        let results = try trace.run(path: file)
        if isJSON { return try terminal.writeJSON(results) }
        for (index, entry) in trace.cases.enumerated() {
            switch (entry, results.cases[index]) {
            case (let entry as NeuronTrace.Case, let result as NeuronTrace.CaseResult):
                try write(entry, result, index, terminal)
            case (_, let result): write(result, "case \(index): \(trace.kinds[index])", terminal)
            }
            guard let difference = results.differences[index] else { continue }
            terminal.write(
                difference.map {
                    "  largest difference from what is expected: \(String(printf: "%.1e", $0))"
                } ?? "  what is expected has other shapes")
        }
    }

    private struct Measured: Encodable {
        let cases: [QLIF.TraceCase.Result]
    }

    private func run(_ trace: NeuronTrace, on backend: Backend, _ terminal: Terminal) async throws {
        let results: [QLIF.TraceCase.Result]
        do {
            results = try await Interrupt.whileListening {
                let opened = try BackendCatalogue.backend(named: backend.name)
                return try trace.forEachCase(path: file) { entry, index in
                    guard let entry = entry as? QLIF.TraceCase else {
                        throw NeuronError.input(
                            place: "model",
                            problem:
                                "found \(trace.kinds[index]), expected qlif, whose steps are measured by shots"
                        )
                    }
                    return try entry.run(
                        on: opened, shots: backend.shots, seed: backend.seed,
                        isInterrupted: { Interrupt.isRequested })
                }
            }
        } catch BackendError.interrupted {
            // The exit code says so.
            return
        }
        if isJSON { return try terminal.writeJSON(Measured(cases: results)) }
        for (index, result) in results.enumerated() {
            write(
                result,
                "case \(index): \(trace.kinds[index]), \(backend.shots) shots a step on \(backend.name)",
                terminal)
        }
    }

    /// A line a step.
    private func write(_ result: some NeuronTraceResult, _ heading: String, _ terminal: Terminal) {
        terminal.write(heading)
        for step in result.quantities.first?.values.indices ?? 0..<0 {
            let numbers = result.quantities.map { "\($0.name) \(Self.text($0.values[step]))" }
            terminal.write("  step \(step)  " + numbers.joined(separator: "  "))
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

    private static func text(_ value: Double) -> String { String(printf: "%.6f", value) }
}
