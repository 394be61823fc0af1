import Compute
import Networks
import Neurons

/// One update of all parameters, applied to each part of the gradient as it arrives.
///
/// Sound to share between threads: the simulator hands over each element once, so no two threads touch
/// the same parameter or moment.
package struct ParameterUpdate: GradientReceiver {
    private let weights: [OptimizedParameters]
    private let neurons: [OptimizedParameters]
    private let bounds: [ParameterBounds]
    private let trained: TrainedParts
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
        weights = network.projections.indices.map { index in
            OptimizedParameters(
                network.withProjection(index) { $0.weights.mutableView() },
                moments: state.weightMoments.indices.map { state.weightMoments[$0][index].mutableView() })
        }
        neurons = network.populations.indices.map { index in
            OptimizedParameters(
                network.withPopulation(index) { $0.parameters.mutableView() },
                moments: state.neuronMoments.indices.map { state.neuronMoments[$0][index].mutableView() })
        }
        bounds = network.populations.map { ParameterBounds($0.model) }
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
        bounds[population].keep(target.parameters[offset..<offset + gradient.count])
    }

    private func apply(
        _ gradient: BufferView<Float>, to target: OptimizedParameters, offset: Int, rate: Double
    ) {
        optimizer.step(
            target, offset: offset, gradient: gradient, updateCount: updateCount, rate: rate,
            gradientScale: gradientScale, kernels: kernels)
    }
}

/// The whole gradient of a batch, kept: for clipping by its norm, and for tests.
final class GradientStore: GradientReceiver, @unchecked Sendable {
    // Each element is written once, by one thread; the buffers are read after the pass.
    let weights: [WorkingBuffer<Float>]
    let neurons: [WorkingBuffer<Float>]
    private let trained: TrainedParts

    init(_ network: Network, trained: TrainedParameters) {
        weights = network.projections.map { WorkingBuffer(count: $0.weights.count) }
        neurons = network.populations.map { WorkingBuffer(count: $0.parameters.count) }
        self.trained = TrainedParts(trained, of: network.graph)
    }

    func trainsProjection(_ index: Int) -> Bool { trained.includesProjection(index) }
    func trainsPopulation(_ index: Int) -> Bool { trained.includesPopulation(index) }

    func receiveWeights(projection: Int, offset: Int, gradient: BufferView<Float>) {
        weights[projection].view[offset..<offset + gradient.count].copy(gradient)
    }

    func receiveParameters(population: Int, offset: Int, gradient: BufferView<Float>) {
        neurons[population].view[offset..<offset + gradient.count].copy(gradient)
    }

    /// Euclidean norm over all parameters, summed in order.
    var norm: Double {
        (weights + neurons).reduce(0.0) { total, buffer in
            let gradient = buffer.view
            return gradient.indices.reduce(total) { $0 + Double(gradient[$1]) * Double(gradient[$1]) }
        }.squareRoot()
    }

    /// Hands the stored gradient on.
    func replay(to receiver: ParameterUpdate) {
        for index in weights.indices where trained.includesProjection(index) {
            receiver.receiveWeights(projection: index, offset: 0, gradient: weights[index].view.view)
        }
        for index in neurons.indices where trained.includesPopulation(index) {
            receiver.receiveParameters(population: index, offset: 0, gradient: neurons[index].view.view)
        }
    }
}

/// Where the parameters of a population's neurons are kept after an update.
private struct ParameterBounds: Sendable {
    private let parameterCount: Int
    /// Parameters of a neuron with the bounds of their group, of groups that have any.
    private let groups: [(parameters: Range<Int>, bounds: ClosedRange<Float>)]

    init(_ model: any NeuronModel) {
        var (first, groups) = (0, [(parameters: Range<Int>, bounds: ClosedRange<Float>)]())
        for group in model.parameterGroups {
            if let bounds = group.bounds { groups.append((first..<first + group.count, bounds)) }
            first += group.count
        }
        (parameterCount, self.groups) = (first, groups)
    }

    /// - Parameter values: of whole tiles, `[tile][parameter][64]`.
    func keep(_ values: MutableBufferView<Float>) {
        guard !groups.isEmpty else { return }
        for tile in 0..<values.count / (parameterCount * tileWidth) {
            for (parameters, bounds) in groups {
                for parameter in parameters {
                    let row = values.part(tile * parameterCount + parameter, size: tileWidth)
                    for lane in row.indices {
                        row[lane] = min(max(row[lane], bounds.lowerBound), bounds.upperBound)
                    }
                }
            }
        }
    }
}
