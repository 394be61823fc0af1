import DeviceNoise
import QuantumCircuits
import Neurons

/// The counts of one parameter set of a neuron circuit on a backend, beside their exact probabilities.
struct ShotComparison {
    struct Outcome {
        let history: SpikeHistory
        let frequency: Double
        let probability: Double

        /// (frequency − p) / √(p (1 − p) / shots); 0 where both are impossible, infinite where one alone is.
        func sigmas(shots: Int) -> Double {
            let difference = frequency - probability
            let spread = (probability * (1 - probability) / Double(shots)).squareRoot()
            return difference == 0 ? 0 : difference / spread
        }
    }

    /// Of every spike history, in their order.
    let outcomes: [Outcome]
    private let shots: Int

    /// - Parameters:
    ///   - noise: of the simulated device that the probabilities are of; nil for none.
    ///   - name: of the batch.
    init(
        _ neuron: NeuronCircuit, angles: [Double], currents: [[Double]], noise: NoiseModel?, shots: Int,
        name: String, seed: UInt64, on backend: some CircuitBackend, isInterrupted: () -> Bool
    ) throws {
        let set = try neuron.parameters(angles: angles, currents: currents)
        let batch = try CircuitBatch(
            name: name, tasks: [CircuitTask(neuron, parameterSets: [set], shots: shots)], seed: seed)
        let counts = try backend.run(batch, isInterrupted: isInterrupted)[0][0]
        let model = SQS(neuron.circuit, noise: noise)
        let reference = try ReferenceNeuron(model, parameters: angles)
        outcomes = try (0..<1 << neuron.stepCount).map { number in
            let patterns = (0..<neuron.stepCount).map { number >> (neuron.stepCount - 1 - $0) & 1 }
            let history = SpikeHistory(patterns: patterns, channelCount: 1)
            var probability = 0.0
            do {
                probability = try reference.run(currents: currents, spikes: patterns.map { [$0] })
                    .stepProbability.reduce(1, *)
            } catch NeuronError.input(let place, _) where place.hasPrefix("spikes[") {
                // A history that cannot happen: its probability is 0.
            }
            return ShotComparison.Outcome(
                history: history, frequency: Double(counts.count(startingWith: history)) / Double(shots),
                probability: probability)
        }
        self.shots = shots
    }

    /// The largest |frequency − p| in standard deviations. Histories rarer than 20 shots are joined to the next, so that the
    /// normal distribution applies.
    var largestDeviation: Double {
        var largest = 0.0
        var (frequency, probability) = (0.0, 0.0)
        for outcome in outcomes {
            frequency += outcome.frequency
            probability += outcome.probability
            guard probability * Double(shots) >= 20, probability < 0.999 else { continue }
            let joined = Outcome(history: outcome.history, frequency: frequency, probability: probability)
            largest = max(largest, abs(joined.sigmas(shots: shots)))
            (frequency, probability) = (0, 0)
        }
        return largest
    }
}

/// A circuit of two qubits in which one gate stands among rotations, so that what it does shows in the spikes.
struct GateExample {
    let gate: String
    /// `trainable` or `fixed`; nil for a gate that takes no angle.
    let angle: String?
    let circuit: Circuit
    let angles: [Double]

    var name: String { gate + (angle.map { " with a \($0) angle" } ?? "") }

    /// Every kind of gate: those that turn with a trainable angle and with a fixed one, the others once, and matrices of one
    /// and two qubits.
    static func all() throws -> [GateExample] {
        let value = 1.7
        var examples: [GateExample] = []
        for kind in GateKind.allCases {
            if kind.takesAngle {
                let scale = 0.5
                examples.append(
                    try GateExample(
                        kind, "trainable", .parameter(index: 0, scale: scale), angles: [value / scale]))
                examples.append(try GateExample(kind, "fixed", .fixed(value), angles: []))
            } else {
                examples.append(try GateExample(kind, nil, .none, angles: []))
            }
        }
        for matrix in [GateKind.ry.matrix(angle: value), GateKind.crx.matrix(angle: value)] {
            examples.append(try GateExample(.unitary(UnitaryMatrix(matrix)), nil, .none, angles: []))
        }
        return examples
    }

    private init(_ kind: GateKind, _ angle: String?, _ turn: Gate.Angle, angles: [Double]) throws {
        gate = kind.name
        self.angle = angle
        self.angles = angles
        // Neither |0⟩ nor along an axis before the gate, and phases turned into probabilities after it.
        let before = [(GateKind.ry, 0, 0.9), (.rx, 0, 0.4), (.ry, 1, 1.3), (.rx, 1, 0.6)]
        let after = [(GateKind.rx, 0, 0.8), (.ry, 1, 0.7)]
        func rotation(_ entry: (GateKind, Int, Double)) -> Gate {
            Gate(entry.0, qubits: [entry.1], angle: .fixed(entry.2))
        }
        circuit = try Circuit(
            name: kind.name, ioQubits: 1, memoryQubits: 1,
            gates: before.map(rotation)
                + [Gate(kind, qubits: kind.qubitCount == 1 ? [0] : [0, 1], angle: turn)]
                + after.map(rotation) + [Gate(.crx, qubits: [1, 0], angle: .fixed(1.1))])
    }
}
