import Compute

/// The quantum leaky integrate-and-fire neuron, (S1)–(S8) of arXiv:2506.21324 after Brand and Petruccione: a qubit that is prepared
/// anew at each step, whose excited share α_t is the potential, and a spike where α_t exceeds a threshold.
///
/// Every presynaptic spike arrives by two weights, as excitation z^s and as leak z^o: two currents a neuron.
public struct QLIF: NeuronModel {
    public static let kind = "qlif"

    /// β
    public let beta: Double
    /// T1
    public let relaxationTime: Double
    public let settings: QLIFSettings

    /// Measurements at most that α is estimated by.
    public static let largestShotCount = 100_000

    /// - Parameters:
    ///   - threshold: ϑ.
    ///   - beta: β; only β/T1 matters.
    ///   - relaxationTime: T1.
    ///   - shots: measurements that α is estimated by; 0 for the exact α. Gradients are those of the exact α.
    ///   - surrogateWidth: α of the arctan surrogate.
    ///   - spikeGradient: by the arctan surrogate, or SpikeProp.
    /// - Throws: ``NeuronError/input(place:problem:)`` for numbers that no such neuron has.
    public init(
        threshold: Double = 0.5, beta: Double = 100, relaxationTime: Double = 60,
        aftermath: SpikeAftermath = .paper,
        shots: Int = 0, surrogateWidth: Double = 2, spikeGradient: SpikeGradient = .arctan
    ) throws(NeuronError) {
        try Self.check(threshold, in: 0...1, "threshold")
        try Self.check(beta, in: 0...1e6, "beta")
        try Self.check(relaxationTime, in: 1e-3...1e6, "t1")
        try Self.check(Double(shots), in: 0...Double(Self.largestShotCount), "alpha_shots")
        try SpikeSurrogate.arctan(alpha: surrogateWidth).checkWidth()
        self.beta = beta
        self.relaxationTime = relaxationTime
        settings = QLIFSettings(
            threshold: threshold, relaxationRate: beta / relaxationTime, aftermath: aftermath, shots: shots,
            surrogateWidth: surrogateWidth, spikeGradient: spikeGradient)
    }

    private static func check(
        _ value: Double, in range: ClosedRange<Double>, _ place: String
    ) throws(NeuronError) {
        guard range.contains(value) else {
            throw .input(
                place: place,
                problem: "found \(value), expected a number from \(range.lowerBound) to \(range.upperBound)")
        }
    }

    public static let settings = [
        ModelSetting("threshold", "P", "Probability of a 1 above which it fires.", default: "0.5"),
        ModelSetting("beta", "B", "Scale of the leak.", default: "100"),
        ModelSetting("t1", "T1", "Relaxation time; only beta over T1 matters.", default: "60"),
        ModelSetting(
            "variant", SpikeAftermath.allCases.map(\.rawValue).joined(separator: "|"),
            "Whether a spike is followed by a silent step.", default: SpikeAftermath.paper.rawValue),
        ModelSetting(
            "alpha_shots", "N", "Measurements that estimate the probability; 0 for the exact one.",
            default: "0"),
        ModelSetting(
            "surrogate_width", "W", "Alpha of the arctan surrogate.", default: "2"),
        ModelSetting(
            "spike_gradient", SpikeGradient.allCases.map(\.rawValue).joined(separator: "|"),
            "By the arctan surrogate, or by the times of the spikes (SpikeProp), which takes --loss first-spike.",
            default: SpikeGradient.arctan.rawValue),
    ]

    public var channelCount: Int { 1 }
    public var currentCount: Int { 2 }
    public var parameterGroups: [ParameterGroup] { [] }
    public var estimationShots: Int? { settings.shots > 0 ? settings.shots : nil }
    public var memoryNames: [String] { ["excited_probability"] }
    public var learnsSpikeTimes: Bool { settings.spikeGradient == .spikeTime }

    public func reference(_ parameters: [Double]) throws -> any ReferenceDynamics {
        QLIFReference(settings: settings)
    }

    public func engineSize(stepCount: Int) -> EngineSize {
        EngineSize(
            compiled: 0, memory: QLIFSettings.carriedSize,
            scratch: QLIFSettings.adjointScratch(stepCount: stepCount),
            randomWords: settings.randomWords(stepCount: stepCount))
    }

    public func engine(_ instructionSet: InstructionSet) -> any NeuronEngine {
        QLIFEngine(settings: settings, kernels: instructionSet.kernels)
    }
}
