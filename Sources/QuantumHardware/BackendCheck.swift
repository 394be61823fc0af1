import QuantumCircuits
import SpikingNeurons

/// A small known circuit on a backend, against its exact probabilities.
public struct BackendCheck: Sendable, Encodable {
    public struct Row: Sendable, Encodable {
        public let history: String
        public let frequency: Double
        /// Without noise, or with the noise of a simulated device.
        public let probability: Double
        /// (frequency − probability) / √(p (1 − p) / shots).
        public let sigmas: Double
    }

    public let backend: String
    public let versions: [String: String]
    public let shots: Int
    public let rows: [Row]
    /// Whether the probabilities are those of the backend: those of a device with noise of its own are not known.
    public let isExact: Bool
    /// Σ |frequency − probability| / 2.
    public let distance: Double
    /// Parameter sets a second of a circuit of ten steps, five shots each; nil where they would cost money.
    public let setsPerSecond: Double?

    /// Agreement within this many standard deviations.
    public static let limit = 5.0
    public static let shotCounts = 100...100_000

    public var largestDeviation: Double { rows.map { abs($0.sigmas) }.max() ?? 0 }

    /// Runs the check: one parameter set of three steps, and where it is free, two batches of ten steps.
    ///
    /// - Parameters:
    ///   - shots: of the known circuit.
    ///   - setCount: of the batch that is timed.
    /// - Throws: ``BackendError``; ``BackendError/counts(backend:job:problem:)`` where frequencies are more than ``limit`` standard
    ///   deviations from exact probabilities.
    public init(
        _ backend: some CircuitBackend, shots: Int = 4000, setCount: Int = 200, seed: UInt64 = 0,
        isInterrupted: () -> Bool = { false }
    ) throws {
        let angles = [1.1, 0.7, 1.9, 0.5, 1.3]
        let circuit = try Ansatz.exchange.circuit()
        let currents = [[0.3], [0.6], [0.45]]
        let neuron = try NeuronCircuit(circuit, stepCount: currents.count)
        let set = try neuron.parameters(angles: angles, currents: currents)
        let batch = try CircuitBatch(
            name: "backend check", tasks: [CircuitTask(neuron, parameterSets: [set], shots: shots)],
            seed: seed)
        let counts = try backend.run(batch, isInterrupted: isInterrupted)[0][0]

        let simulator = backend as? BuiltInSimulator
        let model = NeuronModel.quantum(circuit).running(on: simulator?.noise) ?? .quantum(circuit)
        let reference = try ReferenceNeuron(model, angles: angles)
        rows = try (0..<1 << currents.count).map { number in
            let patterns = currents.indices.map { number >> (currents.count - 1 - $0) & 1 }
            let probability = try reference.run(currents: currents, spikes: patterns.map { [$0] })
                .stepProbability.reduce(1, *)
            let history = SpikeHistory(patterns: patterns, channelCount: 1)
            let frequency = Double(counts.count(startingWith: history)) / Double(shots)
            return Row(
                history: history.description, frequency: frequency, probability: probability,
                sigmas: (frequency - probability)
                    / (probability * (1 - probability) / Double(shots)).squareRoot())
        }
        self.backend = backend.name
        self.shots = shots
        versions = (backend as? QiskitBridge)?.versions ?? [:]
        isExact = simulator != nil || backend.name == "aer"
        distance = rows.reduce(0) { $0 + abs($1.frequency - $1.probability) } / 2
        setsPerSecond =
            backend.keepsJobs
            ? nil
            : try Self.speed(
                backend, circuit, angles: angles, setCount: setCount, seed: seed, isInterrupted: isInterrupted
            )
        if isExact, largestDeviation > Self.limit {
            throw BackendError.counts(
                backend: backend.name, job: "of the check",
                problem:
                    "a frequency is \((10 * largestDeviation).rounded() / 10) standard deviations from the exact "
                    + "probability, expected at most \(Self.limit)")
        }
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
