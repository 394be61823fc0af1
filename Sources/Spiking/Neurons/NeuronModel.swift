import DeviceNoise
import QuantumCircuits

/// What a neuron of a population is.
public enum NeuronModel: Sendable, Hashable {
    /// The stochastic quantum spiking neuron, (4)–(8) of arXiv:2506.21324, with this circuit.
    case quantum(Circuit)
    /// The same with its memory put back to |0…0⟩ at every step: the control without memory.
    case memoryless(Circuit)
    /// The stochastic quantum spiking neuron on a noisy device.
    case noisy(Circuit, NoiseModel)
    /// A classical neuron fed back its own last spike, p(s_t = 1) = sin²((φ_t + θ_mem + θ_in + s_{t−1} θ_ent)/2),
    /// with angles (θ_ent, θ_in, θ_mem) and one channel: what the paper's published batched simulator computes,
    /// and the control that any claim about quantum memory must beat.
    case lastSpikeFeedback

    /// Trainable angles of one neuron.
    public var angleCount: Int {
        switch self {
        case .quantum(let circuit), .memoryless(let circuit), .noisy(let circuit, _):
            circuit.parameterCount
        case .lastSpikeFeedback: 3
        }
    }

    /// Channels N: currents in and spikes out of one neuron.
    public var channelCount: Int {
        switch self {
        case .quantum(let circuit), .memoryless(let circuit), .noisy(let circuit, _): circuit.ioQubits
        case .lastSpikeFeedback: 1
        }
    }

    package var circuit: Circuit? {
        switch self {
        case .quantum(let circuit), .memoryless(let circuit), .noisy(let circuit, _): circuit
        case .lastSpikeFeedback: nil
        }
    }

    /// Qubits that remember, M_q: none where the memory is put back at every step.
    public var memoryQubits: Int { forgets ? 0 : circuit?.memoryQubits ?? 0 }

    /// Whether the memory is put back at every step.
    var forgets: Bool {
        if case .memoryless = self { true } else { false }
    }

    /// Whether the fast path with a real memory angle applies: one channel, one memory qubit, and a circuit
    /// that is real in the gauge (−i)^{ones}.
    public var isRealGauge: Bool {
        guard let circuit, hasRealInstrument else { return false }
        return circuit.ioQubits == 1 && circuit.memoryQubits == 1
    }

    /// Whether the circuit, of whatever size, is real in the gauge (−i)^{ones}: half the numbers, and a quarter of
    /// the arithmetic.
    var hasRealInstrument: Bool { noise == nil && (circuit?.isRealGauge ?? false) }

    /// The noise of the device that the neuron runs on; nil where there is none.
    public var noise: NoiseModel? {
        if case .noisy(_, let noise) = self { noise } else { nil }
    }
}
