import Compute

/// Numbers of an objective that are trained with those of the network, by the same optimiser at the same rate.
public struct TrainedValues: Sendable, Equatable {
    package var values: AlignedBuffer<Float>
    /// Of the last batch's mean loss.
    package var gradient: AlignedBuffer<Float>
    /// As many as the optimiser has.
    package var moments: [AlignedBuffer<Float>] = []

    public init(_ values: [Float]) {
        self.values = AlignedBuffer(values)
        gradient = AlignedBuffer(repeating: 0, count: values.count)
    }

    public var array: [Float] { values.array }

    /// The gradient of the last batch's mean loss.
    public mutating func setGradient(_ gradient: [Float]) {
        precondition(gradient.count == values.count, "one entry of the gradient for each value")
        self.gradient = AlignedBuffer(gradient)
    }

    /// Makes the moments of an optimiser, all 0.
    mutating func prepare(_ optimizer: Optimizer) {
        moments = (0..<optimizer.momentCount).map { _ in AlignedBuffer(repeating: 0, count: values.count) }
    }

    mutating func step(_ optimizer: Optimizer, updateCount: Int, rate: Double, gradientScale: Float) {
        let target = OptimizedParameters(
            values.mutableView(), moments: moments.indices.map { moments[$0].mutableView() })
        optimizer.step(
            target, gradient: gradient.view, updateCount: updateCount, rate: rate,
            gradientScale: gradientScale, kernels: InstructionSet.current.kernels)
    }
}
