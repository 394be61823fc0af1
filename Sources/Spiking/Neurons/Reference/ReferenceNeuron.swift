import Glibc
import QuantumCircuits

/// A spiking neuron computed slowly, straight from the equations: the yardstick of every fast path.
///
/// The spikes are given, not drawn, so that everything is deterministic: the neuron answers with the
/// probability of each spike given those before it. Everything is `Double`; the stochastic quantum neuron keeps the
/// density matrix of all its qubits (see `DensityMatrixReference`).
public struct ReferenceNeuron: Sendable {
    private let storedModel: AnyNeuronModel
    public var model: any NeuronModel { storedModel.model }
    /// The trainable numbers, group after group: of a quantum neuron its angles in radians.
    public let parameters: [Double]
    private let dynamics: any ReferenceDynamics

    /// - Throws: `CircuitError` or ``NeuronError`` if the parameters do not fit the model, `NoiseError` if the circuit
    ///   does not fit the noisy device.
    public init(_ model: any NeuronModel, parameters: [Double]) throws {
        dynamics = try model.reference(parameters)
        storedModel = AnyNeuronModel(model)
        self.parameters = parameters
    }

    /// Channels N: spikes at each step.
    public var channelCount: Int { model.channelCount }

    /// What the neuron answers to given currents and spikes.
    public struct Response: Hashable, Sendable {
        /// p(s_t | s^{t−1}), one for each step.
        public let stepProbability: [Double]
        /// p(s_t^n = 1 | s^{t−1}), `[step][channel]`.
        public let firingProbability: [[Double]]
        /// p(s | s^{t−1}) of every spike pattern s, `[step][2^N]`, channel 0 the most significant bit.
        public let patternProbability: [[Double]]
        /// The memory after each step in the quantities of ``NeuronModel/memoryNames``, `[step][quantity]`: of memory qubits
        /// ⟨X⟩, ⟨Y⟩, ⟨Z⟩ each, after the collapse.
        public let memory: [[Double]]

        /// Σ_t log p(s_t | s^{t−1}).
        public var logLikelihood: Double { stepProbability.reduce(0) { $0 + log($1) } }
    }

    /// Runs the neuron on forced spikes.
    ///
    /// - Parameters:
    ///   - currents: z, `[step][channel]`, at least one step.
    ///   - spikes: 0 or 1, of the same shape.
    /// - Throws: ``NeuronError/input(place:problem:)`` for arrays that do not fit, currents out of
    ///   `Circuit.currentRange`, and spikes that cannot happen.
    public func run(currents: [[Double]], spikes: [[Int]]) throws -> Response {
        let steps = try steps(currents: currents, spikes: spikes, variables: [])
        return Response(
            stepProbability: steps.map(\.probability.value),
            firingProbability: steps.map { $0.firing.map(\.value) },
            patternProbability: steps.map(\.patterns),
            memory: steps.map(\.memory))
    }

    /// φ = π z of a positive current; a current of 0 or less applies no gate at all (nil).
    package static func rotation(of current: Double) -> Double? { current > 0 ? .pi * current : nil }

    /// Below this a probability is rounding error, and the spikes it belongs to cannot happen.
    static let smallestProbability = 1e-14

    /// One run of whichever model, with slopes for the given variables.
    func steps(
        currents: [[Double]], spikes: [[Int]], variables: [ReferenceVariable]
    ) throws -> [ReferenceStep] {
        try check(currents: currents, spikes: spikes)
        let steps = try dynamics.steps(currents: currents, spikes: spikes, variables: variables)
        // The first: after spikes that cannot happen nothing is a number.
        if let step = steps.firstIndex(where: { !($0.probability.value >= Self.smallestProbability) }) {
            guard steps[step].probability.value.isFinite else {
                throw NeuronError.notFinite("probability of spikes[\(step)]")
            }
            throw NeuronError.input(
                place: "spikes[\(step)]",
                problem: "these spikes have probability 0 after those before; force spikes that can happen")
        }
        return steps
    }

    private func check(currents: [[Double]], spikes: [[Int]]) throws {
        guard !currents.isEmpty else {
            throw NeuronError.input(place: "currents", problem: "found no steps, expected at least 1")
        }
        guard spikes.count == currents.count else {
            throw NeuronError.input(
                place: "spikes",
                problem: "found \(spikes.count) steps, expected \(currents.count) as in 'currents'")
        }
        for step in currents.indices {
            for (name, count, expected, what) in [
                (
                    "currents", currents[step].count, model.currentCount,
                    model.currentCount == channelCount ? "channel" : "current"
                ),
                ("spikes", spikes[step].count, channelCount, "channel"),
            ] where count != expected {
                throw NeuronError.input(
                    place: "\(name)[\(step)]",
                    problem: "found \(count) values, expected \(expected), one for each \(what)")
            }
            for channel in 0..<model.currentCount {
                guard Circuit.currentRange.contains(currents[step][channel]) else {
                    throw NeuronError.input(
                        place: "currents[\(step)][\(channel)]",
                        problem: "found \(currents[step][channel]), expected a number from "
                            + "-\(Int(Circuit.currentRange.upperBound)) to \(Int(Circuit.currentRange.upperBound))"
                    )
                }
            }
            for channel in 0..<channelCount {
                guard (0...1).contains(spikes[step][channel]) else {
                    throw NeuronError.input(
                        place: "spikes[\(step)][\(channel)]",
                        problem: "found \(spikes[step][channel]), expected 0 or 1")
                }
            }
        }
    }
}
