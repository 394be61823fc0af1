/// What a quantum leaky integrate-and-fire neuron does at the step after a spike.
public enum SpikeAftermath: String, Sendable, CaseIterable, Codable {
    /// It integrates from |0⟩, (S6).
    case paper
    /// It is silent, and integrates from |0⟩ at the step after that: Brand and Petruccione's program.
    case refractory
}

/// What stands for the derivative of a spike that a potential makes by passing a threshold.
public enum SpikeGradient: String, Sendable, CaseIterable, Codable {
    /// At every step the arctan surrogate of the potential less the threshold.
    case arctan
    /// SpikeProp (Bohte, Kok and La Poutré 2002): a spike stays, and its time moves with the potential.
    case spikeTime = "spike-time"
}

/// What all quantum leaky integrate-and-fire neurons of a population share.
///
/// The kernels read two currents, z^s and z^o, and carry `[2][64]`: √α and √(1 − α), whose sign is set after a spike.
public struct QLIFSettings: Sendable, Hashable {
    /// ϑ
    public var threshold: Double
    /// β/T1
    public var relaxationRate: Double
    public var aftermath: SpikeAftermath
    /// Measurements that α is estimated by; 0 for the exact α.
    public var shots: Int
    /// Width α of the arctan surrogate of ∂s/∂(α_t − ϑ).
    public var surrogateWidth: Double
    public var spikeGradient: SpikeGradient

    /// Rise of α within the step of a spike below which the time of the spike is taken to move no faster.
    public static var leastRise: Double { 0.05 }

    public init(
        threshold: Double, relaxationRate: Double, aftermath: SpikeAftermath, shots: Int = 0,
        surrogateWidth: Double = 2, spikeGradient: SpikeGradient = .arctan
    ) {
        self.threshold = threshold
        self.relaxationRate = relaxationRate
        self.aftermath = aftermath
        self.shots = shots
        self.surrogateWidth = surrogateWidth
        self.spikeGradient = spikeGradient
    }

    /// Elements of a tile's memory of one sample between two calls.
    public static var carriedSize: Int { 2 * tileWidth }
    /// Elements of the adjoint's working memory.
    public static func adjointScratch(stepCount: Int) -> Int { recordSize * stepCount }
    /// Elements that the adjoint keeps of a step of sixteen neurons.
    public static var recordSize: Int { 7 * 16 }

    /// Shots that one random word decides: (1/2)^64 is far from the smallest number of single precision.
    public static var shotsPerWord: Int { 64 }
    /// Random words of each neuron and step.
    public var wordsPerStep: Int { max(1, (shots + Self.shotsPerWord - 1) / Self.shotsPerWord) }
    public func randomWords(stepCount: Int) -> Int { wordsPerStep * stepCount * tileWidth }
}
