import Compute
import Foundation

/// Some parameters and their running moments, for the threads of an update.
package struct OptimizedParameters: Sendable {
    let parameters: SharedPointer<Float>
    /// As many as the optimiser has.
    let moments: [SharedPointer<Float>]

    package init(_ parameters: UnsafeMutablePointer<Float>, moments: [SharedPointer<Float>]) {
        self.parameters = SharedPointer(parameters)
        self.moments = moments
    }
}

extension Optimizer {
    /// Changes `gradient.count` parameters from `offset` on, and their moments.
    ///
    /// - Parameters:
    ///   - updateCount: number of this update, from 1.
    ///   - rate: learning rate of this update.
    ///   - gradientScale: factor on the gradient.
    package func step(
        _ target: OptimizedParameters, offset: Int = 0, gradient: UnsafeBufferPointer<Float>,
        updateCount: Int, rate: Double, gradientScale: Float = 1, kernels: any KernelSet.Type
    ) {
        guard let source = gradient.baseAddress else { return }
        switch self {
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
