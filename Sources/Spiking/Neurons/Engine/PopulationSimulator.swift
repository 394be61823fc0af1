import Compute

/// Runs a population and reverses it, with the working memory that its engine needs.
///
/// ``compile(_:parallelism:)`` takes the parameters once an update; then the step and its adjoint run any number of samples, each
/// call on one tile and one range of samples, from any thread.
///
/// Sharing between threads is sound: what is compiled changes only in `compile`, which returns when all tiles are done, working
/// memory has one part for each thread, and what is carried one for each tile and sample.
package final class PopulationSimulator: @unchecked Sendable {
    package let model: any NeuronModel
    package let stepCount: Int
    package let size: PopulationSize
    private let engine: any NeuronEngine
    // What every call needs: asking the model each time would cost a short step more than its neurons do.
    private let channelCount: Int
    private let currentCount: Int
    private let parameterCount: Int
    /// `[tile][EngineSize.compiled]`
    private let compiled: WorkingBuffer<Float>
    private let scratch: WorkingBuffer<Float>
    private let randomWords: WorkingBuffer<UInt32>
    private var sampleCount = 0
    /// Memory after each window, `[tile][window][sample]`; empty where samples are run as a whole.
    private var keptMemory = WorkingBuffer<Float>()
    /// ∂L/∂(memory) between two windows, `[tile][sample]`; empty where the windows do not depend on one another.
    private var memoryErrors = WorkingBuffer<Float>()

    /// - Parameters:
    ///   - stepCount: time steps T of a run.
    ///   - windowLength: steps that one call runs, 1 ... T; by default all.
    ///   - carriesMemory: whether a run goes on with the same samples where the last one stopped.
    package init(
        _ population: Population, stepCount: Int, windowLength: Int? = nil, parallelism: Parallelism,
        carriesMemory: Bool = false, instructionSet: InstructionSet = .current
    ) {
        model = population.model
        engine = model.engine(instructionSet)
        channelCount = model.channelCount
        currentCount = model.currentCount
        parameterCount = population.parameterCount
        self.stepCount = stepCount
        size = PopulationSize(
            model, tileCount: population.tileCount, stepCount: stepCount, windowLength: windowLength,
            carriesMemory: carriesMemory)
        compiled = WorkingBuffer(count: size.tileCount * size.engine.compiled)
        scratch = WorkingBuffer(count: size.engine.scratch * parallelism.threadCount)
        randomWords = WorkingBuffer(count: size.engine.randomWords * parallelism.threadCount)
    }

    /// Elements of what one tile is compiled to, and of its gradient.
    package var compiledSize: Int { size.engine.compiled }
    /// Elements of the memory of one tile for one sample.
    package var memorySize: Int { size.engine.memory }
    package var windowCount: Int { size.windowCount }

    /// Steps of a window.
    package func steps(ofWindow window: Int) -> Range<Int> {
        window * size.windowLength..<min((window + 1) * size.windowLength, stepCount)
    }

    /// Bytes held now: what ``PopulationSize/memoryCeiling(sampleCount:threadCount:)`` bounds.
    package var memoryInUse: Int {
        4 * (compiled.count + scratch.count + randomWords.count + keptMemory.count + memoryErrors.count)
    }

    /// Makes room for the memories of a batch: before its first window. What was carried stays if the number of samples
    /// does.
    package func prepare(sampleCount: Int) {
        self.sampleCount = sampleCount
        guard size.keepsMemory else { return }
        keptMemory.resize(to: size.tileCount * windowCount * sampleCount * memorySize)
        if windowCount > 1 { memoryErrors.resize(to: size.tileCount * sampleCount * memorySize) }
    }

    /// Takes the parameters of all neurons: after every change of them.
    package func compile(_ population: Population, parallelism: Parallelism) {
        let parameters = population.parameters.view
        parallelism.forEach(population.tileCount) { tile, thread in
            engine.compile(
                part(of: parameters, tile), to: compiled.part(tile, size: compiledSize),
                scratch: scratchPart(thread))
        }
    }

    /// ∂L/∂(parameter) of one tile, added to `gradient`, from ∂L/∂(compiled).
    ///
    /// - Parameters:
    ///   - compiledGradient: ``compiledSize`` elements; may be overwritten.
    ///   - gradient: `[parameter][64]`; 0 on return in lanes past the last neuron.
    package func pullBack(
        tile: Int, thread: Int, population: Population, compiledGradient: MutableBufferView<Float>,
        gradient: MutableBufferView<Float>
    ) {
        guard parameterCount > 0 else { return }
        engine.pullBack(
            part(of: population.parameters.view, tile), compiledGradient: compiledGradient, to: gradient,
            scratch: scratchPart(thread))
        // Under the regulariser, lanes past the last neuron have a gradient too where a neuron fires at parameters 0. It must not
        // train them, nor count in the norm by which gradients are clipped.
        for lane in population.neuronCount(ofTile: tile)..<tileWidth {
            for parameter in 0..<parameterCount { gradient[parameter * tileWidth + lane] = 0 }
        }
    }

    private func part(of parameters: BufferView<Float>, _ tile: Int) -> BufferView<Float> {
        parameters.part(tile, size: parameterCount * tileWidth)
    }

    private func scratchPart(_ thread: Int) -> MutableBufferView<Float> {
        scratch.part(thread, size: size.engine.scratch)
    }

    private func compiledPart(_ share: Share) -> BufferView<Float> {
        compiled.part(share.tile, size: compiledSize).view
    }
}

extension PopulationSimulator {
    /// Where one tile's share of a batch lies.
    package struct Share {
        package var tile: Int
        package var thread: Int
        /// Neurons of the tile that exist.
        package var neuronCount: Int
        /// Rows of the batch: the distance between two channels, in rows.
        package var rowCount: Int
        package var samples: Range<Int>

        package init(tile: Int, thread: Int, neuronCount: Int, rowCount: Int, samples: Range<Int>) {
            self.tile = tile
            self.thread = thread
            self.neuronCount = neuronCount
            self.rowCount = rowCount
            self.samples = samples
        }
    }

    /// The steps of a share, and their first row in the batch.
    private func window(_ share: Share, _ steps: Range<Int>, firstStep: Int = 0) -> (
        window: NeuronWindow, row: Int
    ) {
        let window = NeuronWindow(
            tile: share.tile, neuronCount: share.neuronCount, sampleCount: share.samples.count,
            rowStride: stepCount, stepCount: steps.count, firstStep: firstStep + steps.lowerBound,
            channelStride: share.rowCount * tileWidth)
        return (window, share.samples.lowerBound * stepCount + steps.lowerBound)
    }

    /// Rows of a quantity with so many channels, from the window's first on; the last row of the last channel is there.
    private func rows(
        _ quantity: BufferView<Float>, from row: Int, _ window: NeuronWindow, channels: Int = 1
    ) -> BufferView<Float> {
        let part = quantity[(row * tileWidth)...]
        precondition(part.count >= window.extent(channels: channels), "the rows of the window are there")
        return part
    }

    private func rows(
        _ quantity: MutableBufferView<Float>, from row: Int, _ window: NeuronWindow, channels: Int = 1
    ) -> MutableBufferView<Float> {
        let part = quantity[(row * tileWidth)...]
        precondition(part.count >= window.extent(channels: channels), "the rows of the window are there")
        return part
    }

    /// The memory of a share's samples after a window.
    private func memory(after window: Int, _ share: Share) -> MutableBufferView<Float> {
        let first = (share.tile * windowCount + window) * sampleCount + share.samples.lowerBound
        return keptMemory.view[first * memorySize..<(first + share.samples.count) * memorySize]
    }

    /// The memory of a share's samples before a window, which may have been left by the last run; nil for that of fresh neurons.
    private func memory(before window: Int, _ share: Share, firstStep: Int) -> BufferView<Float>? {
        if window > 0 { return memory(after: window - 1, share).view }
        return firstStep > 0 ? memory(after: windowCount - 1, share).view : nil
    }

    /// Runs one window of some samples of one tile, after ``prepare(sampleCount:)``; windows in their order.
    ///
    /// - Parameters:
    ///   - currents: of the tile, `[current][row][64]`, first row of the batch.
    ///   - spikes: from the word of the tile's first channel in the first row of the batch on.
    ///   - firing: like the currents, or nil.
    ///   - activitySums: of the tile, `[row][2][16]`, or nil.
    ///   - identities: of the batch's samples in the random streams.
    ///   - firstStep: of the batch, in the sample: not 0 only where the memory is carried.
    package func step(
        _ share: Share, window index: Int = 0, currents: BufferView<Float>,
        spikes: MutableBufferView<UInt64>, wordsPerRow: Int, firing: MutableBufferView<Float>? = nil,
        activitySums: MutableBufferView<Float>? = nil, identities: BufferView<UInt32>, random: RandomStream,
        firstStep: Int = 0
    ) {
        precondition(
            size.keepsMemory || firstStep == 0, "a run goes on only where the memory is carried")
        let (window, row) = window(share, steps(ofWindow: index), firstStep: firstStep)
        engine.step(
            NeuronStepPass(
                window: window, compiled: compiledPart(share),
                currents: rows(currents, from: row, window, channels: currentCount),
                spikes: spikes[(row * wordsPerRow)...], wordsPerRow: wordsPerRow,
                firing: firing.map { rows($0, from: row, window, channels: channelCount) },
                activitySums: activitySums.map { $0[(32 * row)...] }, samples: identities[share.samples],
                random: random, memoryBefore: memory(before: index, share, firstStep: firstStep),
                memoryAfter: size.keepsMemory ? memory(after: index, share) : nil,
                scratch: scratchPart(share.thread),
                randomWords: randomWords.part(share.thread, size: size.engine.randomWords)))
    }

    /// Reverses
    /// ``step(_:window:currents:spikes:wordsPerRow:firing:activitySums:identities:random:firstStep:)``; windows
    /// from the last to the first.
    ///
    /// - Parameters:
    ///   - isCut: whether nothing after this window is to depend on its memory: truncated backpropagation.
    ///   - errors: of the tile, `[current][row][64]`: on entry ∂L/∂s of its channels, on return ∂L/∂z.
    ///   - regulariser: per row the factors (A, B) in ∂R/∂u = A − B u, or nil.
    ///   - creditsOwnSpikes: as in ``NeuronAdjointPass``.
    ///   - compiledGradient: ``compiledSize`` elements; added to.
    package func adjoint(
        _ share: Share, window index: Int = 0, isCut: Bool = false, currents: BufferView<Float>,
        spikes: BufferView<UInt64>, wordsPerRow: Int, errors: MutableBufferView<Float>,
        regulariser: BufferView<Float>? = nil, surrogate: SurrogateKind, creditsOwnSpikes: Bool = false,
        compiledGradient: MutableBufferView<Float>
    ) {
        let (window, row) = window(share, steps(ofWindow: index))
        var errorsOfMemory: MutableBufferView<Float>?
        if windowCount > 1 {
            let first = share.tile * sampleCount + share.samples.lowerBound
            let errors = memoryErrors.view[first * memorySize..<(first + share.samples.count) * memorySize]
            if isCut || index == windowCount - 1 { errors.fill(with: 0) }
            errorsOfMemory = errors
        }
        engine.adjoint(
            NeuronAdjointPass(
                window: window, compiled: compiledPart(share),
                currents: rows(currents, from: row, window, channels: currentCount),
                spikes: spikes[(row * wordsPerRow)...], wordsPerRow: wordsPerRow,
                errors: rows(errors, from: row, window, channels: currentCount),
                regulariser: regulariser.map { $0[(2 * row)...] }, surrogate: surrogate,
                creditsOwnSpikes: creditsOwnSpikes, compiledGradient: compiledGradient,
                memoryBefore: memory(before: index, share, firstStep: 0),
                memoryErrors: errorsOfMemory, scratch: scratchPart(share.thread)))
    }

    /// The probability of given spikes along their own history, p(s_t | s^{t−1}), for some samples of one tile.
    ///
    /// - Parameters:
    ///   - steps: of each sample, by default all.
    ///   - currents: of the tile, `[current][row][64]`, first row of the batch; a sample has ``stepCount`` rows.
    ///   - spikes: from the word of the tile's first channel in the first row of the batch on.
    ///   - likelihoods: of the tile, `[row][64]`, first row of the batch.
    ///   - memoryBefore, memoryAfter: of the share's first sample on, ``memorySize`` elements each; nil for fresh neurons
    ///     before, and where it is not wanted after.
    package func findLikelihoods(
        _ share: Share, steps: Range<Int>? = nil, currents: BufferView<Float>, spikes: BufferView<UInt64>,
        wordsPerRow: Int, likelihoods: MutableBufferView<Float>, memoryBefore: BufferView<Float>? = nil,
        memoryAfter: MutableBufferView<Float>? = nil
    ) {
        guard let engine = engine as? any LikelihoodEngine else {
            preconditionFailure("\(model.kind) neurons do not know the probability of spikes")
        }
        let (window, row) = window(share, steps ?? 0..<stepCount)
        engine.findLikelihoods(
            NeuronLikelihoodPass(
                window: window, compiled: compiledPart(share),
                currents: rows(currents, from: row, window, channels: currentCount),
                spikes: spikes[(row * wordsPerRow)...], wordsPerRow: wordsPerRow,
                likelihoods: rows(likelihoods, from: row, window), memoryBefore: memoryBefore,
                memoryAfter: memoryAfter, scratch: scratchPart(share.thread)))
    }
}

extension PopulationSimulator {
    /// What the memory of a neuron was after a window of the last run, in the quantities of ``NeuronModel/memoryNames``.
    package func memory(neuron: Int, sample: Int, window: Int) -> [Float] {
        precondition(size.keepsMemory, "the memory is kept")
        let first = ((neuron / tileWidth * windowCount + window) * sampleCount + sample) * memorySize
        return engine.memory(keptMemory.view.view[first..<first + memorySize], lane: neuron % tileWidth)
    }
}

extension NeuronWindow {
    /// Elements from the first row of the first channel to the last of the last.
    fileprivate func extent(channels: Int) -> Int {
        rowCount == 0 ? 0 : (channels - 1) * channelStride + rowCount * tileWidth
    }
}
