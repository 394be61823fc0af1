import Compute
import Foundation
import SpikingNetworks

/// One update of all parameters, applied to each part of the gradient as it arrives.
///
/// Sound to share between threads: the simulator hands over each element once, so no two threads touch
/// the same parameter or moment.
package struct ParameterUpdate: GradientReceiver {
    private struct Target: Sendable {
        let parameters: SharedPointer<Float>
        let moments: [SharedPointer<Float>]
    }

    private let weights: [Target]
    private let angles: [Target]
    private let optimizer: Optimizer
    private let updateCount: Int
    private let learningRate: Double
    private let angleRateFactor: Double
    private let gradientScale: Float
    private let kernels: any KernelSet.Type

    /// - Parameters:
    ///   - network, state: changed in place while the value is in use; the caller keeps both alive.
    ///   - updateCount: number of this update, from 1.
    ///   - gradientScale: factor on all gradients.
    package init(
        _ network: inout Network, _ state: inout OptimizerState, optimizer: Optimizer, learningRate: Double,
        angleRateFactor: Double, gradientScale: Float, kernels: any KernelSet.Type
    ) {
        var weights: [Target] = []
        var angles: [Target] = []
        for layer in network.layers.indices {
            let weightMoments = state.weightMoments.indices.map {
                SharedPointer(state.weightMoments[$0][layer].mutableBase())
            }
            let angleMoments = state.angleMoments.indices.map {
                SharedPointer(state.angleMoments[$0][layer].mutableBase())
            }
            let parameters = network.withLayer(layer) {
                (
                    SharedPointer($0.projection.weights.mutableBase()),
                    SharedPointer($0.population.angles.mutableBase())
                )
            }
            weights.append(Target(parameters: parameters.0, moments: weightMoments))
            angles.append(Target(parameters: parameters.1, moments: angleMoments))
        }
        (self.weights, self.angles) = (weights, angles)
        self.optimizer = optimizer
        updateCount = state.updateCount
        self.learningRate = learningRate
        self.angleRateFactor = angleRateFactor
        self.gradientScale = gradientScale
        self.kernels = kernels
    }

    package func receiveWeights(layer: Int, offset: Int, gradient: UnsafeBufferPointer<Float>) {
        apply(gradient, to: weights[layer], offset: offset, rate: learningRate)
    }

    package func receiveAngles(layer: Int, offset: Int, gradient: UnsafeBufferPointer<Float>) {
        apply(gradient, to: angles[layer], offset: offset, rate: learningRate * angleRateFactor)
    }

    private func apply(
        _ gradient: UnsafeBufferPointer<Float>, to target: Target, offset: Int, rate: Double
    ) {
        guard let source = gradient.baseAddress else { return }
        switch optimizer {
        case .adam(let firstDecay, let secondDecay, let epsilon):
            let secondCorrection = (1 - pow(secondDecay, Double(updateCount))).squareRoot()
            let firstCorrection = 1 - pow(firstDecay, Double(updateCount))
            kernels.stepAdam(
                AdamTask(
                    parameters: target.parameters.base + offset, gradient: source,
                    firstMoment: target.moments[0].base + offset,
                    secondMoment: target.moments[1].base + offset, count: gradient.count,
                    rate: Float(rate * secondCorrection / firstCorrection),
                    epsilon: Float(epsilon * secondCorrection), firstDecay: Float(firstDecay),
                    secondDecay: Float(secondDecay), gradientScale: gradientScale))
        case .gradientDescent(let momentum):
            kernels.stepMomentum(
                MomentumTask(
                    parameters: target.parameters.base + offset, gradient: source,
                    velocity: target.moments[0].base + offset, count: gradient.count, rate: Float(rate),
                    momentum: Float(momentum), gradientScale: gradientScale))
        }
    }
}

/// The whole gradient of a batch, kept: for clipping by its norm, and for tests.
final class GradientStore: GradientReceiver, @unchecked Sendable {
    // Each element is written once, by one thread; the buffers are read after the pass.
    private(set) var weights: [AlignedBuffer<Float>]
    private(set) var angles: [AlignedBuffer<Float>]
    private let weightTargets: [SharedPointer<Float>]
    private let angleTargets: [SharedPointer<Float>]

    init(_ network: Network) {
        var weights = network.layers.map {
            AlignedBuffer<Float>(repeating: 0, count: $0.projection.weights.count)
        }
        var angles = network.layers.map {
            AlignedBuffer<Float>(repeating: 0, count: $0.population.angles.count)
        }
        weightTargets = weights.indices.map { SharedPointer(weights[$0].mutableBase()) }
        angleTargets = angles.indices.map { SharedPointer(angles[$0].mutableBase()) }
        (self.weights, self.angles) = (weights, angles)
    }

    package func receiveWeights(layer: Int, offset: Int, gradient: UnsafeBufferPointer<Float>) {
        guard let source = gradient.baseAddress else { return }
        (weightTargets[layer].base + offset).update(from: source, count: gradient.count)
    }

    package func receiveAngles(layer: Int, offset: Int, gradient: UnsafeBufferPointer<Float>) {
        guard let source = gradient.baseAddress else { return }
        (angleTargets[layer].base + offset).update(from: source, count: gradient.count)
    }

    /// Euclidean norm over all parameters, summed in order.
    var norm: Double {
        (weights + angles).reduce(0.0) { total, buffer in
            buffer.withUnsafeBufferPointer { $0.reduce(total) { $0 + Double($1) * Double($1) } }
        }.squareRoot()
    }

    /// Hands the stored gradient on.
    func replay(to receiver: ParameterUpdate) {
        for layer in weights.indices {
            weights[layer].withUnsafeBufferPointer {
                receiver.receiveWeights(layer: layer, offset: 0, gradient: $0)
            }
            angles[layer].withUnsafeBufferPointer {
                receiver.receiveAngles(layer: layer, offset: 0, gradient: $0)
            }
        }
    }
}
