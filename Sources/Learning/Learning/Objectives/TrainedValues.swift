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
    package mutating func prepare(_ optimizer: Optimizer) {
        moments = (0..<optimizer.momentCount).map { _ in AlignedBuffer(repeating: 0, count: values.count) }
    }

    package mutating func step(
        _ optimizer: Optimizer, updateCount: Int, rate: Double, gradientScale: Float,
        parallelism: Parallelism = Parallelism(threadCount: 1)
    ) {
        let target = OptimizedParameters(
            values.mutableView(), moments: moments.indices.map { moments[$0].mutableView() })
        let gradient = gradient.view
        // Each number by itself, so that shares do not matter.
        let shareSize = 1 << 16
        parallelism.forEach((gradient.count + shareSize - 1) / shareSize) { share, _ in
            let first = share * shareSize
            optimizer.step(
                target, offset: first, gradient: gradient[first..<min(first + shareSize, gradient.count)],
                updateCount: updateCount, rate: rate, gradientScale: gradientScale,
                kernels: InstructionSet.current.kernels)
        }
    }
}
