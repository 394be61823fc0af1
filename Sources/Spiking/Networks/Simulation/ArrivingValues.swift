import Compute
import Neurons
import SpikeTrains

/// Real numbers as they arrive along a full projection, laid out for the sums over them.
struct ArrivingValues: Sendable {
    /// `[tile of inputs][row][64]`
    private(set) var byRow = WorkingBuffer<Float>()
    /// `[tile of rows][input][64]`
    private(set) var byInput = WorkingBuffer<Float>()
    private(set) var rowCount = 0
    private(set) var inputCount = 0

    /// Takes the numbers of a batch, as many steps late as the projection is.
    mutating func set(_ series: ValueSeries, delay: Int, parallelism: Parallelism) {
        let (stepCount, inputCount) = (series.stepCount, series.inputCount)
        let rowCount = series.sampleCount * stepCount
        (self.rowCount, self.inputCount) = (rowCount, inputCount)
        byRow.resize(to: Population.tileCount(inputCount) * rowCount * tileWidth)
        byInput.resize(to: rowCount.dividedRoundingUp(by: tileWidth) * inputCount * tileWidth)
        let (byRow, byInput) = (byRow.view, byInput.view)
        parallelism.forEach(rowCount.dividedRoundingUp(by: tileWidth)) { rows, _ in
            for row in rows * tileWidth..<min((rows + 1) * tileWidth, rowCount) {
                let isLate = row % stepCount < delay
                for input in 0..<inputCount {
                    let value = isLate ? 0 : series.values[(row - delay) * inputCount + input]
                    let tile = input / tileWidth * rowCount + row
                    byRow[tile * tileWidth + input % tileWidth] = value
                    byInput[(rows * inputCount + input) * tileWidth + row % tileWidth] = value
                }
            }
        }
    }

    var memoryInUse: Int { 4 * (byRow.count + byInput.count) }

    static func memoryCeiling(rows: Count, inputCount: Int) -> Count {
        rows.times(4, Population.tileCount(inputCount), tileWidth)
            + (rows.dividedRoundingUp(by: tileWidth)).times(4, inputCount, tileWidth)
    }
}

/// The currents (1) onto a population along weights of real numbers: z = Σ w x.
struct ValueSums {
    /// `[current][tile][input][64]`
    let weights: BufferView<Float>
    let values: ArrivingValues
    let stepCount: Int
    let kernels: any KernelSet.Type

    /// - Parameter current: whose weights are multiplied.
    init(
        _ projection: borrowing Projection, _ values: ArrivingValues, current: Int, stepCount: Int,
        kernels: any KernelSet.Type
    ) {
        weights = projection.weights.view.part(current, size: projection.currentSize)
        (self.values, self.stepCount, self.kernels) = (values, stepCount, kernels)
    }

    /// The currents of all steps of some samples, as ``FullSums``.
    func sum(tile: Int, samples: Range<Int>, to currents: MutableBufferView<Float>, firstRow: Int) {
        let rows = samples.lowerBound * stepCount..<samples.upperBound * stepCount
        precondition(
            rows.lowerBound >= firstRow && (rows.upperBound - firstRow) * tileWidth <= currents.count
                && rows.upperBound <= values.rowCount, "the rows are there")
        guard !rows.isEmpty else { return }
        kernels.multiplyRows(
            DenseProductTask(
                factors: values.byRow.view[(rows.lowerBound * tileWidth)...].pointer,
                columns: weights.part(tile, size: values.inputCount * tileWidth).pointer,
                termCount: values.inputCount, rowCount: rows.count, tileStride: values.rowCount,
                products: currents[((rows.lowerBound - firstRow) * tileWidth)...].pointer))
    }
}

/// The gradient of weights of real numbers: ∂L/∂w = Σ x ∂L/∂z over samples and steps.
struct ValueGradientSums: Sendable {
    let values: ArrivingValues
    let kernels: any KernelSet.Type

    /// - Parameters:
    ///   - errors: ∂L/∂z of a tile, `[row][64]`.
    ///   - inputs: whose weights are meant.
    ///   - gradient: `[input][64]`, as many as those; overwritten.
    func sum(_ inputs: Range<Int>, errors: BufferView<Float>, to gradient: MutableBufferView<Float>) {
        precondition(
            errors.count >= values.rowCount * tileWidth && gradient.count == inputs.count * tileWidth
                && inputs.upperBound <= values.inputCount)
        kernels.multiplyRows(
            DenseProductTask(
                factors: values.byInput.view[(inputs.lowerBound * tileWidth)...].pointer,
                columns: errors.pointer, termCount: values.rowCount, rowCount: inputs.count,
                tileStride: values.inputCount, products: gradient.pointer))
    }
}
