/// What stands for the derivative of a spike S = 1[x > 0] by x, where a neuron fires when its state passes a threshold.
///
/// Named and scaled as in snnTorch, whose widths are the defaults.
public enum SpikeSurrogate: Sendable, Hashable {
    /// ∂S/∂x = (α/2) / (1 + (π α x/2)²).
    case arctan(alpha: Double = 2)
    /// ∂S/∂x = 1 / (1 + k |x|)².
    case fastSigmoid(slope: Double = 25)
    /// ∂S/∂x = k σ(k x) (1 − σ(k x)).
    case sigmoid(slope: Double = 25)

    /// α or k.
    public var width: Double {
        switch self {
        case .arctan(let width), .fastSigmoid(let width), .sigmoid(let width): width
        }
    }
}
