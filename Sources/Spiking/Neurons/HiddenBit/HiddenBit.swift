import Compute

/// A classical neuron with one hidden bit h and logistic curves: the smallest twin of the quantum neuron, of as many numbers as `exchange` has.
///
///     p(s_t = 1 | h_t) = σ(z_t + a + b h_t),   p(h_{t+1} = 1 | h_t) = σ(e z_t + c + d h_t),   h_0 = 0,
///
/// spike and next bit being independent given h_t. As in ``HiddenStates`` the bit is never drawn: the neuron carries its probability given the
/// spikes so far. The current acts as it is, of either sign, not through a rotated qubit.
public struct HiddenBit: NeuronModel {
    public static let kind = "hidden-bit"

    /// Standard deviation of a, b, c, d and e at first.
    public let initialDeviation: Double

    public init() { initialDeviation = InitialDeviation.standard }

    /// - Throws: ``NeuronError/input(place:problem:)`` for a deviation out of ``InitialDeviation/range``.
    public init(initialDeviation: Double) throws(NeuronError) {
        try InitialDeviation.range.check(initialDeviation, "initial_deviation")
        self.initialDeviation = initialDeviation
    }

    public static let settings = [InitialDeviation.setting]

    public var channelCount: Int { 1 }
    public var memoryNames: [String] { ["bit"] }
    /// a, b, c, d and e.
    public var parameterGroups: [ParameterGroup] {
        [ParameterGroup("couplings", count: 5, initial: .normal(mean: 0, deviation: initialDeviation))]
    }

    public func reference(_ parameters: [Double]) throws -> any ReferenceDynamics {
        try HiddenBitReference(parameters: parameters)
    }

    public func engineSize(stepCount: Int) -> EngineSize {
        EngineSize(
            compiled: 5 * tileWidth, memory: tileWidth, scratch: 16 * stepCount,
            randomWords: stepCount * tileWidth)
    }

    public func engine(_ instructionSet: InstructionSet) -> any NeuronEngine {
        HiddenBitEngine(kernels: instructionSet.kernels)
    }

}

extension HiddenBit: Codable {
    private enum CodingKeys: CodingKey { case initialDeviation }

    public init(from decoder: any Decoder) throws {
        let deviation = try decoder.container(keyedBy: CodingKeys.self)
            .decodeIfPresent(Double.self, forKey: .initialDeviation)
        self = try decoder.model {
            try HiddenBit(initialDeviation: deviation ?? InitialDeviation.standard)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        if initialDeviation != InitialDeviation.standard {
            try container.encode(initialDeviation, forKey: .initialDeviation)
        }
    }
}

/// Compiled are the parameters themselves.
private struct HiddenBitEngine: LikelihoodEngine {
    let kernels: any KernelSet.Type
    private let shape = NeuronTaskShape(ioQubits: 1, memoryQubits: 0)

    init(kernels: any KernelSet.Type) { self.kernels = kernels }

    var creditsOwnSpikes: Bool { true }

    func compile(
        _ parameters: BufferView<Float>, to compiled: MutableBufferView<Float>,
        scratch: MutableBufferView<Float>
    ) {
        for index in parameters.indices { compiled[index] = parameters[index] }
    }

    func pullBack(
        _ parameters: BufferView<Float>, compiledGradient: MutableBufferView<Float>,
        to gradient: MutableBufferView<Float>, scratch: MutableBufferView<Float>
    ) {
        for index in gradient.indices { gradient[index] += compiledGradient[index] }
    }

    func step(_ pass: NeuronStepPass) { kernels.stepHiddenBit(NeuronStepTask(pass, shape)) }
    func adjoint(_ pass: NeuronAdjointPass) { kernels.adjointHiddenBit(NeuronAdjointTask(pass, shape)) }
    func findLikelihoods(_ pass: NeuronLikelihoodPass) {
        kernels.likelihoodHiddenBit(LikelihoodTask(pass, shape))
    }

    func memory(_ carried: BufferView<Float>, lane: Int) -> [Float] { [carried[lane]] }
}
