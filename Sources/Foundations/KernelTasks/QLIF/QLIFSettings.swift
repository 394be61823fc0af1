/// What a quantum leaky integrate-and-fire neuron does at the step after a spike.
public enum SpikeAftermath: String, Sendable, CaseIterable, Codable {
    /// It integrates from |0⟩, (S6).
    case paper
    /// It is silent, and integrates from |0⟩ at the step after that: Brand and Petruccione's program.
    case refractory
}

/// What all quantum leaky integrate-and-fire neurons of a population share.
///
/// The kernels read two currents, z^s and z^o, and carry `[2][64]`: the phase arcsin √α in quarter turns, and the spike.
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

    public init(
        threshold: Double, relaxationRate: Double, aftermath: SpikeAftermath, shots: Int = 0,
        surrogateWidth: Double = 2
    ) {
        self.threshold = threshold
        self.relaxationRate = relaxationRate
        self.aftermath = aftermath
        self.shots = shots
        self.surrogateWidth = surrogateWidth
    }

    /// Elements of a tile's memory of one sample between two calls.
    public static var carriedSize: Int { 2 * tileWidth }
    /// Elements of the adjoint's working memory: the phase and the spike before each step, and after the last.
    public static func adjointScratch(stepCount: Int) -> Int { 2 * 16 * (stepCount + 1) }

    /// Shots that one random word decides: (1/2)^64 is far from the smallest number of single precision.
    public static var shotsPerWord: Int { 64 }
    /// Random words of each neuron and step.
    public var wordsPerStep: Int { max(1, (shots + Self.shotsPerWord - 1) / Self.shotsPerWord) }
    public func randomWords(stepCount: Int) -> Int { wordsPerStep * stepCount * tileWidth }
}
