import Compute

/// A population between arrays as other programs have them, `[sample][step][neuron][part]`, the last index fastest; parts are the currents or
/// channels of a neuron.
///
/// It keeps nothing between two calls: parameters and memory are arguments, as everything else. Rows are packed into tiles a piece at a time,
/// so that what the engine reads and writes stays in the cache.
package struct ArrayPopulation: Sendable {
    package let model: any NeuronModel
    package let neuronCount: Int
    private let parallelism: Parallelism

    /// - Throws: what the model says of a population that cannot be simulated.
    package init(_ model: any NeuronModel, neuronCount: Int, parallelism: Parallelism) throws {
        // Made to be checked.
        _ = try Population(model: model, neuronCount: neuronCount)
        try model.check(neuronCount: neuronCount)
        self.model = model
        self.neuronCount = neuronCount
        self.parallelism = parallelism
    }

    private var tileCount: Int { Population.tileCount(neuronCount) }
    package var parameterCount: Int { model.parameterCount }
    /// Elements of the memory of one sample, `[tile][…]`, which only the engine can read.
    package var memorySize: Int { tileCount * model.engineSize(stepCount: 1).memory }

    /// Parameters as training begins with them, `[neuron][parameter]`.
    package func initialParameters(seed: UInt64) -> [Float] {
        var random = RandomStream(seed: seed, purpose: .initialization).generator(sample: 1)
        return (0..<neuronCount).flatMap { _ in
            model.parameterGroups.flatMap { group in
                (0..<group.count).map { _ in group.initial.draw(using: &random) }
            }
        }
    }

    /// Samples and their steps.
    package struct Shape: Sendable {
        let samples, steps: Int

        package init(samples: Int, steps: Int) {
            precondition(samples >= 0 && steps > 0, "there are steps")
            (self.samples, self.steps) = (samples, steps)
        }

        var rows: Int { samples * steps }
        /// Samples that are run at a time: of so few rows that a core has the addresses of all their pages at hand, for in the arrays each
        /// row of a tile lies on another. (Of 32 rows an adjoint took a third longer than of 16.)
        var pieceLength: Int { max(1, min(samples, 16 / steps)) }
        var pieceCount: Int { (samples + pieceLength - 1) / pieceLength }

        func piece(_ index: Int) -> Range<Int> {
            index * pieceLength..<min((index + 1) * pieceLength, samples)
        }
    }

    /// Words of the record of one step of a sample.
    package var recordSize: Int { tileCount * model.channelCount }

    /// Runs all steps of all samples.
    ///
    /// - Parameters:
    ///   - parameters: `[neuron][parameter]`.
    ///   - currents: z.
    ///   - spikes: written, 0 or 1.
    ///   - firing: written where it is wanted: p(s_t = 1 | own spikes before).
    ///   - memoryBefore: `[sample][…]`, ``memorySize`` elements each; nil for that of fresh neurons.
    ///   - memoryAfter: written where it is wanted.
    ///   - record: written where it is wanted: the spikes, a bit each, ``recordSize`` words for each step of a sample, as
    ///     ``adjoint(_:parameters:currents:record:errors:surrogate:memoryBefore:memoryErrors:currentErrors:gradient:memoryErrorsBefore:)``
    ///     takes them.
    package func step(
        _ shape: Shape, parameters: BufferView<Float>, currents: BufferView<Float>,
        spikes: MutableBufferView<Float>, firing: MutableBufferView<Float>? = nil,
        memoryBefore: BufferView<Float>? = nil, memoryAfter: MutableBufferView<Float>? = nil,
        record: MutableBufferView<UInt64>? = nil, seed: UInt64
    ) {
        let (engine, size) = (model.engine(.current), model.engineSize(stepCount: shape.steps))
        let (channels, currentCount) = (model.channelCount, model.currentCount)
        let workspace = Workspace(model, shape, size, parallelism(shape))
        let compiled = compile(engine, size, parameters, workspace.parallelism)
        let words = record ?? WorkingBuffer(count: shape.rows * recordSize).view
        let identities = AlignedBuffer((0..<shape.samples).map { UInt32(truncatingIfNeeded: $0) })
        let random = RandomStream(seed: seed, purpose: .spike)
        let keepsMemory = memoryBefore != nil || memoryAfter != nil
        forEachTile(shape, shares: max(1, shape.pieceCount), workspace) { piece, _, tile, own in
            let place = place(tile, shape.piece(piece), shape)
            let ownWords = place.words(words, channels: channels)
            let ownFiring = firing == nil ? nil : own.channels
            place.pack(currents, parts: currentCount, to: own.currents)
            if let memoryBefore {
                place.packMemory(memoryBefore, size.memory, to: own.memory)
            } else {
                // What an engine leaves as it is, is then the same in every run.
                own.memory.fill(with: 0)
            }
            engine.step(
                NeuronStepPass(
                    window: place.window, compiled: compiled.part(tile, size: size.compiled).view,
                    currents: own.currents.view, spikes: ownWords, wordsPerRow: channels, firing: ownFiring,
                    activitySums: nil, samples: identities.view[place.samples], random: random,
                    memoryBefore: memoryBefore == nil ? nil : own.memory.view,
                    memoryAfter: keepsMemory ? own.memory : nil, scratch: own.scratch,
                    randomWords: own.randomWords))
            place.unpack(ownWords.view, channels: channels, to: spikes)
            if let firing { place.unpack(own.channels.view, parts: channels, to: firing) }
            if let memoryAfter { place.unpackMemory(own.memory.view, size.memory, to: memoryAfter) }
        }
    }

    /// Reverses a step: gradients along the recorded spikes.
    ///
    /// - Parameters:
    ///   - record: as the step wrote it.
    ///   - errors: ∂L/∂s.
    ///   - memoryErrors: ∂L/∂(memory after), `[sample][…]`, or nil: of losses by what neurons do later, for the length of a memory means nothing.
    ///   - currentErrors: written: ∂L/∂z.
    ///   - gradient: written: ∂L/∂(parameter), `[neuron][parameter]`.
    ///   - memoryErrorsBefore: written where it is wanted: ∂L/∂(memory before).
    package func adjoint(
        _ shape: Shape, parameters: BufferView<Float>, currents: BufferView<Float>,
        record: BufferView<UInt64>, errors: BufferView<Float>, surrogate: SurrogateKind,
        memoryBefore: BufferView<Float>? = nil, memoryErrors: BufferView<Float>? = nil,
        currentErrors: MutableBufferView<Float>, gradient: MutableBufferView<Float>,
        memoryErrorsBefore: MutableBufferView<Float>? = nil
    ) {
        let (engine, size) = (model.engine(.current), model.engineSize(stepCount: shape.steps))
        let (channels, currentCount) = (model.channelCount, model.currentCount)
        let workspace = Workspace(model, shape, size, parallelism(shape))
        let compiled = compile(engine, size, parameters, workspace.parallelism)
        // Terms are shared out to as many sums as there are samples for, whatever the threads are, and these added in their order.
        let sumCount = max(1, min(shape.pieceCount, Self.sumCount))
        let sums = WorkingBuffer<Float>(count: tileCount * sumCount * size.compiled)
        let hasMemory = memoryBefore != nil || memoryErrors != nil || memoryErrorsBefore != nil
        forEachTile(shape, shares: sumCount, workspace) { piece, sum, tile, own in
            let place = place(tile, shape.piece(piece), shape)
            place.pack(currents, parts: currentCount, to: own.currents)
            place.pack(errors, parts: channels, to: own.channels)
            if let memoryBefore { place.packMemory(memoryBefore, size.memory, to: own.memory) }
            if let memoryErrors {
                place.packMemory(memoryErrors, size.memory, to: own.memoryErrors)
            } else if hasMemory {
                own.memoryErrors.fill(with: 0)
            }
            engine.adjoint(
                NeuronAdjointPass(
                    window: place.window, compiled: compiled.part(tile, size: size.compiled).view,
                    currents: own.currents.view, spikes: place.words(record, channels: channels),
                    wordsPerRow: channels, errors: own.channels, regulariser: nil, surrogate: surrogate,
                    compiledGradient: sums.part(tile * sumCount + sum, size: size.compiled),
                    memoryBefore: memoryBefore == nil ? nil : own.memory.view,
                    memoryErrors: hasMemory ? own.memoryErrors : nil, scratch: own.scratch))
            place.unpack(own.channels.view, parts: currentCount, to: currentErrors)
            if let memoryErrorsBefore {
                place.unpackMemory(own.memoryErrors.view, size.memory, to: memoryErrorsBefore)
            }
        }
        pullBack(engine, size, parameters, sums, sumCount, workspace.parallelism, to: gradient)
    }

    /// Runs the body for every piece and tile: the pieces of a share in their order, and neighbouring tiles, which lie side by side in the
    /// arrays, one after the other by one thread.
    private func forEachTile(
        _ shape: Shape, shares: Int, _ workspace: Workspace,
        _ body: @Sendable (_ piece: Int, _ share: Int, _ tile: Int, borrowing Workspace.Part) -> Void
    ) {
        let parallelism = workspace.parallelism
        let blocks = max(1, min(tileCount, Self.callsOfThread * parallelism.threadCount / shares))
        parallelism.forEach(shares * blocks) { index, thread in
            let (share, block) = index.quotientAndRemainder(dividingBy: blocks)
            let own = workspace.part(of: thread)
            for piece in share * shape.pieceCount / shares..<(share + 1) * shape.pieceCount / shares {
                for tile in block * tileCount / blocks..<(block + 1) * tileCount / blocks {
                    body(piece, share, tile, own)
                }
            }
        }
    }

    /// So many that threads are done at about the same time.
    private static let callsOfThread = 16

    /// Threads for a call: none is woken for less than it costs.
    private func parallelism(_ shape: Shape) -> Parallelism {
        let worth = shape.rows * neuronCount / Self.leastOfThread
        return Parallelism(threadCount: max(1, min(parallelism.threadCount, worth)))
    }

    /// Steps of a neuron, about a tenth of a millisecond.
    private static let leastOfThread = 16_384
    private static let sumCount = 8

    private func compile(
        _ engine: any NeuronEngine, _ size: EngineSize, _ parameters: BufferView<Float>,
        _ parallelism: Parallelism
    ) -> WorkingBuffer<Float> {
        let threads = parallelism.threadCount
        let compiled = WorkingBuffer<Float>(count: tileCount * size.compiled)
        let packed = WorkingBuffer<Float>(count: threads * parameterCount * tileWidth)
        let scratch = WorkingBuffer<Float>(count: threads * size.scratch)
        parallelism.forEach(tileCount) { tile, thread in
            let own = packed.part(thread, size: parameterCount * tileWidth)
            pack(parameters, tile, to: own)
            engine.compile(
                own.view, to: compiled.part(tile, size: size.compiled),
                scratch: scratch.part(thread, size: size.scratch))
        }
        return compiled
    }

    private func pullBack(
        _ engine: any NeuronEngine, _ size: EngineSize, _ parameters: BufferView<Float>,
        _ sums: WorkingBuffer<Float>, _ sumCount: Int, _ parallelism: Parallelism,
        to gradient: MutableBufferView<Float>
    ) {
        guard parameterCount > 0 else { return }
        let threads = parallelism.threadCount
        let packed = WorkingBuffer<Float>(count: 2 * threads * parameterCount * tileWidth)
        let scratch = WorkingBuffer<Float>(count: threads * size.scratch)
        parallelism.forEach(tileCount) { tile, thread in
            let own = packed.part(2 * thread, size: parameterCount * tileWidth)
            let found = packed.part(2 * thread + 1, size: parameterCount * tileWidth)
            pack(parameters, tile, to: own)
            found.fill(with: 0)
            let total = sums.part(tile * sumCount, size: size.compiled)
            for sum in 1..<sumCount {
                total.add(sums.part(tile * sumCount + sum, size: size.compiled).view)
            }
            engine.pullBack(
                own.view, compiledGradient: total, to: found,
                scratch: scratch.part(thread, size: size.scratch))
            for lane in 0..<lanes(tile) {
                for parameter in 0..<parameterCount {
                    gradient[(tile * tileWidth + lane) * parameterCount + parameter] =
                        found[parameter * tileWidth + lane]
                }
            }
        }
    }

    /// Neurons of a tile that exist.
    private func lanes(_ tile: Int) -> Int { min(neuronCount - tile * tileWidth, tileWidth) }

    /// Parameters of a tile, those of the neurons that do not exist 0.
    private func pack(_ parameters: BufferView<Float>, _ tile: Int, to packed: MutableBufferView<Float>) {
        packed.fill(with: 0)
        for lane in 0..<lanes(tile) {
            for parameter in 0..<parameterCount {
                packed[parameter * tileWidth + lane] =
                    parameters[(tile * tileWidth + lane) * parameterCount + parameter]
            }
        }
    }

    private func place(_ tile: Int, _ samples: Range<Int>, _ shape: Shape) -> TilePlace {
        TilePlace(
            tile: tile, tileCount: tileCount, laneCount: lanes(tile), neuronCount: neuronCount,
            samples: samples, shape: shape)
    }
}

/// Working memory of the threads, for a piece of a tile each.
private struct Workspace: Sendable {
    /// One thread's.
    struct Part {
        /// `[current][row][64]`
        let currents: MutableBufferView<Float>
        /// Firing or errors, `[channel or current][row][64]`.
        let channels: MutableBufferView<Float>
        let memory, memoryErrors, scratch: MutableBufferView<Float>
        let randomWords: MutableBufferView<UInt32>
    }

    private let currents, channels, memory, memoryErrors, scratch: WorkingBuffer<Float>
    private let randomWords: WorkingBuffer<UInt32>
    let parallelism: Parallelism

    init(
        _ model: any NeuronModel, _ shape: ArrayPopulation.Shape, _ size: EngineSize,
        _ parallelism: Parallelism
    ) {
        let elements = shape.pieceLength * shape.steps * tileWidth
        let threadCount = parallelism.threadCount
        let memory = threadCount * shape.pieceLength * size.memory
        currents = WorkingBuffer(count: threadCount * model.currentCount * elements)
        channels = WorkingBuffer(
            count: threadCount * max(model.channelCount, model.currentCount) * elements)
        self.memory = WorkingBuffer(count: memory)
        memoryErrors = WorkingBuffer(count: memory)
        scratch = WorkingBuffer(count: threadCount * size.scratch)
        randomWords = WorkingBuffer(count: threadCount * size.randomWords)
        self.parallelism = parallelism
    }

    func part(of thread: Int) -> Part {
        func own<Element>(_ buffer: WorkingBuffer<Element>) -> MutableBufferView<Element> {
            buffer.part(thread, size: buffer.count / parallelism.threadCount)
        }
        return Part(
            currents: own(currents), channels: own(channels), memory: own(memory),
            memoryErrors: own(memoryErrors), scratch: own(scratch), randomWords: own(randomWords))
    }
}
