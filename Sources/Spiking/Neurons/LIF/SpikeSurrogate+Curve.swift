import Compute
import Glibc

extension SpikeSurrogate {
    /// The smooth step whose derivative is ``slope(_:)``, up to a constant.
    public func value(_ margin: Double) -> Double {
        switch self {
        case .arctan(let alpha): atan(.pi / 2 * alpha * margin) / .pi
        case .fastSigmoid(let slope): margin / (1 + slope * abs(margin))
        case .sigmoid(let slope): 1 / (1 + exp(-slope * margin))
        }
    }

    /// What stands for ∂S/∂x at `margin` = x.
    public func slope(_ margin: Double) -> Double {
        switch self {
        case .arctan(let alpha):
            let scaled = .pi / 2 * alpha * margin
            return alpha / 2 / (1 + scaled * scaled)
        case .fastSigmoid(let slope):
            let share = 1 / (1 + slope * abs(margin))
            return share * share
        case .sigmoid(let slope):
            let fall = exp(-slope * abs(margin))
            return slope * fall / ((1 + fall) * (1 + fall))
        }
    }
}
