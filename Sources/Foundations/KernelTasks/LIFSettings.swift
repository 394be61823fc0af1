/// What a leaky integrate-and-fire neuron's potential does after a spike.
public enum PotentialReset: String, Sendable, CaseIterable, Codable {
    /// It is lowered by the threshold.
    case subtract
    /// It starts again at 0.
    case zero
}

/// What a sparsity regulariser takes for the activity u of a leaky integrate-and-fire neuron.
public enum RegularizedActivity: String, Sendable, CaseIterable, Codable {
    /// The potential U, as (3) of arXiv:2506.21324 has it. Potentials of opposite signs cancel there, so that few spikes are not what
    /// makes it small.
    case potential
    /// The potential within 0…θ.
    case clipped
}

/// What all leaky integrate-and-fire neurons of a population share.
///
/// The kernels read an `instruments` of `[2][64]`, the decay β and the threshold θ, and carry the potential, `[64]`.
public struct LIFSettings: Sendable, Hashable {
    public var reset: PotentialReset
    public var surrogate: SpikeSurrogate
    public var regularized: RegularizedActivity

    public init(
        reset: PotentialReset, surrogate: SpikeSurrogate, regularized: RegularizedActivity = .potential
    ) {
        self.reset = reset
        self.surrogate = surrogate
        self.regularized = regularized
    }

    /// Elements of a tile's decays and thresholds, and of their gradient.
    public static var instrumentSize: Int { 2 * tileWidth }
    /// Elements of a tile's memory of one sample between two calls.
    public static var carriedSize: Int { tileWidth }
    /// Elements of the adjoint's working memory: the potential and the spike before each step, and after the last.
    public static func adjointScratch(stepCount: Int) -> Int { 2 * 16 * (stepCount + 1) }
}
