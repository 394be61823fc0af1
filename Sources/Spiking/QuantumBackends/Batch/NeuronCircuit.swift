import QuantumCircuits

/// What a device runs for one neuron: T steps of (4) to (8) of arXiv:2506.21324 as one circuit.
///
/// A step embeds RX(φ_t^n) on each input-output qubit n, applies V(θ), measures the input-output qubits into that step's
/// bits in mid-circuit, and resets them. The memory qubits are never measured.
///
/// All angles are parameters, so that one circuit, transpiled once, serves every sample: θ_0 … θ_{A−1}, then φ_t^n with t
/// outer and n inner. A current of 0 or less is bound as φ = 0. The gate RX(0) is then still there, with its noise; this is
/// where a neuron on a device, and on the simulators behind ``CircuitBackend``, differs from one of `SQS` with noise, which makes
/// no noise where no rotation is applied.
public struct NeuronCircuit: Hashable, Sendable {
    /// V(θ).
    public let circuit: Circuit
    /// T.
    public let stepCount: Int

    /// - Throws: ``BackendError/task(place:problem:)`` for no steps, or more spikes than a ``SpikeHistory`` holds.
    public init(_ circuit: Circuit, stepCount: Int) throws(BackendError) {
        let limit = SpikeHistory.maximumBitCount / circuit.ioQubits
        guard (1...limit).contains(stepCount) else {
            throw .task(
                place: "steps",
                problem: "found \(stepCount), expected 1 to \(limit) with \(circuit.ioQubits) channels")
        }
        self.circuit = circuit
        self.stepCount = stepCount
    }

    /// N, spikes of a step.
    public var channelCount: Int { circuit.ioQubits }

    /// A + T·N, numbers of a parameter set.
    public var parameterCount: Int { circuit.parameterCount + stepCount * channelCount }

    /// A parameter set.
    ///
    /// - Parameters:
    ///   - angles: θ, radians.
    ///   - currents: z, `[step][channel]`; embedded as φ = π z if z > 0, else 0.
    /// - Throws: ``BackendError/task(place:problem:)`` where the shapes do not fit.
    public func parameters(angles: [Double], currents: [[Double]]) throws(BackendError) -> [Double] {
        guard angles.count == circuit.parameterCount else {
            throw .task(
                place: "angles", problem: "found \(angles.count), expected \(circuit.parameterCount)")
        }
        guard currents.count == stepCount, currents.allSatisfy({ $0.count == channelCount }) else {
            throw .task(
                place: "currents", problem: "expected \(stepCount) steps of \(channelCount) channels")
        }
        return angles + currents.flatMap { $0.map { max(0, .pi * $0) } }
    }

    /// The program of ``parameters(angles:currents:)`` in OpenQASM 3: inputs `theta_k` and `phi_t_n`, spikes of step t in the bit
    /// register `spikes_t`.
    public func openQASM() throws -> String { try circuit.openQASM(inputs: .steps(stepCount)) }

    /// Names of the parameters in the program, in their order.
    public var parameterNames: [String] {
        (0..<circuit.parameterCount).map { "theta_\($0)" }
            + (0..<stepCount).flatMap { step in (0..<channelCount).map { "phi_\(step)_\($0)" } }
    }
}
