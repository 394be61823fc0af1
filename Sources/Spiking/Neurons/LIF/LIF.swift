import Compute

/// The leaky integrate-and-fire neuron as snnTorch's `Leaky`: a potential U_t = β U_{t−1} + z_t that a spike S_t = 1[U_t > θ]
/// resets at the next step, with a surrogate for the derivative of the spike.
public struct LIF: NeuronModel {
    public static let kind = "lif"

    /// β, of all neurons or where training begins.
    public let decay: Float
    /// θ, likewise.
    public let threshold: Float
    /// Whether each neuron trains a decay of its own.
    public let learnsDecay: Bool
    public let learnsThreshold: Bool
    public let settings: LIFSettings

    /// Decays β: at 1 nothing leaks.
    public static let decays: ClosedRange<Float> = 0...1
    /// Thresholds θ: at rest no neuron fires.
    public static let thresholds: ClosedRange<Float> = 0...1e6

    /// - Throws: ``NeuronError/input(place:problem:)`` for numbers that no such neuron has.
    public init(
        decay: Float = 0.9, threshold: Float = 1, learnsDecay: Bool = false, learnsThreshold: Bool = false,
        reset: PotentialReset = .subtract, surrogate: SpikeSurrogate = .arctan(),
        regularized: RegularizedActivity = .potential
    ) throws(NeuronError) {
        try Self.decays.check(decay, "decay")
        try Self.thresholds.check(threshold, "threshold")
        try surrogate.checkWidth()
        self.decay = decay
        self.threshold = threshold
        self.learnsDecay = learnsDecay
        self.learnsThreshold = learnsThreshold
        settings = LIFSettings(reset: reset, surrogate: surrogate, regularized: regularized)
    }

    public static let settings = [
        ModelSetting("decay", "BETA", "Share of the potential that a step leaves, 0 to 1.", default: "0.9"),
        ModelSetting("threshold", "THETA", "Potential above which it fires.", default: "1"),
        ModelSetting("learn_decay", "true|false", "Train a decay of each neuron.", default: "false"),
        ModelSetting("learn_threshold", "true|false", "Train a threshold of each neuron.", default: "false"),
        ModelSetting(
            "reset", PotentialReset.allCases.map(\.rawValue).joined(separator: "|"),
            "What a spike does to the potential.", default: PotentialReset.subtract.rawValue),
        ModelSetting(
            "spike_surrogate", SpikeSurrogate.names.joined(separator: "|"),
            "What stands for the derivative of a spike.", default: SpikeSurrogate.names[0]),
        ModelSetting(
            "surrogate_width", "W", "Its alpha (arctan) or slope (sigmoids), as in snnTorch.",
            default: "2 or 25"),
        ModelSetting(
            "regularized", RegularizedActivity.allCases.map(\.rawValue).joined(separator: "|"),
            "What --regularization takes for its activity: the potential, or that within 0 and THETA.",
            default: RegularizedActivity.potential.rawValue),
    ]

    public var channelCount: Int { 1 }
    public var memoryNames: [String] { ["potential"] }

    public var parameterGroups: [ParameterGroup] {
        let decays = ParameterGroup(
            "decays", count: 1, initial: .constant(Double(decay)), bounds: Self.decays)
        let thresholds = ParameterGroup(
            "thresholds", count: 1, initial: .constant(Double(threshold)), bounds: Self.thresholds)
        return (learnsDecay ? [decays] : []) + (learnsThreshold ? [thresholds] : [])
    }

    public func reference(_ parameters: [Double]) throws -> any ReferenceDynamics {
        try LIFReference(self, parameters: parameters)
    }

    public func engineSize(stepCount: Int) -> EngineSize {
        EngineSize(
            compiled: LIFSettings.instrumentSize, memory: LIFSettings.carriedSize,
            scratch: LIFSettings.adjointScratch(stepCount: stepCount), randomWords: stepCount * tileWidth)
    }

    public func engine(_ instructionSet: InstructionSet) -> any NeuronEngine {
        LIFEngine(model: self, kernels: instructionSet.kernels)
    }
}
