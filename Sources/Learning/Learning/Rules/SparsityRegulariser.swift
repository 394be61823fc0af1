import Networks

/// The sparsity regulariser (3) of arXiv:2506.21324 for one layer and one sample,
/// R = λ/T Σ_t (Σ_i u_{i,t})² / Σ_i u_{i,t}², with u the firing probability,
/// of LIF neurons the potential.
///
/// It is smallest when few neurons are likely to fire. A step with all u = 0 counts 0, and one with next to nothing, Σ u² of at most
/// `SparsityPenalty.floor`, as well: R is the same however small all u are, so that its gradient goes beyond all bounds there. This is the
/// plain form; training computes the same in the neurons' kernels.
public struct SparsityRegulariser: Sendable, Hashable {
    /// λ
    public let weight: Double

    public init(weight: Double) { self.weight = weight }

    /// - Parameter activities: u, shape `[step][neuron]`.
    public func value(_ activities: [[Double]]) -> Double {
        let ratios = activities.map { Self.ratio($0) * $0.reduce(0, +) }
        return weight / Double(max(activities.count, 1)) * ratios.reduce(0, +)
    }

    /// ∂R/∂u, shape `[step][neuron]`.
    public func gradient(_ activities: [[Double]]) -> [[Double]] {
        activities.map { step in
            let ratio = Self.ratio(step)
            let scale = 2 * weight / Double(activities.count)
            return step.map { scale * (ratio - ratio * ratio * $0) }
        }
    }

    /// Σ u / Σ u² of a step.
    private static func ratio(_ step: [Double]) -> Double {
        let squares = step.reduce(0) { $0 + $1 * $1 }
        return squares > Double(SparsityPenalty.floor) ? step.reduce(0, +) / squares : 0
    }
}
