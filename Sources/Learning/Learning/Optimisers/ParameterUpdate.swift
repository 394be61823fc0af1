import Compute
import Networks

/// One update of all parameters, applied to each part of the gradient as it arrives.
///
/// Sound to share between threads: the simulator hands over each element once, so no two threads touch
/// the same parameter or moment.
package struct ParameterUpdate: GradientReceiver {
    private let weights: [OptimizedParameters]
    private let neurons: [OptimizedParameters]
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
                network.withProjection(index) { $0.weights.mutableView() },
                moments: state.weightMoments.indices.map { state.weightMoments[$0][index].mutableView() })
        }
        neurons = network.populations.indices.map { index in
            OptimizedParameters(
                network.withPopulation(index) { $0.parameters.mutableView() },
                bounds: network.populations[index].bounds,
                moments: state.neuronMoments.indices.map { state.neuronMoments[$0][index].mutableView() })
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

    package func receiveWeights(projection: Int, offset: Int, gradient: BufferView<Float>) {
        apply(gradient, to: weights[projection], offset: offset, rate: learningRate)
    }

    package func receiveParameters(population: Int, offset: Int, gradient: BufferView<Float>) {
        let target = neurons[population]
        apply(gradient, to: target, offset: offset, rate: learningRate * angleRateFactor)
        target.bounds?.keep(target.parameters[offset..<offset + gradient.count])
    }

    private func apply(
        _ gradient: BufferView<Float>, to target: OptimizedParameters, offset: Int, rate: Double
    ) {
        optimizer.step(
            target, offset: offset, gradient: gradient, updateCount: updateCount, rate: rate,
            gradientScale: gradientScale, kernels: kernels)
    }
}

/// The whole gradient of a batch, kept: for sums of shards, clipping by its norm, and tests.
package final class GradientStore: GradientReceiver, @unchecked Sendable {
    // Each element is written once, by one thread; the buffers are read after the pass.
    package let weights: [WorkingBuffer<Float>]
    package let neurons: [WorkingBuffer<Float>]
    private let trained: TrainedParts

    package init(_ network: Network, trained: TrainedParameters) {
        weights = network.projections.map { WorkingBuffer(count: $0.weights.count) }
        neurons = network.populations.map { WorkingBuffer(count: $0.parameters.count) }
        self.trained = TrainedParts(trained, of: network.graph)
    }

    package func trainsProjection(_ index: Int) -> Bool { trained.includesProjection(index) }
    package func trainsPopulation(_ index: Int) -> Bool { trained.includesPopulation(index) }

    package func receiveWeights(projection: Int, offset: Int, gradient: BufferView<Float>) {
        weights[projection].view[offset..<offset + gradient.count].copy(gradient)
    }

    package func receiveParameters(population: Int, offset: Int, gradient: BufferView<Float>) {
        neurons[population].view[offset..<offset + gradient.count].copy(gradient)
    }

    /// Euclidean norm over all parameters and some more, summed in order.
    func norm(with more: BufferView<Float>?) -> Double {
        ((weights + neurons).map(\.view.view) + (more.map { [$0] } ?? [])).reduce(0.0) { total, gradient in
            gradient.indices.reduce(total) { $0 + Double(gradient[$1]) * Double(gradient[$1]) }
        }.squareRoot()
    }

    /// The parts that are trained, weights first.
    var trainedParts: [WorkingBuffer<Float>] {
        weights.indices.filter(trained.includesProjection).map { weights[$0] }
            + neurons.indices.filter(trained.includesPopulation).map { neurons[$0] }
    }

    /// Hands the stored gradient on; weights in shares, as each stands by itself.
    func replay(to receiver: ParameterUpdate, _ parallelism: Parallelism) {
        let size = 1 << 14
        for index in weights.indices where trained.includesProjection(index) {
            let gradient = weights[index].view.view
            parallelism.forEach((gradient.count + size - 1) / size) { share, _ in
                let first = share * size
                receiver.receiveWeights(
                    projection: index, offset: first,
                    gradient: gradient[first..<min(first + size, gradient.count)])
            }
        }
        for index in neurons.indices where trained.includesPopulation(index) {
            receiver.receiveParameters(population: index, offset: 0, gradient: neurons[index].view.view)
        }
    }
}
