import Compute
import Foundation
import SpikingNetworks

/// A rule that turns gradients into changes of parameters.
public enum Optimizer: Sendable, Hashable {
    /// Adam (Kingma and Ba, 2015), with bias correction.
    case adam(firstDecay: Double = 0.9, secondDecay: Double = 0.999, epsilon: Double = 1e-8)
    /// Stochastic gradient descent, v ← μ v + g, θ ← θ − η v.
    case gradientDescent(momentum: Double = 0)

    var momentCount: Int {
        switch self {
        case .adam: 2
        case .gradientDescent: 1
        }
    }
}

/// How the learning rate changes over a run.
public enum LearningRateSchedule: String, Sendable, Hashable, Codable, CaseIterable {
    case constant
    /// From the full rate down to 0 along half a cosine over all updates of the run.
    case cosine

    /// Factor on the learning rate at one update.
    ///
    /// - Parameters:
    ///   - update: updates done before this one.
    ///   - total: updates of the whole run.
    public func factor(update: Int, of total: Int) -> Double {
        switch self {
        case .constant: 1
        case .cosine: 0.5 * (1 + cos(.pi * (Double(update) / Double(max(total, 1)))))
        }
    }
}

/// The running moments of an optimiser, one buffer a layer for the weights and one for the angles.
package struct OptimizerState: Sendable, Equatable {
    /// Updates done.
    package var updateCount = 0
    /// `[moment][layer]`, the packed layouts of the parameters.
    package var weightMoments: [[AlignedBuffer<Float>]]
    package var angleMoments: [[AlignedBuffer<Float>]]

    package init(_ optimizer: Optimizer, network: Network) {
        func zeros(_ like: (Network.Layer) -> Int) -> [AlignedBuffer<Float>] {
            network.layers.map { AlignedBuffer(repeating: 0, count: like($0)) }
        }
        weightMoments = (0..<optimizer.momentCount).map { _ in zeros(\.projection.weights.count) }
        angleMoments = (0..<optimizer.momentCount).map { _ in zeros(\.population.angles.count) }
    }
}
