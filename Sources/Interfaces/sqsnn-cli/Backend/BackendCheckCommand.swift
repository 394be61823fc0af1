import CommandParsing
import Files
import QuantumBackends

/// `sqsnn backend check`: a small known circuit on a backend.
struct BackendCheckCommand: Command {
    static let description = CommandDescription(
        name: "check", summary: "Run small known circuits on a backend and compare.",
        discussion: """
            Runs three steps of a neuron of the default circuit and compares the frequency of every spike history with its exact \
            probability: without noise, or with the noise of a simulated device. Exits with 1 where one is more than five standard deviations \
            off. Of devices with noise of their own the probabilities are not known: theirs are printed beside those without noise. \
            Then does the same with a small circuit for every kind of gate, its angle trainable and fixed, and times a batch of ten steps, five shots a set, except on devices that cost money: there the check is one job of \
            --shots shots of the first circuit.
            """,
        examples: [
            Example("sqsnn backend check ideal", "The simulator of this package."),
            Example("sqsnn backend check noisy:eagle --json", "With the noise of a device, for programs."),
            Example("sqsnn backend check ibm:ibm_brisbane --shots 1000", "A device of IBM: one job."),
        ])
    static let arguments: [ArgumentDescription] = [
        .option(name: "shots", value: "N", help: "Shots of each known circuit.", default: "4000"),
        .option(name: "sets", value: "N", help: "Parameter sets of the batch that is timed.", default: "200"),
        .option(name: "seed", value: "SEED", help: "Other random numbers in simulators.", default: "0"),
        .flag(name: "json", help: "Print one JSON object."),
        .positional(
            name: "name", help: "ideal, noisy:DEVICE, aer, aer-fake-brisbane, or ibm:NAME.",
            suggestions: BackendCatalogue.names),
    ]

    private let name: String
    private let shots: Int
    private let setCount: Int
    private let seed: UInt64
    private let isJSON: Bool

    init(_ arguments: ParsedArguments) throws {
        name = try arguments.positional("name")
        shots = try arguments.integer("shots", in: BackendCheck.shotCounts) ?? 4000
        setCount = try arguments.integer("sets", in: 1...1_000_000) ?? 200
        seed = UInt64(try arguments.integer("seed", in: 0...Int.max) ?? 0)
        isJSON = arguments.flag("json")
    }

    func run(_ terminal: Terminal) async throws {
        let check: BackendCheck
        do {
            check = try await Interrupt.whileListening {
                let backend = try BackendCatalogue.backend(named: name)
                return try BackendCheck(
                    backend, shots: shots, setCount: setCount, seed: seed,
                    isInterrupted: { Interrupt.isRequested })
            }
        } catch BackendError.interrupted {
            // The exit code says so.
            return
        }
        if isJSON { return try terminal.writeJSON(check) }
        if !check.versions.isEmpty {
            let versions = check.versions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            terminal.write(versions.joined(separator: ", "))
        }
        let heading = ["spikes", "frequency", check.isExact ? "exact" : "no noise", "sigmas"]
        let rows = check.rows.map { row in
            [
                row.history, String(printf: "%.4f", row.frequency), String(printf: "%.4f", row.probability),
                check.isExact ? String(printf: "%+.1f", row.sigmas) : "",
            ]
        }
        TextTable.numberLines([heading] + rows).forEach(terminal.write)
        terminal.write(
            check.isExact
                ? "\(check.backend): \(check.shots) shots agree, the farthest "
                    + String(printf: "%.1f standard deviations off", check.largestDeviation)
                : "\(check.backend): \(check.shots) shots, total variation distance "
                    + String(printf: "%.3f from no noise", check.distance))
        if !check.gates.isEmpty {
            terminal.write(
                "every kind of gate runs (\(check.gates.count) circuits)"
                    + (check.isExact
                        ? String(
                            printf: ", the farthest %.1f standard deviations off", check.largestGateDeviation)
                        : ""))
        }
        if let speed = check.setsPerSecond {
            terminal.write(String(printf: "%.0f parameter sets a second (10 steps, 5 shots)", speed))
        }
    }
}
