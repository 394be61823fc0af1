import Compute

/// What the derivative of a spike with respect to its probability is taken to be on the way back.
///
/// A spike is a Bernoulli draw and has no derivative; surrogate-gradient learning puts one of these in
/// its place.
public enum Surrogate: String, Sendable, Hashable, Codable, CaseIterable {
    /// ∂s/∂p = 1: unbiased for one neuron's expected spike given its own past spikes. The default.
    case straightThrough = "straight-through"
    /// ∂s/∂p = p(1 − p), as the paper's published program has it.
    case bernoulliVariance = "bernoulli-variance"
    /// ∂s/∂p = σ′(p) with the logistic function σ, (S11).
    case sigmoidDerivative = "sigmoid-derivative"

    var kernelKind: SurrogateKind {
        switch self {
        case .straightThrough: .straightThrough
        case .bernoulliVariance: .bernoulliVariance
        case .sigmoidDerivative: .sigmoidDerivative
        }
    }
}
