import Compute
import SpikeTrains
import Neurons

/// ∂L/∂s of the neurons before a projection, from ∂L/∂z of those after it.
extension NetworkSimulator {
    /// ∂L/∂s of a population along full projections, share by share, except where spikes are pooled.
    func spikeErrors(_ node: Int, _ network: Network) -> SpikeErrors {
        let indices = edges[node].leaving.filter { projections[$0].pooling == nil }
        return spikeErrors(
            indices, into: populations[node].spikeErrors, overwrites: hasOneSuccessor(node, network), network)
    }

    /// Whether all of ∂L/∂s comes along one full projection without delay, so that nothing has to be cleared.
    func hasOneSuccessor(_ node: Int, _ network: Network) -> Bool {
        guard edges[node].turning.isEmpty, edges[node].leaving.count == 1 else { return false }
        let index = edges[node].leaving[0]
        return projections[index].delay == 0 && projections[index].pooling == nil
            && network.projections[index].runs == nil
    }

    private func spikeErrors(
        _ indices: [Int], into errors: SpikeErrorPlanes, overwrites: Bool, _ network: Network
    ) -> SpikeErrors {
        let scratchSize = Shares.samplesPerShare * stepCount * tileWidth
        scratch.reserve(parallelism.threadCount * scratchSize)
        let parts = indices.filter { network.projections[$0].runs == nil }.flatMap { index in
            (0..<projections[index].currentCount).map { current in
                let channel = projections[index].channel(ofCurrent: current)
                // Of several currents that one channel makes, the first.
                return part(
                    index, current, channel: channel, network, overwrites: overwrites && channel == current)
            }
        }
        return SpikeErrors(
            parts: parts, errors: errors, scratch: scratch, scratchSize: scratchSize, stepCount: stepCount,
            truncation: truncation, kernels: kernels)
    }

    private func part(
        _ index: Int, _ current: Int, channel: Int, _ network: Network, overwrites: Bool
    ) -> SpikeErrors.Part {
        let projection = network.projections[index]
        let target = populations[projections[index].target]
        let weightCount = Population.tileCount(projection.inputCount) * projection.neuronCount * tileWidth
        return SpikeErrors.Part(
            channel: channel, delay: projections[index].delay, neuronCount: projection.neuronCount,
            errors: target.errors.view.view[(current * target.planeSize)...],
            weights: projections[index].keptWeights.part(current, size: weightCount).view,
            tileStride: target.currentCount * target.raster.rowCount, overwrites: overwrites)
    }

    /// Where the errors along a projection are added up: in its source, or in the plane that this is pooled to.
    private func arrivingErrors(_ index: Int, _ source: PopulationMemory) -> SpikeErrorPlanes {
        guard projections[index].pooling != nil else { return source.spikeErrors }
        return SpikeErrorPlanes(
            buffer: projections[index].pooledErrors, planeSize: source.planeSize,
            tileSize: projections[index].sourceChannelCount * source.planeSize)
    }

    /// Clears the errors of a pooled plane; does nothing without one.
    func clearPooledErrors(_ index: Int) {
        guard let plane = projections[index].pooling?.plane, let node = projections[index].source else {
            return
        }
        let size = projections[index].sourceChannelCount * populations[node].planeSize
        projections[index].pooledErrors.resize(to: plane.pooledTileCount * size)
        projections[index].pooledErrors.view.fill(with: 0)
    }

    /// Adds the errors of one step along a projection inside a cycle.
    func addErrors(ofStep step: Int, arrival: Int, _ index: Int, _ network: Network) {
        guard let node = projections[index].source else { return }
        let projection = network.projections[index]
        if let runs = projection.runs {
            addErrors(ofStep: step, arrival: arrival, index, runs, projection)
        } else {
            let errors = spikeErrors(
                [index], into: arrivingErrors(index, populations[node]), overwrites: false, network)
            let shares = Shares(
                tileCount: Population.tileCount(projection.inputCount),
                sampleCount: populations[node].raster.sampleCount)
            for part in errors.parts {
                parallelism.forEach(shares.count) { share, thread in
                    let (tile, samples) = shares[share]
                    errors.add(
                        ofStep: step, arrival: arrival, part, tile: tile, samples: samples, thread: thread)
                }
            }
        }
        unpoolErrors(ofSteps: step..<step + 1, index)
    }

    /// Adds the errors of all steps along a projection of runs, or one whose spikes are pooled; does nothing for any other.
    func addErrorsAhead(_ index: Int, _ network: Network) {
        let (projection, pooling) = (network.projections[index], projections[index].pooling)
        guard let node = projections[index].source, projection.runs != nil || pooling != nil else { return }
        clearPooledErrors(index)
        if let runs = projection.runs {
            let delay = projections[index].delay
            ArrivalPieces(stepCount: stepCount, delay: delay, truncation: truncation).forEach { steps in
                for step in steps { addErrors(ofStep: step, arrival: step + delay, index, runs, projection) }
            }
        } else {
            let errors = spikeErrors(
                [index], into: arrivingErrors(index, populations[node]), overwrites: false, network)
            let shares = Shares(
                tileCount: Population.tileCount(projection.inputCount),
                sampleCount: populations[node].raster.sampleCount)
            parallelism.forEach(shares.count) { share, thread in
                let (tile, samples) = shares[share]
                errors.propagate(tile: tile, samples: samples, thread: thread)
            }
        }
        unpoolErrors(ofSteps: 0..<stepCount, index)
    }

    /// Those of one step along a projection of runs: the rows of many samples are a vector's lanes.
    private func addErrors(
        ofStep step: Int, arrival: Int, _ index: Int, _ runs: SynapseRuns, _ projection: Projection
    ) {
        guard let node = projections[index].source else { return }
        let (source, target) = (populations[node], populations[projections[index].target])
        let errors = arrivingErrors(index, source)
        for current in 0..<projection.currentCount {
            let channel = projections[index].channel(ofCurrent: current)
            scratch.reserve(runs.scratchSize * parallelism.threadCount)
            let pass = RunPass(
                runs: runs, spikes: source.raster,
                postsynaptic: target.errors.view[(current * target.planeSize + arrival * tileWidth)...],
                postsynapticTileStride: target.tileSize,
                presynaptic: errors.buffer.view[(channel * errors.planeSize + step * tileWidth)...],
                presynapticTileStride: errors.tileSize, rowStride: stepCount * tileWidth,
                weights: projections[index].keptWeights.part(current, size: projection.currentSize).view,
                scratch: scratch)
            let kernels = kernels
            RunPass.forEachShare(ofSamples: source.raster.sampleCount, parallelism) { samples, thread in
                pass.propagateErrors(samples, thread: thread, kernels)
            }
        }
    }

    /// Takes the errors of a pooled plane back to the neurons that it was pooled from; does nothing without one.
    private func unpoolErrors(ofSteps steps: Range<Int>, _ index: Int) {
        guard let plane = projections[index].pooling?.plane, let node = projections[index].source else {
            return
        }
        let (source, channels) = (populations[node], projections[index].sourceChannelCount)
        let pooled = arrivingErrors(index, source)
        let (raster, words) = (source.raster, source.raster.words.view)
        let size = plane.scratchSize
        scratch.reserve(parallelism.threadCount * size)
        let (scratch, stepCount, kernels) = (scratch, stepCount, kernels)
        RunPass.forEachShare(ofSamples: raster.sampleCount, parallelism) { samples, thread in
            for sample in samples {
                let row = sample * stepCount + steps.lowerBound
                for channel in 0..<channels {
                    let place = channel * source.planeSize + row * tileWidth
                    kernels.unpoolErrors(
                        UnpoolingTask(
                            plane: plane, rowCount: steps.count,
                            spikes: words[(row * raster.wordsPerRow + channel)...].pointer,
                            wordStride: raster.channelCount, wordsPerRow: raster.wordsPerRow,
                            pooledErrors: pooled.buffer.view[place...].pointer,
                            pooledTileStride: pooled.tileSize,
                            errors: source.errors.view[place...].pointer, tileStride: source.tileSize,
                            scratch: scratch.part(thread, size: size).pointer))
                }
            }
        }
    }
}

/// ∂L/∂s of a population or of a pooled plane, `[tile][channel][row][64]`.
struct SpikeErrorPlanes: Sendable {
    let buffer: WorkingBuffer<Float>
    /// Elements of one channel of a tile.
    let planeSize: Int
    /// Elements of a tile.
    let tileSize: Int
}

extension PopulationMemory {
    var spikeErrors: SpikeErrorPlanes {
        SpikeErrorPlanes(buffer: errors, planeSize: planeSize, tileSize: tileSize)
    }
}

/// The steps of a sample whose spikes arrive within the sample, and before gradients are cut.
struct ArrivalPieces: Sendable {
    let stepCount: Int
    let delay: Int
    let truncation: Int?

    func forEach(_ body: (Range<Int>) -> Void) {
        guard delay > 0 else { return body(0..<stepCount) }
        let length = truncation ?? stepCount
        var first = 0
        while first < stepCount {
            let end = min(first + length, stepCount) - delay
            if end > first { body(first..<end) }
            first += length
        }
    }
}

/// ∂L/∂s of one population along full projections, share by share.
struct SpikeErrors: Sendable {
    /// One current of one projection.
    struct Part: Sendable {
        /// Whose spikes make the current.
        let channel: Int
        let delay: Int
        /// Postsynaptic neurons.
        let neuronCount: Int
        /// ∂L/∂z of the current, `[tile][…][row][64]`.
        let errors: BufferView<Float>
        /// `[presynaptic tile][neuron][64]`
        let weights: BufferView<Float>
        /// Distance between tiles of `errors`, in rows.
        let tileStride: Int
        /// Whether ``propagate(tile:samples:thread:)`` sets the errors, and does not add to them.
        let overwrites: Bool
    }

    let parts: [Part]
    let errors: SpikeErrorPlanes
    let scratch: WorkingBuffer<Float>
    let scratchSize: Int
    let stepCount: Int
    let truncation: Int?
    let kernels: any KernelSet.Type

    private func plane(_ tile: Int, _ part: Part) -> MutableBufferView<Float> {
        errors.buffer.part(tile, size: errors.tileSize).part(part.channel, size: errors.planeSize)
    }

    /// Adds the errors of all steps.
    func propagate(tile: Int, samples: Range<Int>, thread: Int) {
        for part in parts {
            guard part.delay > 0 else {
                let rows = samples.lowerBound * stepCount..<samples.upperBound * stepCount
                add(part, tile: tile, rows: rows, thread: thread)
                continue
            }
            let pieces = ArrivalPieces(stepCount: stepCount, delay: part.delay, truncation: truncation)
            for sample in samples {
                pieces.forEach { steps in
                    let first = sample * stepCount
                    let rows = first + steps.lowerBound..<first + steps.upperBound
                    add(part, tile: tile, rows: rows, thread: thread)
                }
            }
        }
    }

    private func add(_ part: Part, tile: Int, rows: Range<Int>, thread: Int) {
        let target = plane(tile, part)[rows.lowerBound * tileWidth..<rows.upperBound * tileWidth]
        let sum =
            part.overwrites ? target : scratch.part(thread, size: scratchSize)[0..<target.count]
        propagate(part, tile: tile, firstRow: rows.lowerBound + part.delay, rowCount: rows.count, to: sum)
        if !part.overwrites { target.add(sum.view) }
    }

    /// Adds the errors of one step.
    func add(
        ofStep step: Int, arrival: Int, _ part: Part, tile: Int, samples: Range<Int>, thread: Int
    ) {
        let sum = scratch.part(thread, size: scratchSize)[0..<samples.count * tileWidth]
        propagate(
            part, tile: tile, firstRow: samples.lowerBound * stepCount + arrival, rowCount: samples.count,
            rowStride: stepCount, to: sum)
        let target = plane(tile, part)
        for (place, sample) in samples.enumerated() {
            target.part(sample * stepCount + step, size: tileWidth)
                .add(sum.part(place, size: tileWidth).view)
        }
    }

    private func propagate(
        _ part: Part, tile: Int, firstRow: Int, rowCount: Int, rowStride: Int = 1,
        to sum: MutableBufferView<Float>
    ) {
        kernels.propagateErrors(
            ErrorPropagationTask(
                errors: part.errors[(firstRow * tileWidth)...].pointer,
                weights: part.weights.part(tile, size: part.neuronCount * tileWidth).pointer,
                neuronCount: part.neuronCount, rowCount: rowCount, tileStride: part.tileStride,
                rowStride: rowStride, spikeErrors: sum.pointer))
    }
}
