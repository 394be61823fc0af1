import Compute
import SpikeTrains
import Neurons

/// The currents (1) onto a population: Σ of the weights of the inputs that spiked, from spikes listed by pattern.
///
/// Threads share out tiles of neurons and ranges of samples; the order of a sum depends on its sample alone.
package struct CurrentSums: Sendable {
    private let projection: Projection
    private let patterns: SpikePatterns
    private let channel: Int
    private let kernels: any KernelSet.Type

    /// - Parameter projection: a full one.
    package init(
        _ projection: Projection, _ patterns: SpikePatterns, channel: Int = 0,
        kernels: any KernelSet.Type = InstructionSet.current.kernels
    ) {
        precondition(projection.runs == nil, "the weights are packed")
        self.projection = projection
        self.patterns = patterns
        self.channel = channel
        self.kernels = kernels
    }

    /// The currents of all steps of some samples.
    ///
    /// - Parameter currents: of the tile, `[row][64]`, first row of the batch; overwritten.
    package func sum(tile: Int, samples: Range<Int>, to currents: UnsafeMutablePointer<Float>) {
        let weights =
            projection.weights.base + channel * projection.channelSize + tile * projection.tileSize
        let neuronCount = min(projection.neuronCount - tile * tileWidth, tileWidth)
        withExtendedLifetime(self) {
            for sample in samples {
                for block in 0..<patterns.blockCount {
                    let row = sample * patterns.stepCount + block * patterns.blockLength
                    let part = sample * patterns.blockCount + block
                    kernels.addRows(
                        RowAdditionTask(
                            weights: weights, starts: patterns.starts.base + part * patterns.startsPerBlock,
                            inputs: patterns.inputs.base, stepCount: patterns.length(ofBlock: block),
                            neuronCount: neuronCount, currents: currents + row * tileWidth))
                }
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
    ///   - gradient: `[input][64]`, ``gradientSize`` elements or fewer; overwritten.
    ///   - scratch: ``scratchSize`` elements.
    package func sum(
        _ share: (tile: Int, inputs: Range<Int>), errors: UnsafePointer<Float>,
        to gradient: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
    ) {
        let (tile, inputs) = share
        let samplesPerRange = TransposedPatterns.samplesPerRange
        gradient.update(repeating: 0, count: inputs.count * tileWidth)
        withExtendedLifetime(self) {
            for range in 0..<transposed.rangeCount {
                let firstSample = range * samplesPerRange
                for block in 0..<patterns.blockCount {
                    let row = firstSample * patterns.stepCount + block * patterns.blockLength
                    let list = (range * patterns.blockCount + block) * (inputCount + 1)
                    kernels.addErrors(
                        ErrorAdditionTask(
                            errors: errors + row * tileWidth, sampleStride: patterns.stepCount * tileWidth,
                            sampleCount: min(samplesPerRange, sampleCount - firstSample),
                            stepCount: patterns.length(ofBlock: block),
                            starts: patterns.starts.base
                                + (firstSample * patterns.blockCount + block) * patterns.startsPerBlock,
                            startStride: patterns.blockCount * patterns.startsPerBlock,
                            positions: transposed.positions.base + list + inputs.lowerBound,
                            entries: transposed.entries.base, inputCount: inputs.count,
                            neuronCount: min(neuronCount - tile * tileWidth, tileWidth),
                            patternErrors: scratch, gradient: gradient))
                }
            }
        }
    }
}
