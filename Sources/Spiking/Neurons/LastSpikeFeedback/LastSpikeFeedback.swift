import Compute
import QuantumCircuits

/// A classical neuron fed back its own last spike, p(s_t = 1) = sin²((φ_t + θ_mem + θ_in + s_{t−1} θ_ent)/2), with angles
/// (θ_ent, θ_in, θ_mem): what the paper's published batched simulator computes, and the control that any claim about quantum
/// memory must beat.
public struct LastSpikeFeedback: NeuronModel {
    public static let kind = "last-spike-feedback"

    public init() {}

    public var channelCount: Int { 1 }
    public var parameterGroups: [ParameterGroup] { [.angles(3)] }
    public var memoryNames: [String] { ["last_spike"] }

    public func reference(_ parameters: [Double]) throws -> any ReferenceDynamics {
        try LastSpikeFeedbackReference(angles: parameters)
    }

    public func engineSize(stepCount: Int) -> EngineSize {
        EngineSize(
            compiled: 2 * tileWidth, memory: CarriedMemory.size(memoryQubits: 0),
            randomWords: stepCount * tileWidth)
    }

    public func engine(_ instructionSet: InstructionSet) -> any NeuronEngine {
        LastSpikeFeedbackEngine(kernels: instructionSet.kernels)
    }

    public init(from decoder: any Decoder) throws {}
    public func encode(to encoder: any Encoder) throws {}
}

struct LastSpikeFeedbackEngine: LikelihoodEngine {
    let kernels: any KernelSet.Type
    private let shape = NeuronTaskShape(ioQubits: 1, memoryQubits: 0)

    init(kernels: any KernelSet.Type) { self.kernels = kernels }

    /// Angles arrive as (entangling, input, memory); the kernel wants the constant and the feedback part in
    /// units of π.
    func compile(
        _ parameters: BufferView<Float>, to compiled: MutableBufferView<Float>,
        scratch: MutableBufferView<Float>
    ) {
        for lane in 0..<tileWidth {
            compiled[lane] = (parameters[tileWidth + lane] + parameters[2 * tileWidth + lane]) / .pi
            compiled[tileWidth + lane] = parameters[lane] / .pi
        }
    }

    func pullBack(
        _ parameters: BufferView<Float>, compiledGradient: MutableBufferView<Float>,
        to gradient: MutableBufferView<Float>, scratch: MutableBufferView<Float>
    ) {
        for lane in 0..<tileWidth {
            gradient[lane] += compiledGradient[tileWidth + lane] / .pi
            gradient[tileWidth + lane] += compiledGradient[lane] / .pi
            gradient[2 * tileWidth + lane] += compiledGradient[lane] / .pi
        }
    }

    func step(_ pass: NeuronStepPass) { kernels.stepLastSpikeFeedback(NeuronStepTask(pass, shape)) }

    /// The kernel looks at the spikes of the row before a window's first, which are the last window's.
    func adjoint(_ pass: NeuronAdjointPass) {
        kernels.adjointLastSpikeFeedback(NeuronAdjointTask(pass, shape))
    }

    func findLikelihoods(_ pass: NeuronLikelihoodPass) {
        kernels.likelihoodLastSpikeFeedback(LikelihoodTask(pass, shape))
    }

    func memory(_ carried: BufferView<Float>, lane: Int) -> [Float] {
        // One bit each, in the first words.
        let word = carried[lane / 32].bitPattern
        return [Float(word >> UInt32(lane % 32) & 1)]
    }
}
