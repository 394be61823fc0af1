import Compute
import Neurons
import SpikeTrains

/// The currents (1) onto a population: Σ of the weights of the inputs that spiked, from spikes listed by pattern.
///
/// Threads share out tiles of neurons and ranges of samples; the order of a sum depends on its sample alone.
package struct CurrentSums: Sendable {
    private let projection: Projection
    private let weights: BufferView<Float>
    private let patterns: SpikePatterns
    private let kernels: any KernelSet.Type

    /// - Parameters:
    ///   - projection: a full one.
    ///   - current: whose weights are added.
    package init(
        _ projection: Projection, _ patterns: SpikePatterns, current: Int = 0,
        kernels: any KernelSet.Type = InstructionSet.current.kernels
    ) {
        precondition(projection.runs == nil, "the weights are packed")
        self.projection = projection
        weights = projection.weights.view.part(current, size: projection.currentSize)
        self.patterns = patterns
        self.kernels = kernels
    }

    /// The currents of all steps of some samples.
    ///
    /// - Parameters:
    ///   - currents: of the tile, `[row][64]`; overwritten.
    ///   - firstRow: of the batch in `currents`.
    package func sum(
        tile: Int, samples: Range<Int>, to currents: MutableBufferView<Float>, firstRow: Int = 0
    ) {
        let weights = weights.part(tile, size: projection.tileSize)
        let neuronCount = min(projection.neuronCount - tile * tileWidth, tileWidth)
        let rows = samples.lowerBound * patterns.stepCount..<samples.upperBound * patterns.stepCount
        let target = currents[(rows.lowerBound - firstRow) * tileWidth..<(rows.upperBound - firstRow) * tileWidth]
        let (starts, inputs) = (patterns.starts.view, patterns.inputs.view)
        for (place, sample) in samples.enumerated() {
            for block in 0..<patterns.blockCount {
                let row = place * patterns.stepCount + block * patterns.blockLength
                let part = sample * patterns.blockCount + block
                kernels.addRows(
                    RowAdditionTask(
                        weights: weights.pointer,
                        starts: starts.part(part, size: patterns.startsPerBlock).view.pointer,
                        inputs: inputs.view.pointer, stepCount: patterns.length(ofBlock: block),
                        neuronCount: neuronCount, currents: target.pointer + row * tileWidth))
            }
        }
    }
}

/// The gradient of the weights onto a population: Σ of the errors of the steps at which the input spiked.
package struct GradientSums: Sendable {
    /// Inputs whose gradients one thread holds at a time: 512 × 64 numbers, an eighth of a megabyte.
    private static let inputsPerShare = 512

    private let patterns: SpikePatterns
    private let transposed: TransposedPatterns
    private let inputCount: Int
    private let neuronCount: Int
    private let sampleCount: Int
    private let kernels: any KernelSet.Type

    package init(
        _ patterns: SpikePatterns, _ transposed: TransposedPatterns, inputCount: Int, neuronCount: Int,
        sampleCount: Int, kernels: any KernelSet.Type = InstructionSet.current.kernels
    ) {
        self.patterns = patterns
        self.transposed = transposed
        self.inputCount = inputCount
        self.neuronCount = neuronCount
        self.sampleCount = sampleCount
        self.kernels = kernels
    }

    /// Parts into which the inputs are divided.
    private var partCount: Int { Self.partCount(inputCount: inputCount) }
    private var inputsPerPart: Int { Self.inputsPerPart(inputCount: inputCount) }

    private static func partCount(inputCount: Int) -> Int {
        (inputCount + inputsPerShare - 1) / inputsPerShare
    }

    private static func inputsPerPart(inputCount: Int) -> Int {
        let partCount = partCount(inputCount: inputCount)
        return (inputCount + partCount - 1) / partCount
    }

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
    package var scratchSize: Int { Self.scratchSize(patternCount: patterns.patternCount) }

    static func gradientSize(inputCount: Int) -> Int { inputsPerPart(inputCount: inputCount) * tileWidth }

    static func scratchSize(patternCount: Int) -> Int {
        TransposedPatterns.samplesPerRange * patternCount * tileWidth
    }

    /// The gradients of one share.
    ///
    /// - Parameters:
    ///   - errors: ∂L/∂z of the tile, `[row][64]`, first row of the batch.
    ///   - gradient: `[input][64]`, as many as the share's; overwritten.
    ///   - scratch: ``scratchSize`` elements.
    package func sum(
        _ share: (tile: Int, inputs: Range<Int>), errors: BufferView<Float>, to gradient: MutableBufferView<Float>,
        scratch: MutableBufferView<Float>
    ) {
        let (tile, inputs) = share
        precondition(gradient.count == inputs.count * tileWidth && scratch.count >= scratchSize)
        precondition(errors.count >= sampleCount * patterns.stepCount * tileWidth)
        let samplesPerRange = TransposedPatterns.samplesPerRange
        let (starts, positions) = (patterns.starts.view.view, transposed.positions.view.view)
        let entries = transposed.entries.view.view
        gradient.fill(with: 0)
        for range in 0..<transposed.rangeCount {
            let firstSample = range * samplesPerRange
            for block in 0..<patterns.blockCount {
                let row = firstSample * patterns.stepCount + block * patterns.blockLength
                let list = (range * patterns.blockCount + block) * (inputCount + 1)
                let firstPart = firstSample * patterns.blockCount + block
                kernels.addErrors(
                    ErrorAdditionTask(
                        errors: errors[(row * tileWidth)...].pointer,
                        sampleStride: patterns.stepCount * tileWidth,
                        sampleCount: min(samplesPerRange, sampleCount - firstSample),
                        stepCount: patterns.length(ofBlock: block),
                        starts: starts[(firstPart * patterns.startsPerBlock)...].pointer,
                        startStride: patterns.blockCount * patterns.startsPerBlock,
                        positions: positions[(list + inputs.lowerBound)...].pointer,
                        entries: entries.pointer, inputCount: inputs.count,
                        neuronCount: min(neuronCount - tile * tileWidth, tileWidth), patternErrors: scratch.pointer,
                        gradient: gradient.pointer))
            }
        }
    }
}
