import Compute
import QuantumCircuits

/// A classical neuron fed back its own last spikes, p(s_t = 1) = sin²((φ_t + θ_mem + θ_in + Σ_l s_{t−l} θ_ent,l)/2), l = 1 … k, with
/// angles (θ_ent,1 … θ_ent,k, θ_in, θ_mem): with k = 1 what the paper's published batched simulator computes, and the control that any
/// claim about quantum memory must beat; with more, everything that a neuron can know of its last k spikes and add up.
public struct LastSpikeFeedback: NeuronModel {
    public static let kind = "last-spike-feedback"

    /// k
    public let history: Int

    /// Spikes k that a neuron can be fed back.
    public static let histories = SpikeFeedbackLayout.histories

    public init() { history = 1 }

    /// - Throws: ``NeuronError/input(place:problem:)`` for a number out of ``histories``.
    public init(history: Int) throws(NeuronError) {
        guard Self.histories.contains(history) else {
            throw .input(
                place: "history",
                problem: "found \(history), expected \(Self.histories.lowerBound) to "
                    + "\(Self.histories.upperBound)")
        }
        self.history = history
    }

    public static let settings = [
        ModelSetting("history", "K", "Own last spikes that it is fed back.", default: "1")
    ]

    public var title: String { history == 1 ? Self.kind : "\(Self.kind) (\(history) spikes)" }
    public var channelCount: Int { 1 }
    public var parameterGroups: [ParameterGroup] { [.angles(history + 2)] }
    public var memoryNames: [String] {
        history == 1 ? ["last_spike"] : (1...history).map { "spike_before_\($0)" }
    }

    public func reference(_ parameters: [Double]) throws -> any ReferenceDynamics {
        try LastSpikeFeedbackReference(angles: parameters, history: history)
    }

    public func engineSize(stepCount: Int) -> EngineSize {
        EngineSize(
            compiled: (history + 1) * tileWidth,
            memory: SpikeFeedbackLayout.carriedSize(history: history),
            scratch: SpikeFeedbackLayout.adjointScratch(history: history),
            randomWords: stepCount * tileWidth)
    }

    public func engine(_ instructionSet: InstructionSet) -> any NeuronEngine {
        LastSpikeFeedbackEngine(history: history, kernels: instructionSet.kernels)
    }
}

extension LastSpikeFeedback: Codable {
    private enum CodingKeys: CodingKey { case history }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let history = try container.decodeIfPresent(Int.self, forKey: .history) ?? 1
        self = try decoder.model { try LastSpikeFeedback(history: history) }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        // Files of earlier releases have no such field.
        if history != 1 { try container.encode(history, forKey: .history) }
    }
}

struct LastSpikeFeedbackEngine: LikelihoodEngine {
    let history: Int
    let kernels: any KernelSet.Type
    private let shape = NeuronTaskShape(ioQubits: 1, memoryQubits: 0)

    init(history: Int, kernels: any KernelSet.Type) {
        self.history = history
        self.kernels = kernels
    }

    var creditsOwnSpikes: Bool { true }

    /// Angles arrive as (entangling …, input, memory); the kernel wants the constant and the feedback parts in
    /// units of π.
    func compile(
        _ parameters: BufferView<Float>, to compiled: MutableBufferView<Float>,
        scratch: MutableBufferView<Float>
    ) {
        let (input, memory) = (history * tileWidth, (history + 1) * tileWidth)
        for lane in 0..<tileWidth {
            compiled[lane] = (parameters[input + lane] + parameters[memory + lane]) / .pi
            for place in 0..<history {
                compiled[(1 + place) * tileWidth + lane] = parameters[place * tileWidth + lane] / .pi
            }
        }
    }

    func pullBack(
        _ parameters: BufferView<Float>, compiledGradient: MutableBufferView<Float>,
        to gradient: MutableBufferView<Float>, scratch: MutableBufferView<Float>
    ) {
        let (input, memory) = (history * tileWidth, (history + 1) * tileWidth)
        for lane in 0..<tileWidth {
            for place in 0..<history {
                gradient[place * tileWidth + lane] += compiledGradient[(1 + place) * tileWidth + lane] / .pi
            }
            gradient[input + lane] += compiledGradient[lane] / .pi
            gradient[memory + lane] += compiledGradient[lane] / .pi
        }
    }

    func step(_ pass: NeuronStepPass) {
        kernels.stepSpikeFeedback(NeuronStepTask(pass, shape), history: history)
    }

    /// The kernel looks at the spikes of the rows before a window's first, which are the last window's.
    func adjoint(_ pass: NeuronAdjointPass) {
        kernels.adjointSpikeFeedback(NeuronAdjointTask(pass, shape), history: history)
    }

    func findLikelihoods(_ pass: NeuronLikelihoodPass) {
        kernels.likelihoodSpikeFeedback(LikelihoodTask(pass, shape), history: history)
    }

    func memory(_ carried: BufferView<Float>, lane: Int) -> [Float] {
        // A bit each, in words of 64.
        (0..<history).map { place in
            let word = carried[2 * place + lane / 32].bitPattern
            return Float(word >> UInt32(lane % 32) & 1)
        }
    }
}
