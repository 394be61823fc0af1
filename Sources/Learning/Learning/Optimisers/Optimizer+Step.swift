import Compute
import Glibc
import Neurons

/// Some parameters and their running moments, for the threads of an update.
package struct OptimizedParameters: Sendable {
    let parameters: MutableBufferView<Float>
    /// As many as the optimiser has.
    let moments: [MutableBufferView<Float>]
    /// Where the parameters stay; nil of weights, which may be anywhere.
    let bounds: ParameterBounds?

    package init(
        _ parameters: MutableBufferView<Float>, bounds: ParameterBounds? = nil,
        moments: [MutableBufferView<Float>]
    ) {
        self.parameters = parameters
        self.bounds = bounds
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
        switch self {
        case .adam(let firstDecay, let secondDecay, let epsilon):
            let secondCorrection = (1 - pow(secondDecay, Double(updateCount))).squareRoot()
            let firstCorrection = 1 - pow(firstDecay, Double(updateCount))
            kernels.stepAdam(
                AdamTask(
                    parameters: parameters.pointer, gradient: gradient.pointer,
                    firstMoment: target.moments[0][range].pointer,
                    secondMoment: target.moments[1][range].pointer, count: gradient.count,
                    rate: Float(rate * secondCorrection / firstCorrection),
                    epsilon: Float(epsilon * secondCorrection), firstDecay: Float(firstDecay),
                    secondDecay: Float(secondDecay), gradientScale: gradientScale))
        case .gradientDescent(let momentum):
            kernels.stepMomentum(
                MomentumTask(
                    parameters: parameters.pointer, gradient: gradient.pointer,
                    velocity: target.moments[0][range].pointer,
                    count: gradient.count, rate: Float(rate),
                    momentum: Float(momentum), gradientScale: gradientScale))
        }
    }
}
