/// What a leaky integrate-and-fire neuron's potential does after a spike.
public enum PotentialReset: String, Sendable, CaseIterable, Codable {
    /// It is lowered by the threshold.
    case subtract
    /// It starts again at 0.
    case zero
}

/// What all leaky integrate-and-fire neurons of a population share.
///
/// The kernels read an `instruments` of `[2][64]`, the decay β and the threshold θ, and carry the potential, `[64]`.
public struct LIFSettings: Sendable, Hashable {
    public var reset: PotentialReset
    public var surrogate: SpikeSurrogate

    public init(reset: PotentialReset, surrogate: SpikeSurrogate) {
        self.reset = reset
        self.surrogate = surrogate
    }

    /// Elements of a tile's decays and thresholds, and of their gradient.
    public static var instrumentSize: Int { 2 * tileWidth }
    /// Elements of a tile's memory of one sample between two calls.
    public static var carriedSize: Int { tileWidth }
    /// Elements of the adjoint's working memory: the potential and the spike before each step, and after the last.
    public static func adjointScratch(stepCount: Int) -> Int { 2 * 16 * (stepCount + 1) }
}
