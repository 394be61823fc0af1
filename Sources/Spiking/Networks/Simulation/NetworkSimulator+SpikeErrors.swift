import Compute
import SpikeTrains
import Neurons

/// ∂L/∂s of the neurons before a projection, from ∂L/∂z of those after it.
extension NetworkSimulator {
    /// ∂L/∂s of a population along full projections, share by share, except where spikes are pooled.
    func spikeErrors(_ node: Int, _ network: Network) -> SpikeErrors {
        spikeErrors(
            edges[node].leaving, arePooled: false, into: populations[node].spikeErrors,
            overwrites: hasOneSuccessor(node, network), network)
    }

    /// Whether all of ∂L/∂s comes along one projection that sets it, so that nothing has to be cleared: a full one without delay, or one
    /// with pooling.
    func hasOneSuccessor(_ node: Int, _ network: Network) -> Bool {
        guard edges[node].turning.isEmpty, edges[node].leaving.count == 1 else { return false }
        let index = edges[node].leaving[0]
        return projections[index].pooling != nil
            || projections[index].delay == 0 && network.projections[index].runs == nil
    }

    private func spikeErrors(
        _ indices: [Int], arePooled: Bool, into errors: SpikeErrorPlanes, overwrites: Bool, _ network: Network
    ) -> SpikeErrors {
        let scratchSize = Shares.samplesPerShare * stepCount * tileWidth
        scratch.reserve(parallelism.threadCount * scratchSize)
        let full = indices.filter {
            network.projections[$0].runs == nil && (projections[$0].pooling != nil) == arePooled
        }
        let parts = full.flatMap { index in
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

    /// ∂L/∂s along one full projection, added where its errors arrive.
    private func errorsAlone(_ index: Int, _ source: Int, _ network: Network) -> (SpikeErrors, Shares) {
        let memory = populations[source]
        return (
            spikeErrors(
                [index], arePooled: projections[index].pooling != nil, into: arrivingErrors(index, memory),
                overwrites: false, network),
            Shares(
                tileCount: Population.tileCount(projections[index].inputCount),
                sampleCount: memory.raster.sampleCount
            ).balanced
        )
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

    /// Adds the errors of one step along a projection inside a cycle.
    func addErrors(ofStep step: Int, arrival: Int, _ index: Int, _ network: Network) {
        guard let node = projections[index].source else { return }
        let projection = network.projections[index]
        if let runs = projection.runs {
            addErrors(ofStep: step, arrival: arrival, index, runs, projection)
        } else {
            let (errors, shares) = errorsAlone(index, node, network)
            for part in errors.parts {
                parallelism.forEach(shares.count) { share, thread in
                    let (tile, samples) = shares[share]
                    errors.add(
                        ofStep: step, arrival: arrival, part, tile: tile, samples: samples, thread: thread)
                }
            }
        }
        unpoolErrors(ofSteps: step..<step + 1, index, overwrites: false)
    }

    /// Adds the errors of all steps along a projection of runs, or one whose spikes are pooled; does nothing for any other.
    func addErrorsAhead(_ index: Int, _ network: Network) {
        let (projection, pooling) = (network.projections[index], projections[index].pooling)
        guard let node = projections[index].source, projection.runs != nil || pooling != nil else { return }
        clearPooledErrors(index)
        if let runs = projection.runs {
            let delay = projections[index].delay
            if delay == 0 {
                addErrors(ofStep: nil, arrival: 0, index, runs, projection)
            } else {
                ArrivalPieces(stepCount: stepCount, delay: delay, truncation: truncation).forEach { steps in
                    for step in steps {
                        addErrors(ofStep: step, arrival: step + delay, index, runs, projection)
                    }
                }
            }
        } else {
            let (errors, shares) = errorsAlone(index, node, network)
            parallelism.forEach(shares.count) { share, thread in
                let (tile, samples) = shares[share]
                errors.propagate(tile: tile, samples: samples, thread: thread)
            }
        }
        unpoolErrors(ofSteps: 0..<stepCount, index, overwrites: hasOneSuccessor(node, network))
    }

    /// Those of one step along a projection of runs, or of all steps, which lie together: rows are a vector's lanes.
    private func addErrors(
        ofStep step: Int?, arrival: Int, _ index: Int, _ runs: SynapseRuns, _ projection: Projection
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
                presynaptic: errors.buffer.view[(channel * errors.planeSize + (step ?? 0) * tileWidth)...],
                presynapticTileStride: errors.tileSize,
                rowStride: step == nil ? tileWidth : stepCount * tileWidth,
                weights: projections[index].keptWeights.part(current, size: projection.currentSize).view,
                scratch: scratch)
            let (kernels, rowsPerSample) = (kernels, step == nil ? stepCount : 1)
            RunPass.forEachShare(ofSamples: source.raster.sampleCount, parallelism) { samples, thread in
                pass.propagateErrors(
                    samples.lowerBound * rowsPerSample..<samples.upperBound * rowsPerSample, thread: thread,
                    kernels)
            }
        }
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
        kernels.multiplyRows(
            DenseProductTask(
                factors: part.errors[(firstRow * tileWidth)...].pointer,
                columns: part.weights.part(tile, size: part.neuronCount * tileWidth).pointer,
                termCount: part.neuronCount, rowCount: rowCount, tileStride: part.tileStride,
                rowStride: rowStride, products: sum.pointer))
    }
}
