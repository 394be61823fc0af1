import Compute
import Networks

/// One update of all parameters, applied to each part of the gradient as it arrives.
///
/// Sound to share between threads: the simulator hands over each element once, so no two threads touch
/// the same parameter or moment.
package struct ParameterUpdate: GradientReceiver {
    private let weights: [OptimizedParameters]
    private let angles: [OptimizedParameters]
    private let trained: TrainedParts
    private let optimizer: Optimizer
    private let updateCount: Int
    let learningRate: Double
    private let angleRateFactor: Double
    let gradientScale: Float
    private let kernels: any KernelSet.Type

    /// - Parameters:
    ///   - network, state: changed in place while the value is in use; the caller keeps both alive.
    ///   - updateCount: number of this update, from 1.
    ///   - gradientScale: factor on all gradients.
    package init(
        _ network: inout Network, _ state: inout OptimizerState, optimizer: Optimizer,
        trained: TrainedParameters = .all, learningRate: Double, angleRateFactor: Double,
        gradientScale: Float, kernels: any KernelSet.Type
    ) {
        weights = network.projections.indices.map { index in
            OptimizedParameters(
                network.withProjection(index) { $0.weights.mutableBase() },
                moments: state.weightMoments.indices.map {
                    SharedPointer(state.weightMoments[$0][index].mutableBase())
                })
        }
        angles = network.populations.indices.map { index in
            OptimizedParameters(
                network.withPopulation(index) { $0.angles.mutableBase() },
                moments: state.angleMoments.indices.map {
                    SharedPointer(state.angleMoments[$0][index].mutableBase())
                })
        }
        self.trained = TrainedParts(trained, of: network.graph)
        self.optimizer = optimizer
        updateCount = state.updateCount
        self.learningRate = learningRate
        self.angleRateFactor = angleRateFactor
        self.gradientScale = gradientScale
        self.kernels = kernels
    }

    package func trainsProjection(_ index: Int) -> Bool { trained.includesProjection(index) }
    package func trainsPopulation(_ index: Int) -> Bool { trained.includesPopulation(index) }

    package func receiveWeights(projection: Int, offset: Int, gradient: UnsafeBufferPointer<Float>) {
        apply(gradient, to: weights[projection], offset: offset, rate: learningRate)
    }

    package func receiveAngles(population: Int, offset: Int, gradient: UnsafeBufferPointer<Float>) {
        apply(gradient, to: angles[population], offset: offset, rate: learningRate * angleRateFactor)
    }

    private func apply(
        _ gradient: UnsafeBufferPointer<Float>, to target: OptimizedParameters, offset: Int, rate: Double
    ) {
        optimizer.step(
            target, offset: offset, gradient: gradient, updateCount: updateCount, rate: rate,
            gradientScale: gradientScale, kernels: kernels)
    }
}

/// The whole gradient of a batch, kept: for sums over machines, clipping by its norm, and tests.
package final class GradientStore: GradientReceiver, @unchecked Sendable {
    // Each element is written once, by one thread; the buffers are read after the pass.
    package private(set) var weights: [AlignedBuffer<Float>]
    package private(set) var angles: [AlignedBuffer<Float>]
    private let weightTargets: [SharedPointer<Float>]
    private let angleTargets: [SharedPointer<Float>]
    private let trained: TrainedParts

    package init(_ network: Network, trained: TrainedParameters) {
        var weights = network.projections.map {
            AlignedBuffer<Float>(repeating: 0, count: $0.weights.count)
        }
        var angles = network.populations.map {
            AlignedBuffer<Float>(repeating: 0, count: $0.angles.count)
        }
        self.trained = TrainedParts(trained, of: network.graph)
        weightTargets = weights.indices.map { SharedPointer(weights[$0].mutableBase()) }
        angleTargets = angles.indices.map { SharedPointer(angles[$0].mutableBase()) }
        (self.weights, self.angles) = (weights, angles)
    }

    package func trainsProjection(_ index: Int) -> Bool { trained.includesProjection(index) }
    package func trainsPopulation(_ index: Int) -> Bool { trained.includesPopulation(index) }

    package func receiveWeights(projection: Int, offset: Int, gradient: UnsafeBufferPointer<Float>) {
        guard let source = gradient.baseAddress else { return }
        (weightTargets[projection].base + offset).update(from: source, count: gradient.count)
    }

    package func receiveAngles(population: Int, offset: Int, gradient: UnsafeBufferPointer<Float>) {
        guard let source = gradient.baseAddress else { return }
        (angleTargets[population].base + offset).update(from: source, count: gradient.count)
    }

    /// Euclidean norm over all parameters and some more, summed in order.
    func norm(with more: AlignedBuffer<Float>?) -> Double {
        (weights + angles + (more.map { [$0] } ?? [])).reduce(0.0) { total, buffer in
            buffer.withUnsafeBufferPointer { $0.reduce(total) { $0 + Double($1) * Double($1) } }
        }.squareRoot()
    }

    /// Puts the sum over machines in the place of each part that is trained.
    func reduce(by reduction: any GradientReduction) throws {
        for index in weights.indices where trained.includesProjection(index) {
            try weights[index].withMutableSpan { try reduction.reduce(&$0) }
        }
        for index in angles.indices where trained.includesPopulation(index) {
            try angles[index].withMutableSpan { try reduction.reduce(&$0) }
        }
    }

    /// Hands the stored gradient on.
    func replay(to receiver: ParameterUpdate) {
        for index in weights.indices where trained.includesProjection(index) {
            weights[index].withUnsafeBufferPointer {
                receiver.receiveWeights(projection: index, offset: 0, gradient: $0)
            }
        }
        for index in angles.indices where trained.includesPopulation(index) {
            angles[index].withUnsafeBufferPointer {
                receiver.receiveAngles(population: index, offset: 0, gradient: $0)
            }
        }
    }
}

extension AlignedBuffer {
    /// The elements in place.
    mutating func withMutableSpan(_ body: (inout MutableSpan<Element>) throws -> Void) rethrows {
        let elements = UnsafeMutableBufferPointer(start: mutableBase(), count: count)
        var span = elements.mutableSpan
        try body(&span)
    }
}
