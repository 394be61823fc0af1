import Files
import Glibc
import Neurons
import QuantumCircuits

/// Quantum leaky integrate-and-fire neurons in their multi-shot form, on a backend: (S3)–(S8) of arXiv:2506.21324.
///
/// A step of a neuron is a circuit of two RX gates: one prepares the qubit as the last step left it, by the phase 2 arcsin √α, the other turns it
/// by what its currents say. Its shots estimate α, by which the neuron fires, and from which the next step is prepared; so that a step is a batch
/// of its own, with a circuit for each neuron.
public struct QLIFOnBackend: Sendable {
    public let model: QLIF
    /// Shots S of a circuit.
    public let shots: Int

    /// What a neuron did.
    public struct Trace: Sendable, Hashable {
        /// α_t as its shots estimated it: of `shots` the share that read 1.
        public internal(set) var probabilities: [Double] = []
        public internal(set) var spikes: [Int] = []
    }

    /// - Throws: ``BackendError/task(place:problem:)`` for shots out of range.
    public init(_ model: QLIF, shots: Int) throws(BackendError) {
        guard CircuitTask.shotCounts.contains(shots) else {
            throw .task(
                place: "shots", problem: "found \(shots), expected 1 to \(CircuitTask.shotCounts.upperBound)")
        }
        self.model = model
        self.shots = shots
    }

    /// Runs some neurons, side by side.
    ///
    /// - Parameters:
    ///   - currents: z^s and z^o, `[neuron][step][2]`, as many steps of all.
    ///   - seed: of the random numbers of simulators.
    ///   - isInterrupted: asked about once a second.
    /// - Returns: one trace a neuron.
    /// - Throws: ``BackendError``, `CircuitError`.
    public func run(
        currents: [[[Double]]], seed: UInt64, on backend: some CircuitBackend,
        isInterrupted: () -> Bool = { false }
    ) throws -> [Trace] {
        let circuit = try Circuit(
            name: "qlif", ioQubits: 1, memoryQubits: 0, gates: [Gate(.rx, 0, parameter: 0)])
        let neuron = try NeuronCircuit(circuit, stepCount: 1)
        var traces = [Trace](repeating: Trace(), count: currents.count)
        for step in 0..<(currents.first?.count ?? 0) {
            // A neuron that a spike silences is not measured.
            let measured = traces.indices.filter { !isSilent(traces[$0]) }
            let sets = measured.map { index in
                let start = start(traces[index])
                let turn = turn(from: start, currents[index][step])
                return [2 * asin(start.squareRoot()), turn]
            }
            var estimates: [Int: Double] = [:]
            if !sets.isEmpty {
                let batch = try CircuitBatch(
                    name: "qlif step \(step)",
                    tasks: [CircuitTask(neuron, parameterSets: sets, shots: shots)],
                    seed: seed)
                let counts = try backend.run(batch, isInterrupted: isInterrupted)[0]
                let one = SpikeHistory(patterns: [1], channelCount: 1)
                for (index, found) in zip(measured, counts) {
                    estimates[index] = Double(found.count(startingWith: one)) / Double(shots)
                }
            }
            for index in traces.indices {
                let probability = estimates[index] ?? 0
                traces[index].probabilities.append(probability)
                traces[index].spikes.append(probability > model.settings.threshold ? 1 : 0)
            }
        }
        return traces
    }

    /// Whether a step follows a spike, which silences it.
    private func isSilent(_ trace: Trace) -> Bool {
        model.settings.aftermath == .refractory && trace.spikes.last == 1
    }

    /// α before the next step: 0 after a spike, (S6).
    private func start(_ trace: Trace) -> Double {
        trace.spikes.last == 1 ? 0 : trace.probabilities.last ?? 0
    }

    /// ϕ_t, (S8).
    private func turn(from start: Double, _ currents: [Double]) -> Double {
        if currents[0] > 0 { return .pi * currents[0] }
        return -2 * asin((start * exp(-model.settings.relaxationRate * abs(currents[1]))).squareRoot())
    }
}

extension QLIF.TraceCase {
    /// Runs the neuron on a backend, α estimated by shots.
    ///
    /// - Throws: as ``QLIFOnBackend/run(currents:seed:on:isInterrupted:)``.
    package func run(
        on backend: any CircuitBackend, shots: Int, seed: UInt64, isInterrupted: () -> Bool = { false }
    ) throws -> Result {
        let traces = try QLIFOnBackend(model, shots: shots).run(
            currents: [currents], seed: seed, on: backend, isInterrupted: isInterrupted)
        return Result(firingProbability: traces[0].probabilities, spikes: traces[0].spikes)
    }
}
