import Compute

/// Runs one tile of a population of threshold neurons through a pair of kernels, cut into windows.
struct MembraneRun {
    /// `[channel][sample][step][64]`
    var currents: AlignedBuffer<Float>
    /// `[k][64]`
    var instruments: AlignedBuffer<Float>
    let neuronCount: Int
    let channelCount: Int
    let sampleCount: Int
    let stepCount: Int
    /// Elements of the tile's memory of one sample.
    let carriedSize: Int
    /// Of the random words, and of the adjoint's scratch, for a number of steps.
    let randomWordCount: Int
    let scratchSize: Int

    var rowCount: Int { sampleCount * stepCount }
    /// Lengths of the windows.
    func windows(_ length: Int) -> [Range<Int>] {
        stride(from: 0, to: stepCount, by: length).map { $0..<min($0 + length, stepCount) }
    }

    struct Forward: Equatable {
        var spikes: AlignedBuffer<UInt64>
        /// `[sample][step][64]`
        var firing: AlignedBuffer<Float>
        var rowSums: AlignedBuffer<Float>
        /// After each window, `[window][sample][carriedSize]`.
        var memory: AlignedBuffer<Float>
    }

    struct Backward: Equatable {
        /// `[channel][sample][step][64]`
        var errors: AlignedBuffer<Float>
        var instruments: AlignedBuffer<Float>
    }

    /// - Parameter key: of the random words.
    func forward(
        windowLength: Int, key: SIMD2<UInt32> = [1, 2], _ kernel: (NeuronStepTask<Float>) -> Void
    ) -> Forward {
        let windows = windows(windowLength)
        var run = Forward(
            spikes: AlignedBuffer(repeating: 0, count: rowCount),
            firing: AlignedBuffer(repeating: .nan, count: rowCount * tileWidth),
            rowSums: AlignedBuffer(repeating: .nan, count: rowCount * 32),
            memory: AlignedBuffer(repeating: .nan, count: windows.count * sampleCount * carriedSize))
        var words = AlignedBuffer<UInt32>(repeating: 0, count: randomWordCount)
        var scratch = AlignedBuffer<Float>(repeating: .nan, count: scratchSize)
        let samples = (0..<sampleCount).map { UInt32($0) }
        let (spikes, firing, sums) = (
            run.spikes.mutableBase(), run.firing.mutableBase(), run.rowSums.mutableBase()
        )
        let memory = run.memory.mutableBase()
        let size = sampleCount * carriedSize
        withExtendedLifetime(self) {
            samples.withUnsafeBufferPointer { samples in
                guard let samples = samples.baseAddress else { return }
                for (index, steps) in windows.enumerated() {
                    let row = steps.lowerBound
                    kernel(
                        NeuronStepTask(
                            instruments: instruments.base, currents: currents.base + row * tileWidth,
                            channelStride: rowCount * tileWidth, spikes: spikes + row, wordsPerRow: 1,
                            randomWords: words.mutableBase(), firingProbabilities: firing + row * tileWidth,
                            rowSums: sums + 32 * row, samples: samples, sampleCount: sampleCount,
                            rowStride: stepCount, firstStep: row, stepCount: steps.count,
                            memoryBefore: index == 0 ? nil : UnsafePointer(memory) + (index - 1) * size,
                            memoryAfter: memory + index * size, neuronCount: neuronCount, tile: 0, key: key,
                            tag: 0, ioQubits: 1, memoryQubits: 0, forgets: false,
                            scratch: scratch.mutableBase()))
                }
            }
        }
        return run
    }

    /// - Parameters:
    ///   - errors: ∂L/∂S, `[sample][step][64]`.
    ///   - regulariser: `[sample][step][2]`.
    func backward(
        _ run: Forward, windowLength: Int, errors: AlignedBuffer<Float>, regulariser: AlignedBuffer<Float>,
        _ kernel: (NeuronAdjointTask<Float>) -> Void
    ) -> Backward {
        var found = Backward(
            errors: AlignedBuffer(
                errors.array + [Float](repeating: .nan, count: currents.count - errors.count)),
            instruments: AlignedBuffer(repeating: 0, count: instruments.count))
        var scratch = AlignedBuffer<Float>(repeating: .nan, count: scratchSize)
        var memoryErrors = AlignedBuffer<Float>(repeating: 0, count: sampleCount * carriedSize)
        let size = sampleCount * carriedSize
        let (target, gradient) = (found.errors.mutableBase(), found.instruments.mutableBase())
        withExtendedLifetime((self, run, regulariser)) {
            for (index, steps) in windows(windowLength).enumerated().reversed() {
                let row = steps.lowerBound
                kernel(
                    NeuronAdjointTask(
                        instruments: instruments.base, currents: currents.base + row * tileWidth,
                        channelStride: rowCount * tileWidth, spikes: run.spikes.base + row, wordsPerRow: 1,
                        errors: target + row * tileWidth, regulariser: regulariser.base + 2 * row,
                        instrumentGradient: gradient, surrogate: .straightThrough, sampleCount: sampleCount,
                        rowStride: stepCount, firstStep: row, stepCount: steps.count,
                        memoryBefore: index == 0 ? nil : run.memory.base + (index - 1) * size,
                        memoryErrors: memoryErrors.mutableBase(), neuronCount: neuronCount, ioQubits: 1,
                        memoryQubits: 0, forgets: false, scratch: scratch.mutableBase()))
            }
        }
        return found
    }
}
