import Compute
import Glibc
import Networks

/// A rule that turns gradients into changes of parameters.
public enum Optimizer: Sendable, Hashable {
    /// Adam (Kingma and Ba, 2015), with bias correction.
    case adam(firstDecay: Double = 0.9, secondDecay: Double = 0.999, epsilon: Double = 1e-8)
    /// Stochastic gradient descent, v ← μ v + g, θ ← θ − η v.
    case gradientDescent(momentum: Double = 0)

    package var momentCount: Int {
        switch self {
        case .adam: 2
        case .gradientDescent: 1
        }
    }

    /// The values that a moment can have: all finite numbers, and mean squares from 0.
    package func momentRange(_ moment: Int) -> ClosedRange<Float> {
        let largest = Float.greatestFiniteMagnitude
        return switch self {
        case .adam: (moment == 1 ? 0 : -largest)...largest
        case .gradientDescent: -largest...largest
        }
    }
}

/// Which parameters of a network are trained.
public enum TrainedParameters: String, Sendable, Hashable, Codable, CaseIterable {
    case all
    /// The synapses onto the population that is read out, and its neurons' parameters; everything before them keeps its random
    /// parameters, as in reservoir computing.
    case readout
}

/// The projections and populations of a network that are trained.
package struct TrainedParts: Sendable {
    private let trained: TrainedParameters
    private let isReadout: [Bool]
    private let output: Int

    package init(_ trained: TrainedParameters, of graph: NetworkGraph) {
        self.trained = trained
        isReadout = graph.edges.indices.map(graph.isReadout)
        output = graph.outputIndex
    }

    package func includesProjection(_ index: Int) -> Bool { trained == .all || isReadout[index] }
    package func includesPopulation(_ index: Int) -> Bool { trained == .all || index == output }
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

/// The running moments of an optimiser, one buffer a projection for weights and one a population for its neurons' parameters.
package struct OptimizerState: Sendable, Equatable {
    /// Updates done.
    package var updateCount = 0
    /// `[moment][projection]` and `[moment][population]`, in the layouts of the parameters.
    package var weightMoments: [[AlignedBuffer<Float>]]
    package var neuronMoments: [[AlignedBuffer<Float>]]

    package init(_ optimizer: Optimizer, network: Network) {
        func zeros(_ counts: [Int]) -> [AlignedBuffer<Float>] {
            counts.map { AlignedBuffer(repeating: 0, count: $0) }
        }
        weightMoments = (0..<optimizer.momentCount).map { _ in
            zeros(network.projections.map(\.weights.count))
        }
        neuronMoments = (0..<optimizer.momentCount).map { _ in
            zeros(network.populations.map(\.parameters.count))
        }
    }
}
