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

        /// Samples that are run at a time.
        fileprivate var pieceLength: Int { max(1, min(samples, 128 / steps)) }
        fileprivate var pieceCount: Int { (samples + pieceLength - 1) / pieceLength }

        fileprivate func piece(_ index: Int) -> Range<Int> {
            index * pieceLength..<min((index + 1) * pieceLength, samples)
        }
    }

    /// Runs all steps of all samples.
    ///
    /// - Parameters:
    ///   - parameters: `[neuron][parameter]`.
    ///   - currents: z.
    ///   - spikes: written, 0 or 1.
    ///   - firing: written where it is wanted: p(s_t = 1 | own spikes before).
    ///   - memoryBefore: `[sample][…]`, ``memorySize`` elements each; nil for that of fresh neurons.
    ///   - memoryAfter: written where it is wanted.
    package func step(
        _ shape: Shape, parameters: BufferView<Float>, currents: BufferView<Float>,
        spikes: MutableBufferView<Float>, firing: MutableBufferView<Float>? = nil,
        memoryBefore: BufferView<Float>? = nil, memoryAfter: MutableBufferView<Float>? = nil, seed: UInt64
    ) {
        let (engine, size) = (model.engine(.current), model.engineSize(stepCount: shape.steps))
        let (channels, currentCount) = (model.channelCount, model.currentCount)
        let rows = shape.pieceLength * shape.steps
        let compiled = compile(engine, size, parameters)
        let threads = parallelism.threadCount
        let packed = WorkingBuffer<Float>(count: threads * currentCount * rows * tileWidth)
        let packedFiring = WorkingBuffer<Float>(
            count: firing == nil ? 0 : threads * channels * rows * tileWidth)
        let words = WorkingBuffer<UInt64>(count: threads * channels * rows)
        let scratch = WorkingBuffer<Float>(count: threads * size.scratch)
        let randomWords = WorkingBuffer<UInt32>(count: threads * size.randomWords)
        let memory = WorkingBuffer<Float>(count: threads * shape.pieceLength * size.memory)
        let identities = AlignedBuffer((0..<shape.samples).map { UInt32(truncatingIfNeeded: $0) })
        let random = RandomStream(seed: seed, purpose: .spike)
        parallelism.forEach(tileCount * shape.pieceCount) { index, thread in
            let (tile, samples) = (index / shape.pieceCount, shape.piece(index % shape.pieceCount))
            let place = place(tile, samples, shape)
            let own = packed.part(thread, size: currentCount * rows * tileWidth)
            let ownWords = words.part(thread, size: channels * rows)
            let ownFiring =
                firing == nil ? nil : packedFiring.part(thread, size: channels * rows * tileWidth)
            let ownMemory = memory.part(thread, size: shape.pieceLength * size.memory)
            let keepsMemory = memoryBefore != nil || memoryAfter != nil
            place.pack(currents, parts: currentCount, to: own)
            if let memoryBefore {
                place.packMemory(memoryBefore, size.memory, to: ownMemory)
            } else {
                // What an engine leaves as it is, is then the same in every run.
                ownMemory.fill(with: 0)
            }
            engine.step(
                NeuronStepPass(
                    window: place.window(channelStride: rows * tileWidth),
                    compiled: compiled.part(tile, size: size.compiled).view, currents: own.view,
                    spikes: ownWords, wordsPerRow: channels, firing: ownFiring, activitySums: nil,
                    samples: identities.view[samples], random: random,
                    memoryBefore: memoryBefore == nil ? nil : ownMemory.view,
                    memoryAfter: keepsMemory ? ownMemory : nil,
                    scratch: scratch.part(thread, size: size.scratch),
                    randomWords: randomWords.part(thread, size: size.randomWords)))
            place.unpack(ownWords.view, channels: channels, to: spikes)
            if let firing, let ownFiring { place.unpack(ownFiring.view, parts: channels, to: firing) }
            if let memoryAfter { place.unpackMemory(ownMemory.view, size.memory, to: memoryAfter) }
        }
    }

    /// Reverses a step: gradients along the recorded spikes.
    ///
    /// - Parameters:
    ///   - errors: ∂L/∂s.
    ///   - memoryErrors: ∂L/∂(memory after), `[sample][…]`, or nil: of losses by what neurons do later, for the length of a memory means nothing.
    ///   - currentErrors: written: ∂L/∂z.
    ///   - gradient: written: ∂L/∂(parameter), `[neuron][parameter]`.
    ///   - memoryErrorsBefore: written where it is wanted: ∂L/∂(memory before).
    package func adjoint(
        _ shape: Shape, parameters: BufferView<Float>, currents: BufferView<Float>,
        spikes: BufferView<Float>, errors: BufferView<Float>, surrogate: SurrogateKind,
        memoryBefore: BufferView<Float>? = nil, memoryErrors: BufferView<Float>? = nil,
        currentErrors: MutableBufferView<Float>, gradient: MutableBufferView<Float>,
        memoryErrorsBefore: MutableBufferView<Float>? = nil
    ) {
        let (engine, size) = (model.engine(.current), model.engineSize(stepCount: shape.steps))
        let (channels, currentCount) = (model.channelCount, model.currentCount)
        let rows = shape.pieceLength * shape.steps
        let compiled = compile(engine, size, parameters)
        let threads = parallelism.threadCount
        let packed = WorkingBuffer<Float>(count: threads * currentCount * rows * tileWidth)
        let packedErrors = WorkingBuffer<Float>(
            count: threads * max(channels, currentCount) * rows * tileWidth)
        let words = WorkingBuffer<UInt64>(count: threads * channels * rows)
        let scratch = WorkingBuffer<Float>(count: threads * size.scratch)
        let memory = WorkingBuffer<Float>(count: 2 * threads * shape.pieceLength * size.memory)
        // Terms are shared out to as many sums as there are samples for, whatever the threads are, and these added in their order.
        let sumCount = min(shape.pieceCount, Self.sumCount)
        let sums = WorkingBuffer<Float>(count: tileCount * sumCount * size.compiled)
        let hasMemory = memoryBefore != nil || memoryErrors != nil || memoryErrorsBefore != nil
        parallelism.forEach(tileCount * sumCount) { index, thread in
            let (tile, sum) = (index / sumCount, index % sumCount)
            let own = packed.part(thread, size: currentCount * rows * tileWidth)
            let ownErrors = packedErrors.part(thread, size: max(channels, currentCount) * rows * tileWidth)
            let ownWords = words.part(thread, size: channels * rows)
            let ownMemory = memory.part(2 * thread, size: shape.pieceLength * size.memory)
            let ownMemoryErrors = memory.part(2 * thread + 1, size: shape.pieceLength * size.memory)
            for piece in sum * shape.pieceCount / sumCount..<(sum + 1) * shape.pieceCount / sumCount {
                let place = place(tile, shape.piece(piece), shape)
                place.pack(currents, parts: currentCount, to: own)
                place.pack(errors, parts: channels, to: ownErrors)
                place.pack(spikes, channels: channels, to: ownWords)
                if let memoryBefore { place.packMemory(memoryBefore, size.memory, to: ownMemory) }
                if let memoryErrors {
                    place.packMemory(memoryErrors, size.memory, to: ownMemoryErrors)
                } else {
                    ownMemoryErrors.fill(with: 0)
                }
                engine.adjoint(
                    NeuronAdjointPass(
                        window: place.window(channelStride: rows * tileWidth),
                        compiled: compiled.part(tile, size: size.compiled).view, currents: own.view,
                        spikes: ownWords.view, wordsPerRow: channels, errors: ownErrors, regulariser: nil,
                        surrogate: surrogate, compiledGradient: sums.part(index, size: size.compiled),
                        memoryBefore: memoryBefore == nil ? nil : ownMemory.view,
                        memoryErrors: hasMemory ? ownMemoryErrors : nil,
                        scratch: scratch.part(thread, size: size.scratch)))
                place.unpack(ownErrors.view, parts: currentCount, to: currentErrors)
                if let memoryErrorsBefore {
                    place.unpackMemory(ownMemoryErrors.view, size.memory, to: memoryErrorsBefore)
                }
            }
        }
        pullBack(engine, size, parameters, sums, sumCount, to: gradient)
    }

    private static let sumCount = 8

    private func compile(
        _ engine: any NeuronEngine, _ size: EngineSize, _ parameters: BufferView<Float>
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
        _ sums: WorkingBuffer<Float>, _ sumCount: Int, to gradient: MutableBufferView<Float>
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
            for sum in 1..<max(sumCount, 1) {
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
            samples: samples, steps: shape.steps, capacity: shape.pieceLength * shape.steps)
    }
}

/// Where some samples of a tile lie in the arrays of a population.
private struct TilePlace {
    let tile, tileCount, laneCount, neuronCount: Int
    let samples: Range<Int>
    let steps: Int
    /// Rows from one part to the next of what is packed.
    let capacity: Int

    private var rows: Range<Int> { samples.lowerBound * steps..<samples.upperBound * steps }

    func window(channelStride: Int) -> NeuronWindow {
        NeuronWindow(
            tile: tile, neuronCount: laneCount, sampleCount: samples.count, rowStride: steps,
            stepCount: steps, firstStep: 0, channelStride: channelStride)
    }

    /// Where the tile's neurons begin in a row of an array.
    private func first(_ row: Int, parts: Int) -> Int { (row * neuronCount + tile * tileWidth) * parts }

    /// To `[part][row][64]`, 0 in lanes past the last neuron.
    func pack(_ array: BufferView<Float>, parts: Int, to packed: MutableBufferView<Float>) {
        for (index, row) in rows.enumerated() {
            let source = array[first(row, parts: parts)..<first(row, parts: parts) + laneCount * parts]
            for part in 0..<parts {
                let start = (part * capacity + index) * tileWidth
                let target = packed[start..<start + tileWidth]
                if parts == 1 && laneCount == tileWidth {
                    target.copy(source)
                } else {
                    for lane in 0..<laneCount { target[lane] = source[lane * parts + part] }
                    for lane in laneCount..<tileWidth { target[lane] = 0 }
                }
            }
        }
    }

    /// From `[part][row][64]`.
    func unpack(_ packed: BufferView<Float>, parts: Int, to array: MutableBufferView<Float>) {
        for (index, row) in rows.enumerated() {
            let target = array[first(row, parts: parts)..<first(row, parts: parts) + laneCount * parts]
            for part in 0..<parts {
                let start = (part * capacity + index) * tileWidth
                let source = packed[start..<start + laneCount]
                if parts == 1 {
                    target.copy(source)
                } else {
                    for lane in 0..<laneCount { target[lane * parts + part] = source[lane] }
                }
            }
        }
    }

    /// Spikes, a bit each in `[row][channel]`.
    func pack(_ spikes: BufferView<Float>, channels: Int, to words: MutableBufferView<UInt64>) {
        for (index, row) in rows.enumerated() {
            let source = spikes[
                first(row, parts: channels)..<first(row, parts: channels) + laneCount * channels]
            for channel in 0..<channels {
                var word: UInt64 = 0
                for lane in 0..<laneCount where source[lane * channels + channel] != 0 {
                    word |= 1 << UInt64(lane)
                }
                words[index * channels + channel] = word
            }
        }
    }

    func unpack(_ words: BufferView<UInt64>, channels: Int, to spikes: MutableBufferView<Float>) {
        for (index, row) in rows.enumerated() {
            let target = spikes[
                first(row, parts: channels)..<first(row, parts: channels) + laneCount * channels]
            for channel in 0..<channels {
                let word = words[index * channels + channel]
                for lane in 0..<laneCount {
                    target[lane * channels + channel] = Float(word >> UInt64(lane) & 1)
                }
            }
        }
    }

    /// Memories of the samples, `[sample][tile][…]` in the array.
    func packMemory(_ array: BufferView<Float>, _ size: Int, to packed: MutableBufferView<Float>) {
        for (index, sample) in samples.enumerated() {
            packed.part(index, size: size).copy(array.part(sample * tileCount + tile, size: size))
        }
    }

    func unpackMemory(_ packed: BufferView<Float>, _ size: Int, to array: MutableBufferView<Float>) {
        for (index, sample) in samples.enumerated() {
            array.part(sample * tileCount + tile, size: size).copy(packed.part(index, size: size))
        }
    }
}
