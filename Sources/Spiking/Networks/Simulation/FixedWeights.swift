import Compute

/// How the sums over full projections are taken.
public enum SumPrecision: String, Sendable, Hashable, Codable, CaseIterable {
    /// Weights and errors are rounded to 12 bits under a power of two of their tile's own, and added up exactly: about twice
    /// as fast, and the same whatever the order. Parameters, gradients and optimiser stay in single precision.
    case fixed16
    /// Single precision throughout.
    case float32
}

/// Tiles of a full projection's weights in fixed point, made from the weights where a sum needs them: of each thread the last one
/// that it took, so that little memory is held, or all of them, where they are taken again at every step.
package struct FixedWeights: Sendable {
    // Sound to share: a thread writes to its own place, or nobody does.
    private var numbers = WorkingBuffer<Int16>()
    /// What one stands for, in each place.
    private var units = WorkingBuffer<Float>()
    /// One more than the number of the tile that is in each place.
    private var holds = WorkingBuffer<Int>()
    private let tileSize: Int
    private let tileCount: Int
    private let isComplete: Bool
    private let kernels: any KernelSet.Type

    /// - Parameters:
    ///   - projection: a full one.
    ///   - keepsAll: whether all tiles are held.
    package init(
        _ projection: borrowing Projection, keepsAll: Bool = false, threadCount: Int,
        kernels: any KernelSet.Type = InstructionSet.current.kernels
    ) {
        precondition(projection.runs == nil, "the weights are packed")
        tileSize = projection.tileSize
        tileCount = projection.weights.count / tileSize
        isComplete = keepsAll
        self.kernels = kernels
        let placeCount = Self.placeCount(tileCount: tileCount, keepsAll: keepsAll, threadCount: threadCount)
        numbers.resize(to: placeCount * tileSize)
        units.resize(to: placeCount)
        holds.resize(to: placeCount)
    }

    /// Bytes held.
    var memoryInUse: Int { 2 * numbers.count }

    static func placeCount(tileCount: Int, keepsAll: Bool, threadCount: Int) -> Int {
        keepsAll ? tileCount : min(tileCount, threadCount)
    }

    /// To be called after each change of the weights.
    package func update(_ projection: borrowing Projection, parallelism: Parallelism) {
        holds.view.fill(with: 0)
        guard isComplete else { return }
        let weights = projection.weights.view
        parallelism.forEach(tileCount) { tile, _ in _ = self.tile(tile, of: weights, thread: 0) }
    }

    /// A tile, and what one stands for in it.
    ///
    /// - Parameters:
    ///   - index: number of the tile, those of the first current first.
    ///   - weights: of the projection.
    func tile(_ index: Int, of weights: BufferView<Float>, thread: Int) -> (
        numbers: BufferView<Int16>, unit: Float
    ) {
        let place = isComplete ? index : min(thread, units.count - 1)
        let target = numbers.part(place, size: tileSize)
        if holds[place] != index + 1 {
            let source = weights.part(index, size: tileSize)
            let largest = kernels.largestSum(
                LargestSumTask(
                    rows: source.pointer, rowsPerGroup: 1, groupCount: tileSize / tileWidth,
                    groupStride: tileWidth))
            let scale = FixedPoint.scale(bound: largest, limit: FixedPoint.largest)
            kernels.fixRows(
                FixedRowsTask(
                    rows: source.pointer, rowCount: tileSize / tileWidth, scale: scale, fixed: target.pointer)
            )
            units.view[place] = 1 / scale
            holds.view[place] = index + 1
        }
        return (target.view, units[place])
    }
}
