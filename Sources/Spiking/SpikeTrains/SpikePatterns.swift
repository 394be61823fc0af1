import Compute

/// The spikes of a raster by their pattern in time: what the event-driven sums walk.
///
/// The steps are divided into blocks of at most ``longestBlock``. In a block of L steps an input has one of 2^L
/// patterns; an input that did not spike (pattern 0) costs nothing, and inputs with the same pattern are added up
/// together. With five steps and images, where bright pixels spike nearly always, that is a third of the
/// additions and of the loads of one addition for each spike.
package struct SpikePatterns: Sendable {
    package static let longestBlock = 5

    /// Steps of every block but perhaps the last.
    package private(set) var blockLength = 1
    package private(set) var blockCount = 0
    package private(set) var stepCount = 0
    /// `[sample][block][2^blockLength + 1]`: where each pattern's inputs begin in ``inputs``.
    package private(set) var starts = WorkingBuffer<UInt32>()
    /// Room for `neuronCount` inputs a sample and block, of which those that spiked are listed.
    package private(set) var inputs = WorkingBuffer<UInt16>()

    package init() {}

    package var patternCount: Int { 1 << blockLength }
    /// Elements of `starts` of one sample and block.
    package var startsPerBlock: Int { patternCount + 1 }

    /// Bytes held now.
    package var memoryInUse: Int { 4 * starts.count + 2 * inputs.count }

    /// Blocks into which steps are divided, as equal as can be, and steps of each but perhaps the last.
    private static func blocks(stepCount: Int) -> (count: Int, length: Int) {
        let count = (stepCount + longestBlock - 1) / longestBlock
        return (count, (stepCount + count - 1) / count)
    }

    /// Patterns that an input can have in a block of so many steps' division.
    package static func patternCount(stepCount: Int) -> Int { 1 << blocks(stepCount: stepCount).length }

    /// Blocks of so many steps.
    package static func blockCount(stepCount: Int) -> Int { blocks(stepCount: stepCount).count }

    /// Bytes that the lists of a raster take at most.
    package static func listCeiling(sampleCount: Count, stepCount: Int, inputCount: Int) -> Count {
        let ofPart = 4 * (patternCount(stepCount: stepCount) + 1) + 2 * inputCount
        return sampleCount.times(blockCount(stepCount: stepCount), ofPart)
    }

    /// Steps of one block.
    package func length(ofBlock block: Int) -> Int { min(blockLength, stepCount - block * blockLength) }

    /// The lists as they are now.
    package var views: PatternViews { PatternViews(self) }

    /// Lists the spikes of a raster, at most 2³² inputs of samples and blocks, reusing the memory of the last one.
    package mutating func list(_ raster: SpikeRaster, parallelism: Parallelism) {
        precondition(raster.neuronCount <= 65536, "input numbers are 16 bits here")
        precondition(raster.channelCount == 1, "the spikes of one channel are listed")
        stepCount = raster.stepCount
        (blockCount, blockLength) = Self.blocks(stepCount: stepCount)
        let partCount = raster.sampleCount * blockCount
        let size = startsPerBlock
        let inputCount = raster.neuronCount
        precondition(partCount * inputCount <= UInt32.max, "positions of inputs are 32 bits here")
        starts.resize(to: partCount * size)
        inputs.resize(to: partCount * inputCount)
        let (target, lists, words) = (starts.view, inputs.view, raster.words.view)
        let kernels = InstructionSet.current.kernels
        let (blockCount, blockLength, stepCount) = (blockCount, blockLength, stepCount)
        let wordsPerRow = raster.wordsPerRow
        parallelism.forEach((partCount + 15) / 16) { chunk, _ in
            for part in chunk * 16..<min(chunk * 16 + 16, partCount) {
                let (sample, block) = (part / blockCount, part % blockCount)
                let row = sample * stepCount + block * blockLength
                kernels.listPatterns(
                    PatternListingTask(
                        words: words[(row * wordsPerRow)...].pointer, wordsPerRow: wordsPerRow,
                        stepCount: min(blockLength, stepCount - block * blockLength),
                        starts: target.part(part, size: size).pointer, first: UInt32(part * inputCount),
                        inputs: lists.pointer))
            }
        }
    }
}

/// Listed spikes, to read: what the threads of a pass share.
package struct PatternViews: Sendable {
    package let stepCount: Int
    package let blockCount: Int
    package let blockLength: Int
    private let startsPerBlock: Int
    private let starts: BufferView<UInt32>
    package let inputs: BufferView<UInt16>

    fileprivate init(_ patterns: borrowing SpikePatterns) {
        stepCount = patterns.stepCount
        blockCount = patterns.blockCount
        blockLength = patterns.blockLength
        startsPerBlock = patterns.startsPerBlock
        starts = patterns.starts.view.view
        inputs = patterns.inputs.view.view
    }

    /// Steps of one block.
    package func length(ofBlock block: Int) -> Int { min(blockLength, stepCount - block * blockLength) }

    /// Where the lists of a sample and block begin.
    package func starts(sample: Int, block: Int) -> UnsafePointer<UInt32> {
        let first = (sample * blockCount + block) * startsPerBlock
        precondition(first >= 0 && first + startsPerBlock <= starts.count, "the sample is listed")
        return starts.pointer + first
    }
}

/// The same spikes input by input, for a range of samples and a block of steps at a time: the transposed
/// raster that the weight gradient walks.
package struct TransposedPatterns: Sendable {
    /// Samples of a range: the errors of all patterns of so many samples fit the second-level cache.
    package static let samplesPerRange = 32

    package private(set) var rangeCount = 0
    /// `[range][block][inputCount + 1]`: where each input's entries begin in ``entries``.
    package private(set) var positions = WorkingBuffer<UInt32>()
    /// `sample in range · 2^blockLength + pattern`
    package private(set) var entries = WorkingBuffer<UInt16>()
    /// `[range][block][samplesPerRange]`: patterns of each sample that the sums of errors need, as bits.
    package private(set) var needed = WorkingBuffer<UInt32>()

    package init() {}

    /// Bytes that the transposition of a raster takes at most.
    package static func memoryCeiling(sampleCount: Count, stepCount: Int, inputCount: Int) -> Count {
        let blockCount = SpikePatterns.blockCount(stepCount: stepCount)
        let ranges = sampleCount.dividedRoundingUp(by: samplesPerRange)
        return sampleCount.times(blockCount, 2, inputCount)
            + ranges.times(blockCount, 4, inputCount + 1 + samplesPerRange)
    }

    /// Bytes held now.
    package var memoryInUse: Int { 4 * (positions.count + needed.count) + 2 * entries.count }

    /// Transposes listed patterns, reusing the memory of the last ones.
    package mutating func transpose(
        _ patterns: SpikePatterns, sampleCount: Int, inputCount: Int, parallelism: Parallelism
    ) {
        rangeCount = (sampleCount + Self.samplesPerRange - 1) / Self.samplesPerRange
        let blockCount = patterns.blockCount
        let size = inputCount + 1
        positions.resize(to: rangeCount * blockCount * size)
        entries.resize(to: patterns.inputs.count)
        needed.resize(to: rangeCount * blockCount * Self.samplesPerRange)
        let (starts, inputs) = (patterns.starts.view.view, patterns.inputs.view.view)
        let (target, lists, needed) = (positions.view, entries.view, needed.view)
        let kernels = InstructionSet.current.kernels
        let startsPerBlock = patterns.startsPerBlock
        // Blocks of one range follow one another in `entries`, each as long as its lists.
        var first: UInt32 = 0
        for part in 0..<rangeCount * blockCount {
            let (range, block) = (part / blockCount, part % blockCount)
            target[part * size] = first
            let patternCount = 1 << patterns.length(ofBlock: block)
            let samples = range * Self.samplesPerRange..<min((range + 1) * Self.samplesPerRange, sampleCount)
            for sample in samples {
                let own = (sample * blockCount + block) * startsPerBlock
                first += starts[own + patternCount] - starts[own + 1]
            }
        }
        parallelism.forEach(rangeCount * blockCount) { part, _ in
            let (range, block) = (part / blockCount, part % blockCount)
            let firstSample = range * Self.samplesPerRange
            kernels.transposePatterns(
                PatternTranspositionTask(
                    starts: starts[((firstSample * blockCount + block) * startsPerBlock)...].pointer,
                    startStride: blockCount * startsPerBlock, inputs: inputs.pointer,
                    sampleCount: min(Self.samplesPerRange, sampleCount - firstSample),
                    patternCount: 1 << patterns.length(ofBlock: block), inputCount: inputCount,
                    positions: target.part(part, size: size).pointer, entries: lists.pointer,
                    needed: needed.part(part, size: Self.samplesPerRange).pointer))
        }
    }
}
