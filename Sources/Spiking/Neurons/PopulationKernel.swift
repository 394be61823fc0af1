import Compute
import QuantumCircuits

/// The instruments of a population and the working memory to run and reverse it.
///
/// ``compile(_:parallelism:)`` makes the instruments from the angles once an update; then the step and its
/// adjoint run any number of samples, each call on one tile and one range of samples, from any thread.
///
/// Sharing between threads is sound: the instruments change only in `compile`, which returns when all
/// tiles are done, and the working memory has one part for each thread.
package final class PopulationKernel: @unchecked Sendable {
    package let model: NeuronModel
    package let stepCount: Int
    /// Steps that one call of `step` or `adjoint` runs; the last window may be shorter.
    package let windowLength: Int
    // What of the model every call needs: looking it up in the circuit each time would cost a short step more than the
    // neurons do.
    private let path: Path
    private let ioQubits: Int
    private let memoryQubits: Int
    private let forgets: Bool
    /// Elements of one tile's instruments, and of their gradient.
    package let instrumentSize: Int
    private let operations: [GateOperation]
    private let dimension: Int
    /// Of neurons on a noisy device.
    private let noisy: NoisyInstrument<Float>?
    private let kernels: any KernelSet.Type
    /// `[tile][instrumentSize]`
    private var instruments: AlignedBuffer<Float>
    /// Working memory, one part a thread.
    private var scratch: AlignedBuffer<Float>
    private var randomWords: AlignedBuffer<UInt32>
    private let scratchSize: Int
    private let randomWordsSize: Int
    private let keepsMemory: Bool
    private let memorySize: Int
    private let tileCount: Int
    private var sampleCount = 0
    /// ``CarriedMemory`` after each window, `[tile][window][sample]`; empty where samples are run as a whole.
    private var keptMemory = AlignedBuffer<Float>(repeating: 0, count: 0)
    /// ∂L/∂(memory) between two windows, `[tile][sample]`; empty where the windows do not depend on one another.
    private var memoryErrors = AlignedBuffer<Float>(repeating: 0, count: 0)

    /// Which kernels serve the model.
    private enum Path {
        case lastSpikeFeedback, realGauge, generalRealGauge, general, noisy

        init(_ model: NeuronModel) {
            self =
                switch model {
                case .lastSpikeFeedback: .lastSpikeFeedback
                case .noisy: .noisy
                case .quantum, .memoryless:
                    model.isRealGauge
                        ? .realGauge : model.hasRealInstrument ? .generalRealGauge : .general
                }
        }
    }

    /// - Parameters:
    ///   - stepCount: time steps T of a run.
    ///   - windowLength: steps that one call runs, 1 ... T; by default all.
    ///   - carriesMemory: whether a run goes on with the same samples where the last one stopped.
    package init(
        _ population: Population, stepCount: Int, windowLength: Int? = nil, parallelism: Parallelism,
        carriesMemory: Bool = false, instructionSet: InstructionSet = .current
    ) {
        model = population.model
        path = Path(model)
        ioQubits = model.channelCount
        memoryQubits = model.circuit?.memoryQubits ?? 0
        forgets = model.forgets
        self.stepCount = stepCount
        let size = PopulationKernelSize(
            model, tileCount: population.tileCount, stepCount: stepCount, windowLength: windowLength,
            carriesMemory: carriesMemory)
        self.windowLength = size.windowLength
        tileCount = size.tileCount
        keepsMemory = size.keepsMemory
        memorySize = size.memorySize
        randomWordsSize = size.randomWordsSize
        instrumentSize = size.instrumentSize
        kernels = instructionSet.kernels
        if case .noisy(let circuit, let noise) = model {
            let instrument = NoisyInstrument<Float>(circuit, noise)
            (operations, dimension, noisy) = ([], 0, instrument)
            scratchSize = instrument.scratch(stepCount: size.windowLength)
        } else {
            operations = model.circuit?.operations ?? []
            dimension = model.circuit?.dimension ?? 0
            noisy = nil
            scratchSize = size.scratchSize
        }
        scratch = AlignedBuffer(repeating: 0, count: scratchSize * parallelism.threadCount)
        randomWords = AlignedBuffer(repeating: 0, count: randomWordsSize * parallelism.threadCount)
        instruments = AlignedBuffer(repeating: 0, count: 0)
        instruments.resize(to: population.tileCount * instrumentSize)
    }

    package var windowCount: Int { (stepCount + windowLength - 1) / windowLength }

    /// Steps of a window.
    package func steps(ofWindow window: Int) -> Range<Int> {
        window * windowLength..<min((window + 1) * windowLength, stepCount)
    }

    /// Bytes held now: what ``PopulationKernelSize/memoryCeiling(sampleCount:threadCount:)`` bounds.
    package var memoryInUse: Int {
        4 * (instruments.count + scratch.count + randomWords.count + keptMemory.count + memoryErrors.count)
    }

    /// Makes room for the memories of a batch: before its first window. What was carried stays if the number of samples
    /// does.
    package func prepare(sampleCount: Int) {
        self.sampleCount = sampleCount
        guard keepsMemory else { return }
        keptMemory.resize(to: tileCount * windowCount * sampleCount * memorySize)
        if windowCount > 1 { memoryErrors.resize(to: tileCount * sampleCount * memorySize) }
    }

    /// The memory of a share's samples after a window.
    private func memory(after window: Int, _ share: Share) -> UnsafeMutablePointer<Float> {
        let slot = (share.tile * windowCount + window) * sampleCount + share.samples.lowerBound
        return UnsafeMutablePointer(mutating: keptMemory.base) + slot * memorySize
    }

    /// The memory of a share's samples before a window, which may have been left by the last run; nil for |0…0⟩.
    private func memory(before window: Int, _ share: Share, firstStep: Int) -> UnsafePointer<Float>? {
        if window > 0 { return UnsafePointer(memory(after: window - 1, share)) }
        return firstStep > 0 ? UnsafePointer(memory(after: windowCount - 1, share)) : nil
    }

    /// Instruments of all neurons from their angles: once for each update of the parameters.
    package func compile(_ population: Population, parallelism: Parallelism) {
        let size = instrumentSize
        let angleCount = model.angleCount
        let target = SharedPointer(instruments.mutableBase())
        let working = SharedPointer(scratch.mutableBase())
        let angles = SharedConstantPointer(population.angles.base)
        let (kernels, operations, dimension, scratchSize) = (kernels, operations, dimension, scratchSize)
        let (isReal, ioQubits, memoryQubits) = (model.hasRealInstrument, model.channelCount, memoryQubits)
        let (hasCircuit, noisy) = (model.circuit != nil, noisy)
        withExtendedLifetime(population) {
            parallelism.forEach(population.tileCount) { tile, thread in
                let instruments = target.base + tile * size
                let angles = angles.base + tile * angleCount * tileWidth
                guard hasCircuit else {
                    Self.compileFeedback(angles, to: instruments)
                    return
                }
                if let noisy {
                    kernels.compilePauli(
                        PauliCompilationTask(
                            program: noisy.program, angles: angles, instruments: instruments,
                            scratch: working.base + thread * scratchSize))
                    return
                }
                let unitaries = isReal ? working.base + thread * scratchSize : instruments
                operations.withUnsafeBufferPointer {
                    kernels.compile(
                        CompilationTask(
                            operations: $0, angles: angles, dimension: dimension, unitaries: unitaries))
                }
                if isReal {
                    RealGauge.project(unitaries, dimension: dimension, to: instruments)
                } else {
                    EmbeddingPhase.absorb(instruments, ioQubits: ioQubits, memoryQubits: memoryQubits)
                }
            }
        }
    }

    /// ∂L/∂θ of one tile, added to `angleGradient`, from ∂L/∂(instrument).
    ///
    /// - Parameters:
    ///   - instrumentGradient: ``instrumentSize`` elements; overwritten on the complex path.
    ///   - angleGradient: `[angle][64]`; 0 on return in lanes past the last neuron.
    package func pullBack(
        tile: Int, thread: Int, population: Population, instrumentGradient: UnsafeMutablePointer<Float>,
        angleGradient: UnsafeMutablePointer<Float>
    ) {
        withExtendedLifetime((self, population)) {
            let angles = population.angles.base + tile * model.angleCount * tileWidth
            guard model.circuit != nil else {
                Self.pullBackFeedback(instrumentGradient, to: angleGradient)
                return
            }
            let working = scratchPart(thread)
            defer { clearPadding(of: angleGradient, tile: tile, population) }
            if let noisy {
                kernels.pullBackPauli(
                    PauliPullbackTask(
                        program: noisy.program, angles: angles,
                        instrumentGradient: UnsafePointer(instrumentGradient), angleGradient: angleGradient,
                        scratch: working))
                return
            }
            let unitarySize = 2 * dimension * dimension * tileWidth
            var unitaryGradient = instrumentGradient
            if model.hasRealInstrument {
                unitaryGradient = working + unitarySize
                RealGauge.embed(instrumentGradient, dimension: dimension, to: unitaryGradient)
            } else {
                EmbeddingPhase.release(
                    instrumentGradient, ioQubits: model.channelCount, memoryQubits: memoryQubits)
            }
            operations.withUnsafeBufferPointer {
                kernels.compile(
                    CompilationTask(operations: $0, angles: angles, dimension: dimension, unitaries: working))
                kernels.pullBack(
                    PullbackTask(
                        operations: $0, angles: angles, dimension: dimension, unitaries: working,
                        unitaryGradient: unitaryGradient, angleGradient: angleGradient))
            }
        }
    }

    /// Under the regulariser, lanes past the last neuron have a gradient too where the circuit fires at angles 0. It
    /// must not train them, nor count in the norm by which gradients are clipped.
    private func clearPadding(
        of angleGradient: UnsafeMutablePointer<Float>, tile: Int, _ population: Population
    ) {
        for lane in population.neuronCount(ofTile: tile)..<tileWidth {
            for angle in 0..<model.angleCount { angleGradient[angle * tileWidth + lane] = 0 }
        }
    }

    private func scratchPart(_ thread: Int) -> UnsafeMutablePointer<Float> {
        UnsafeMutablePointer(mutating: scratch.base) + thread * scratchSize
    }

    /// Angles arrive as (entangling, input, memory); the kernel wants the constant and the feedback part in
    /// units of π.
    private static func compileFeedback(
        _ angles: UnsafePointer<Float>, to instruments: UnsafeMutablePointer<Float>
    ) {
        for lane in 0..<tileWidth {
            instruments[lane] = (angles[tileWidth + lane] + angles[2 * tileWidth + lane]) / .pi
            instruments[tileWidth + lane] = angles[lane] / .pi
        }
    }

    private static func pullBackFeedback(
        _ gradient: UnsafeMutablePointer<Float>, to angleGradient: UnsafeMutablePointer<Float>
    ) {
        for lane in 0..<tileWidth {
            angleGradient[lane] += gradient[tileWidth + lane] / .pi
            angleGradient[tileWidth + lane] += gradient[lane] / .pi
            angleGradient[2 * tileWidth + lane] += gradient[lane] / .pi
        }
    }
}

extension PopulationKernel {
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

    /// Runs one window of some samples of one tile, after ``prepare(sampleCount:)``; windows in their order.
    ///
    /// - Parameters:
    ///   - currents: of the tile, `[channel][row][64]`, first row of the batch.
    ///   - spikes: word of the tile's first channel in the first row of the batch.
    ///   - rowSums: of the tile, `[row][2][16]`, or nil.
    ///   - identities: of the batch's samples in the random streams.
    ///   - firstStep: of the batch, in the sample: not 0 only where the memory is carried.
    package func step(
        _ share: Share, window: Int = 0, currents: UnsafePointer<Float>,
        spikes: UnsafeMutablePointer<UInt64>, wordsPerRow: Int,
        firingProbabilities: UnsafeMutablePointer<Float>?, rowSums: UnsafeMutablePointer<Float>?,
        identities: UnsafePointer<UInt32>, random: RandomStream, firstStep: Int = 0
    ) {
        precondition(keepsMemory || firstStep == 0, "a run goes on only where the memory is carried")
        let steps = steps(ofWindow: window)
        let row = share.samples.lowerBound * stepCount + steps.lowerBound
        let words = UnsafeMutablePointer(mutating: randomWords.base)
        withExtendedLifetime(self) {
            let task = NeuronStepTask<Float>(
                instruments: instruments.base + share.tile * instrumentSize,
                currents: currents + row * tileWidth, channelStride: share.rowCount * tileWidth,
                spikes: spikes + row * wordsPerRow, wordsPerRow: wordsPerRow,
                randomWords: words + share.thread * randomWordsSize,
                firingProbabilities: firingProbabilities.map { $0 + row * tileWidth },
                rowSums: rowSums.map { $0 + 32 * row }, samples: identities + share.samples.lowerBound,
                sampleCount: share.samples.count, rowStride: stepCount,
                firstStep: firstStep + steps.lowerBound, stepCount: steps.count,
                memoryBefore: memory(before: window, share, firstStep: firstStep),
                memoryAfter: keepsMemory ? memory(after: window, share) : nil,
                neuronCount: share.neuronCount, tile: share.tile, key: random.key, tag: random.tag,
                ioQubits: ioQubits, memoryQubits: memoryQubits, forgets: forgets,
                scratch: scratchPart(share.thread))
            if let noisy { return kernels.stepPauli(task, noisy.embedding) }
            switch path {
            case .lastSpikeFeedback: kernels.stepLastSpikeFeedback(task)
            case .realGauge: kernels.stepRealGauge(task)
            case .generalRealGauge: kernels.stepGeneralRealGauge(task)
            case .general, .noisy: kernels.stepGeneral(task)
            }
        }
    }

    /// Reverses
    /// ``step(_:window:currents:spikes:wordsPerRow:firingProbabilities:rowSums:identities:random:firstStep:)``; windows
    /// from the last to the first.
    ///
    /// - Parameters:
    ///   - isCut: whether nothing after this window is to depend on its memory: truncated backpropagation.
    ///   - errors: of the tile, `[channel][row][64]`: on entry ∂L/∂s, on return ∂L/∂z.
    ///   - regulariser: per row the factors (A, B) in ∂R/∂p = A − B p, or nil.
    ///   - instrumentGradient: ``instrumentSize`` elements; added to.
    package func adjoint(
        _ share: Share, window: Int = 0, isCut: Bool = false, currents: UnsafePointer<Float>,
        spikes: UnsafePointer<UInt64>, wordsPerRow: Int, errors: UnsafeMutablePointer<Float>,
        regulariser: UnsafePointer<Float>?, surrogate: SurrogateKind,
        instrumentGradient: UnsafeMutablePointer<Float>
    ) {
        let steps = steps(ofWindow: window)
        let row = share.samples.lowerBound * stepCount + steps.lowerBound
        var memoryErrors: UnsafeMutablePointer<Float>?
        if windowCount > 1 {
            let place = share.tile * sampleCount + share.samples.lowerBound
            let errors = UnsafeMutablePointer(mutating: self.memoryErrors.base) + place * memorySize
            if isCut || window == windowCount - 1 {
                errors.update(repeating: 0, count: share.samples.count * memorySize)
            }
            memoryErrors = errors
        }
        withExtendedLifetime(self) {
            let task = NeuronAdjointTask<Float>(
                instruments: instruments.base + share.tile * instrumentSize,
                currents: currents + row * tileWidth, channelStride: share.rowCount * tileWidth,
                spikes: spikes + row * wordsPerRow, wordsPerRow: wordsPerRow,
                errors: errors + row * tileWidth, regulariser: regulariser.map { $0 + 2 * row },
                instrumentGradient: instrumentGradient, surrogate: surrogate,
                sampleCount: share.samples.count, rowStride: stepCount, firstStep: steps.lowerBound,
                stepCount: steps.count, memoryBefore: memory(before: window, share, firstStep: 0),
                memoryErrors: memoryErrors, neuronCount: share.neuronCount,
                ioQubits: ioQubits, memoryQubits: memoryQubits, forgets: forgets,
                scratch: scratchPart(share.thread))
            if let noisy { return kernels.adjointPauli(task, noisy.embedding) }
            switch path {
            case .lastSpikeFeedback: kernels.adjointLastSpikeFeedback(task)
            case .realGauge: kernels.adjointRealGauge(task)
            case .generalRealGauge: kernels.adjointGeneralRealGauge(task)
            case .general, .noisy: kernels.adjointGeneral(task)
            }
        }
    }

    /// The probability of given spikes along their own history, p(s_t | s^{t−1}), for some samples of one tile.
    ///
    /// - Parameters:
    ///   - steps: of each sample, by default all.
    ///   - currents: of the tile, `[channel][row][64]`, first row of the batch; a sample has ``stepCount`` rows.
    ///   - spikes: word of the tile's first channel in the first row of the batch.
    ///   - likelihoods: of the tile, `[row][64]`, first row of the batch.
    ///   - memoryBefore, memoryAfter: of the share's first sample, ``carriedMemorySize`` elements each; nil for |0…0⟩
    ///     before, and where it is not wanted after.
    package func findLikelihoods(
        _ share: Share, steps: Range<Int>? = nil, currents: UnsafePointer<Float>,
        spikes: UnsafePointer<UInt64>, wordsPerRow: Int, likelihoods: UnsafeMutablePointer<Float>,
        memoryBefore: UnsafePointer<Float>? = nil, memoryAfter: UnsafeMutablePointer<Float>? = nil
    ) {
        let steps = steps ?? 0..<stepCount
        let row = share.samples.lowerBound * stepCount + steps.lowerBound
        withExtendedLifetime(self) {
            let task = LikelihoodTask<Float>(
                instruments: instruments.base + share.tile * instrumentSize,
                currents: currents + row * tileWidth, channelStride: share.rowCount * tileWidth,
                spikes: spikes + row * wordsPerRow, wordsPerRow: wordsPerRow,
                likelihoods: likelihoods + row * tileWidth, sampleCount: share.samples.count,
                rowStride: stepCount, stepCount: steps.count, memoryBefore: memoryBefore,
                memoryAfter: memoryAfter, neuronCount: share.neuronCount, ioQubits: ioQubits,
                memoryQubits: memoryQubits, forgets: forgets, scratch: scratchPart(share.thread))
            if let noisy { return kernels.likelihoodPauli(task, noisy.embedding) }
            switch path {
            case .lastSpikeFeedback: kernels.likelihoodLastSpikeFeedback(task)
            case .realGauge: kernels.likelihoodRealGauge(task)
            case .generalRealGauge: kernels.likelihoodGeneralRealGauge(task)
            case .general, .noisy: kernels.likelihoodGeneral(task)
            }
        }
    }

    /// Elements of the memory of one tile for one sample between two calls.
    package var carriedMemorySize: Int { memorySize }
}
