import Compute
import Foundation

/// Some parameters and their running moments, for the threads of an update.
package struct OptimizedParameters: Sendable {
    let parameters: MutableBufferView<Float>
    /// As many as the optimiser has.
    let moments: [MutableBufferView<Float>]

    package init(_ parameters: MutableBufferView<Float>, moments: [MutableBufferView<Float>]) {
        self.parameters = parameters
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
        _ target: OptimizedParameters, offset: Int = 0, gradient: BufferView<Float>,
        updateCount: Int, rate: Double, gradientScale: Float = 1, kernels: any KernelSet.Type
    ) {
        let range = offset..<offset + gradient.count
        let parameters = target.parameters[range]
        let moments = target.moments.map { $0[range].pointer }
        switch self {
        case .adam(let firstDecay, let secondDecay, let epsilon):
            let secondCorrection = (1 - pow(secondDecay, Double(updateCount))).squareRoot()
            let firstCorrection = 1 - pow(firstDecay, Double(updateCount))
            kernels.stepAdam(
                AdamTask(
                    parameters: parameters.pointer, gradient: gradient.pointer, firstMoment: moments[0],
                    secondMoment: moments[1], count: gradient.count,
                    rate: Float(rate * secondCorrection / firstCorrection),
                    epsilon: Float(epsilon * secondCorrection), firstDecay: Float(firstDecay),
                    secondDecay: Float(secondDecay), gradientScale: gradientScale))
        case .gradientDescent(let momentum):
            kernels.stepMomentum(
                MomentumTask(
                    parameters: parameters.pointer, gradient: gradient.pointer, velocity: moments[0],
                    count: gradient.count, rate: Float(rate),
                    momentum: Float(momentum), gradientScale: gradientScale))
        }
    }
}
