import Compute
import Neurons
import SpikeTrains

/// The currents (1) onto a population along a full projection, tile by tile. Made for every share of work, so that nothing is allocated
/// for it, as it would be behind a protocol.
enum FullSums {
    case spikes(CurrentSums)
    case values(ValueSums)

    /// The currents of all steps of some samples.
    ///
    /// - Parameters:
    ///   - currents: of the tile, `[row][64]`; overwritten.
    ///   - firstRow: of the batch in `currents`.
    func sum(
        tile: Int, samples: Range<Int>, to currents: MutableBufferView<Float>, firstRow: Int, thread: Int
    ) {
        switch self {
        case .spikes(let sums):
            sums.sum(tile: tile, samples: samples, to: currents, firstRow: firstRow, thread: thread)
        case .values(let sums):
            sums.sum(tile: tile, samples: samples, to: currents, firstRow: firstRow)
        }
    }
}

/// The currents along spikes: Σ of the weights of the inputs that spiked, from spikes listed by pattern.
///
/// Threads share out tiles of neurons and ranges of samples; the order of a sum depends on its sample alone.
package struct CurrentSums: Sendable {
    /// `[current][tile][input][64]`
    private let weights: BufferView<Float>
    /// nil where sums are taken in single precision.
    private let fixed: FixedWeights?
    /// Of the current whose weights are added.
    private let firstTile: Int
    private let neuronCount: Int
    private let tileSize: Int
    private let patterns: PatternViews
    private let kernels: any KernelSet.Type

    /// - Parameters:
    ///   - projection: a full one.
    ///   - fixed: of the projection, for sums in fixed point.
    ///   - current: whose weights are added.
    package init(
        _ projection: borrowing Projection, _ patterns: borrowing SpikePatterns, fixed: FixedWeights?,
        current: Int = 0, kernels: any KernelSet.Type = InstructionSet.current.kernels
    ) {
        precondition(projection.runs == nil, "the weights are packed")
        weights = projection.weights.view
        self.fixed = fixed
        neuronCount = projection.neuronCount
        tileSize = projection.tileSize
        firstTile = current * (projection.currentSize / tileSize)
        self.patterns = patterns.views
        self.kernels = kernels
    }

    /// The currents of all steps of some samples, as ``FullSums``.
    package func sum(
        tile: Int, samples: Range<Int>, to currents: MutableBufferView<Float>, firstRow: Int = 0, thread: Int
    ) {
        let rows = samples.lowerBound * patterns.stepCount..<samples.upperBound * patterns.stepCount
        precondition(
            rows.lowerBound >= firstRow && (rows.upperBound - firstRow) * tileWidth <= currents.count,
            "the rows are there")
        if let (numbers, unit) = fixed?.tile(firstTile + tile, of: weights, thread: thread) {
            forEachBlock(numbers, unit: unit, tile, samples, currents, firstRow, kernels.addRows)
        } else {
            let numbers = weights.part(firstTile + tile, size: tileSize)
            forEachBlock(numbers, unit: 1, tile, samples, currents, firstRow, kernels.addRows)
        }
    }

    private func forEachBlock<Weight>(
        _ weights: BufferView<Weight>, unit: Float, _ tile: Int, _ samples: Range<Int>,
        _ currents: MutableBufferView<Float>, _ firstRow: Int, _ addRows: (RowAdditionTask<Weight>) -> Void
    ) {
        for sample in samples {
            for block in 0..<patterns.blockCount {
                let row = sample * patterns.stepCount + block * patterns.blockLength - firstRow
                addRows(
                    RowAdditionTask(
                        weights: weights.pointer, unit: unit,
                        starts: patterns.starts(sample: sample, block: block),
                        inputs: patterns.inputs.pointer, stepCount: patterns.length(ofBlock: block),
                        neuronCount: min(neuronCount - tile * tileWidth, tileWidth),
                        currents: currents.pointer + row * tileWidth))
            }
        }
    }
}

/// The gradient of the weights onto a population: Σ of the errors of the steps at which the input spiked.
package struct GradientSums: Sendable {
    /// Inputs whose gradients one thread holds at most: 1024 × 64 numbers, a quarter of a megabyte.
    private static let inputsPerShare = 1024

    private let patterns: SpikePatterns
    private let transposed: TransposedPatterns
    private let inputCount: Int
    private let neuronCount: Int
    private let sampleCount: Int
    private let precision: SumPrecision
    private let kernels: any KernelSet.Type
    /// Inputs of a share of work; each has its errors by pattern made anew.
    private let inputsPerPart: Int

    package init(
        _ patterns: SpikePatterns, _ transposed: TransposedPatterns, inputCount: Int, neuronCount: Int,
        sampleCount: Int, precision: SumPrecision, threadCount: Int,
        kernels: any KernelSet.Type = InstructionSet.current.kernels
    ) {
        self.patterns = patterns
        self.transposed = transposed
        self.inputCount = inputCount
        self.neuronCount = neuronCount
        self.sampleCount = sampleCount
        self.precision = precision
        self.kernels = kernels
        // Few neurons are shared out by inputs. Which does what is of no account for the sums.
        let enough = (2 * threadCount).dividedRoundingUp(by: Population.tileCount(neuronCount))
        inputsPerPart = min(
            Self.largestPart(inputCount: inputCount),
            inputCount.dividedRoundingUp(by: threadCount > 1 ? enough : 1))
    }

    private static func largestPart(inputCount: Int) -> Int {
        inputCount.dividedRoundingUp(by: inputCount.dividedRoundingUp(by: inputsPerShare))
    }

    private var partCount: Int { inputCount.dividedRoundingUp(by: inputsPerPart) }

    /// Shares of work: every tile of neurons for every part of the inputs.
    package var shareCount: Int { Population.tileCount(neuronCount) * partCount }

    /// Tile and inputs of one share.
    package func share(_ index: Int) -> (tile: Int, inputs: Range<Int>) {
        let first = index % partCount * inputsPerPart
        return (index / partCount, first..<min(first + inputsPerPart, inputCount))
    }

    /// Elements of the largest share's gradient.
    package var gradientSize: Int { Self.gradientSize(inputCount: inputCount) }
    /// Elements of working memory a thread: the errors of every pattern of a range of samples.
    package var scratchSize: Int {
        Self.scratchSize(patternCount: patterns.patternCount, precision: precision)
    }

    static func gradientSize(inputCount: Int) -> Int { largestPart(inputCount: inputCount) * tileWidth }

    static func scratchSize(patternCount: Int, precision: SumPrecision) -> Int {
        TransposedPatterns.samplesPerRange * patternCount * tileWidth / (precision == .fixed16 ? 2 : 1)
    }

    /// The gradients of one share.
    ///
    /// - Parameters:
    ///   - errors: ∂L/∂z of the tile, `[row][64]`, first row of the batch.
    ///   - gradient: `[input][64]`, as many as the share's; overwritten.
    ///   - scratch: ``scratchSize`` elements.
    package func sum(
        _ share: (tile: Int, inputs: Range<Int>), errors: BufferView<Float>,
        to gradient: MutableBufferView<Float>,
        scratch: MutableBufferView<Float>
    ) {
        precondition(gradient.count == share.inputs.count * tileWidth && scratch.count >= scratchSize)
        precondition(errors.count >= sampleCount * patterns.stepCount * tileWidth)
        gradient.fill(with: 0)
        switch precision {
        case .float32:
            forEachBlock(share, errors, scale: 1, scratch.pointer, gradient.pointer, kernels.addErrors)
        case .fixed16:
            let scale = scale(of: errors)
            // The same memory: whole numbers until all are added up.
            let sums = UnsafeMutableRawPointer(gradient.pointer).assumingMemoryBound(to: Int32.self)
            let terms = UnsafeMutableRawPointer(scratch.pointer).assumingMemoryBound(to: Int16.self)
            forEachBlock(share, errors, scale: scale, terms, sums, kernels.addErrors)
            kernels.scaleSums(FixedSumsTask(sums: sums, count: gradient.count, unit: 1 / scale))
        }
    }

    private var sampleStride: Int { patterns.stepCount * tileWidth }

    /// The scale under which a tile's errors are rounded, step by step, and added up over the steps of a pattern.
    private func scale(of errors: BufferView<Float>) -> Float {
        let largest = (0..<patterns.blockCount).reduce(Float(0)) { largest, block in
            let found = kernels.largestSum(
                LargestSumTask(
                    rows: errors[(block * patterns.blockLength * tileWidth)...].pointer,
                    rowsPerGroup: patterns.length(ofBlock: block), groupCount: sampleCount,
                    groupStride: sampleStride))
            return found.isNaN ? found : max(largest, found)
        }
        // An input has a term a sample and block. A sum of rounded numbers is half a unit a step away from the rounded sum.
        let limit = FixedPoint.largest(ofTerms: sampleCount * patterns.blockCount)
        return FixedPoint.scale(
            bound: largest, limit: limit - Float(SpikePatterns.longestBlock) / 2 - 0.5)
    }

    private func forEachBlock<Term, Sum>(
        _ share: (tile: Int, inputs: Range<Int>), _ errors: BufferView<Float>, scale: Float,
        _ patternErrors: UnsafeMutablePointer<Term>, _ gradient: UnsafeMutablePointer<Sum>,
        _ addErrors: (ErrorAdditionTask<Term, Sum>) -> Void
    ) {
        let (tile, inputs) = share
        let samplesPerRange = TransposedPatterns.samplesPerRange
        let (positions, needed) = (transposed.positions.view.view, transposed.needed.view.view)
        let entries = transposed.entries.view.view
        for range in 0..<transposed.rangeCount {
            let firstSample = range * samplesPerRange
            for block in 0..<patterns.blockCount {
                let row = firstSample * patterns.stepCount + block * patterns.blockLength
                let number = range * patterns.blockCount + block
                addErrors(
                    ErrorAdditionTask(
                        errors: errors[(row * tileWidth)...].pointer, scale: scale,
                        sampleStride: sampleStride,
                        sampleCount: min(samplesPerRange, sampleCount - firstSample),
                        stepCount: patterns.length(ofBlock: block),
                        needed: needed.part(number, size: samplesPerRange).pointer,
                        positions: positions[(number * (inputCount + 1) + inputs.lowerBound)...].pointer,
                        entries: entries.pointer, inputCount: inputs.count,
                        neuronCount: min(neuronCount - tile * tileWidth, tileWidth),
                        patternErrors: patternErrors, gradient: gradient))
            }
        }
    }
}
