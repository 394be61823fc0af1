import QuantumCircuits
import Neurons

/// A small known circuit on a backend, and one with every kind of gate, against their exact probabilities.
public struct BackendCheck: Sendable, Encodable {
    public struct Row: Sendable, Encodable {
        public let history: String
        public let frequency: Double
        /// Without noise, or with the noise of a simulated device.
        public let probability: Double
        /// (frequency − probability) / √(p (1 − p) / shots).
        public let sigmas: Double
    }

    /// A circuit with one kind of gate among rotations.
    public struct GateRow: Sendable, Encodable {
        /// The gate's name.
        public let gate: String
        /// `trainable` or `fixed`; nil for a gate that takes no angle.
        public let angle: String?
        /// The largest |frequency − probability| of its histories in standard deviations; those that are rarer than 20 shots
        /// are joined.
        public let sigmas: Double
    }

    public let backend: String
    public let versions: [String: String]
    public let shots: Int
    public let rows: [Row]
    /// Every kind of gate; empty where circuits cost money.
    public let gates: [GateRow]
    /// Whether the probabilities are those of the backend: those of a device with noise of its own are not known.
    public let isExact: Bool
    /// Σ |frequency − probability| / 2.
    public let distance: Double
    /// Parameter sets a second of a circuit of ten steps, five shots each; nil where they would cost money.
    public let setsPerSecond: Double?

    /// Agreement within this many standard deviations.
    public static let limit = 5.0
    public static let shotCounts = 100...100_000

    /// Of the known circuit, in standard deviations.
    public var largestDeviation: Double { rows.map { abs($0.sigmas) }.max() ?? 0 }
    /// Of the circuits with every kind of gate.
    public var largestGateDeviation: Double { gates.map(\.sigmas).max() ?? 0 }

    /// Runs the check: one parameter set of three steps, and where it is free, every kind of gate and two batches of ten steps.
    ///
    /// - Parameters:
    ///   - shots: of the known circuit, and of that of each gate.
    ///   - setCount: of the batch that is timed.
    /// - Throws: ``BackendError``; ``BackendError/counts(backend:job:problem:)`` where frequencies are more than ``limit`` standard
    ///   deviations from exact probabilities.
    public init(
        _ backend: some CircuitBackend, shots: Int = 4000, setCount: Int = 200, seed: UInt64 = 0,
        isInterrupted: () -> Bool = { false }
    ) throws {
        let simulator = backend as? BuiltInSimulator
        func comparison(
            _ circuit: Circuit, _ angles: [Double], name: String
        ) throws -> ShotComparison {
            try ShotComparison(
                NeuronCircuit(circuit, stepCount: Self.currents.count), angles: angles,
                currents: Self.currents,
                noise: simulator?.noise, shots: shots, name: name, seed: seed, on: backend,
                isInterrupted: isInterrupted)
        }
        let circuit = try Ansatz.exchange.circuit()
        let known = try comparison(circuit, Self.angles, name: "backend check")
        rows = known.outcomes.map {
            Row(
                history: $0.history.description, frequency: $0.frequency, probability: $0.probability,
                sigmas: $0.sigmas(shots: shots))
        }
        self.backend = backend.name
        self.shots = shots
        versions = (backend as? QiskitBridge)?.versions ?? [:]
        isExact = simulator != nil || backend.name == "aer"
        distance = rows.reduce(0) { $0 + abs($1.frequency - $1.probability) } / 2
        let isFree = !backend.keepsJobs
        gates =
            isFree
            ? try GateExample.all().map { example in
                do {
                    let found = try comparison(
                        example.circuit, example.angles, name: "backend check of \(example.name)")
                    return GateRow(gate: example.gate, angle: example.angle, sigmas: found.largestDeviation)
                } catch BackendError.job(let backend, let job, let message) {
                    throw BackendError.job(
                        backend: backend, job: job, message: "circuit with gate \(example.name): \(message)")
                }
            } : []
        setsPerSecond =
            isFree
            ? try Self.speed(
                backend, circuit, angles: Self.angles, setCount: setCount, seed: seed,
                isInterrupted: isInterrupted
            ) : nil
        guard isExact else { return }
        try Self.judge(largestDeviation, of: "a frequency", backend: backend.name)
        for row in gates {
            let name = row.gate + (row.angle.map { ", \($0) angle" } ?? "")
            try Self.judge(row.sigmas, of: "gate \(name): a frequency", backend: backend.name)
        }
    }

    private static let angles = [1.1, 0.7, 1.9, 0.5, 1.3]
    private static let currents = [[0.3], [0.6], [0.45]]

    /// NaN is no agreement.
    private static func judge(_ deviation: Double, of name: String, backend: String) throws(BackendError) {
        guard !(deviation <= limit) else { return }
        throw .counts(
            backend: backend, job: "of the check",
            problem: "\(name) is \((10 * deviation).rounded() / 10) standard deviations from the exact "
                + "probability, expected at most \(limit)")
    }

    private static func speed(
        _ backend: some CircuitBackend, _ circuit: Circuit, angles: [Double], setCount: Int, seed: UInt64,
        isInterrupted: () -> Bool
    ) throws -> Double {
        let neuron = try NeuronCircuit(circuit, stepCount: 10)
        func batch(_ name: String, _ count: Int) throws -> CircuitBatch {
            let sets = try (0..<count).map { number in
                try neuron.parameters(
                    angles: angles,
                    currents: (0..<10).map { [Double((number + 3 * $0) % 17) / 17] })
            }
            return try CircuitBatch(
                name: name, tasks: [CircuitTask(neuron, parameterSets: sets, shots: 5)], seed: seed)
        }
        // The first batch pays for transpiling the circuit.
        _ = try backend.run(batch("first", 1), isInterrupted: isInterrupted)
        let timed = try batch("timed", setCount)
        let clock = ContinuousClock()
        let duration = try clock.measure { _ = try backend.run(timed, isInterrupted: isInterrupted) }
        return Double(setCount) / (duration / .seconds(1))
    }
}
