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
    private let trained: TrainedParameters
    private let output: Int
    private let isReadout: [Bool]
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
        _ network: inout Network, _ state: inout OptimizerState, optimizer: Optimizer,
        trained: TrainedParameters = .all, learningRate: Double, angleRateFactor: Double,
        gradientScale: Float, kernels: any KernelSet.Type
    ) {
        var weights: [Target] = []
        var angles: [Target] = []
        for index in network.projections.indices {
            let moments = state.weightMoments.indices.map {
                SharedPointer(state.weightMoments[$0][index].mutableBase())
            }
            let parameters = network.withProjection(index) { SharedPointer($0.weights.mutableBase()) }
            weights.append(Target(parameters: parameters, moments: moments))
        }
        for index in network.populations.indices {
            let moments = state.angleMoments.indices.map {
                SharedPointer(state.angleMoments[$0][index].mutableBase())
            }
            let parameters = network.withPopulation(index) { SharedPointer($0.angles.mutableBase()) }
            angles.append(Target(parameters: parameters, moments: moments))
        }
        (self.weights, self.angles) = (weights, angles)
        self.trained = trained
        output = network.outputIndex
        isReadout = network.projections.indices.map(network.isReadout)
        self.optimizer = optimizer
        updateCount = state.updateCount
        self.learningRate = learningRate
        self.angleRateFactor = angleRateFactor
        self.gradientScale = gradientScale
        self.kernels = kernels
    }

    package func trainsProjection(_ index: Int) -> Bool { trained == .all || isReadout[index] }
    package func trainsPopulation(_ index: Int) -> Bool { trained == .all || index == output }

    package func receiveWeights(projection: Int, offset: Int, gradient: UnsafeBufferPointer<Float>) {
        apply(gradient, to: weights[projection], offset: offset, rate: learningRate)
    }

    package func receiveAngles(population: Int, offset: Int, gradient: UnsafeBufferPointer<Float>) {
        apply(gradient, to: angles[population], offset: offset, rate: learningRate * angleRateFactor)
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
    private let isWeightTrained: [Bool]
    private let isAngleTrained: [Bool]

    init(_ network: Network, trained: TrainedParameters) {
        var weights = network.projections.map {
            AlignedBuffer<Float>(repeating: 0, count: $0.weights.count)
        }
        var angles = network.populations.map {
            AlignedBuffer<Float>(repeating: 0, count: $0.angles.count)
        }
        isWeightTrained = weights.indices.map { trained == .all || network.isReadout($0) }
        isAngleTrained = angles.indices.map { trained == .all || $0 == network.outputIndex }
        weightTargets = weights.indices.map { SharedPointer(weights[$0].mutableBase()) }
        angleTargets = angles.indices.map { SharedPointer(angles[$0].mutableBase()) }
        (self.weights, self.angles) = (weights, angles)
    }

    func trainsProjection(_ index: Int) -> Bool { isWeightTrained[index] }
    func trainsPopulation(_ index: Int) -> Bool { isAngleTrained[index] }

    func receiveWeights(projection: Int, offset: Int, gradient: UnsafeBufferPointer<Float>) {
        guard let source = gradient.baseAddress else { return }
        (weightTargets[projection].base + offset).update(from: source, count: gradient.count)
    }

    func receiveAngles(population: Int, offset: Int, gradient: UnsafeBufferPointer<Float>) {
        guard let source = gradient.baseAddress else { return }
        (angleTargets[population].base + offset).update(from: source, count: gradient.count)
    }

    /// Euclidean norm over all parameters, summed in order.
    var norm: Double {
        (weights + angles).reduce(0.0) { total, buffer in
            buffer.withUnsafeBufferPointer { $0.reduce(total) { $0 + Double($1) * Double($1) } }
        }.squareRoot()
    }

    /// Hands the stored gradient on.
    func replay(to receiver: ParameterUpdate) {
        for index in weights.indices where isWeightTrained[index] {
            weights[index].withUnsafeBufferPointer {
                receiver.receiveWeights(projection: index, offset: 0, gradient: $0)
            }
        }
        for index in angles.indices where isAngleTrained[index] {
            angles[index].withUnsafeBufferPointer {
                receiver.receiveAngles(population: index, offset: 0, gradient: $0)
            }
        }
    }
}
