import Compute
import SpikeTrains
import Neurons

/// ∂L/∂s of the neurons before a projection, from ∂L/∂z of those after it.
extension NetworkSimulator {
    /// ∂L/∂s of a population along some full projections, share by share.
    func spikeErrors(_ node: Int, _ indices: [Int], _ network: Network) -> SpikeErrors {
        let rowsPerShare = Shares.samplesPerShare * stepCount
        scratch.resize(to: max(scratch.count, parallelism.threadCount * rowsPerShare * tileWidth))
        let parts = indices.filter { network.projections[$0].runs == nil }.flatMap { index in
            (0..<network.projections[index].channelCount).map { part(index, channel: $0, network) }
        }
        return SpikeErrors(
            parts: parts, overwrites: hasOneSuccessor(node, network),
            errors: SharedPointer(populations[node].errors.mutableBase()),
            scratch: SharedPointer(scratch.mutableBase()), scratchSize: rowsPerShare * tileWidth,
            channelCount: populations[node].channelCount, rowCount: populations[node].raster.rowCount,
            stepCount: stepCount, truncation: truncation, kernels: kernels)
    }

    /// Whether all of ∂L/∂s comes along one full projection without delay, so that nothing has to be added up.
    func hasOneSuccessor(_ node: Int, _ network: Network) -> Bool {
        guard edges[node].turning.isEmpty, edges[node].leaving.count == 1 else { return false }
        let index = edges[node].leaving[0]
        return projections[index].delay == 0 && network.projections[index].runs == nil
    }

    private func part(_ index: Int, channel: Int, _ network: Network) -> SpikeErrors.Part {
        let projection = network.projections[index]
        let target = projections[index].target
        let tiles = Population.tileCount(projection.inputCount)
        let rowCount = populations[target].raster.rowCount
        let weights = projections[index].keptWeights.base
        return SpikeErrors.Part(
            channel: channel, delay: projections[index].delay, neuronCount: projection.neuronCount,
            errors: SharedConstantPointer(
                populations[target].errors.base + channel * rowCount * tileWidth),
            weights: SharedConstantPointer(
                weights + channel * tiles * projection.neuronCount * tileWidth),
            tileStride: populations[target].channelCount * rowCount)
    }

    /// Adds the errors of one step along a projection inside a cycle.
    func addErrors(ofStep step: Int, arrival: Int, _ index: Int, _ network: Network) {
        guard let node = projections[index].source else { return }
        guard network.projections[index].runs == nil else {
            let ranges = Shares(tileCount: 1, sampleCount: populations[node].raster.sampleCount)
            let kernels = kernels
            for channel in 0..<network.projections[index].channelCount {
                let task = runErrors(index, channel, network, step: step, arrival: arrival, isOneStep: true)
                guard let task else { return }
                withExtendedLifetime((self, network)) {
                    parallelism.forEach(ranges.count) { range, _ in
                        task.run(ranges[range].samples) { kernels.propagateRunErrors($0) }
                    }
                }
            }
            return
        }
        let errors = spikeErrors(node, [index], network)
        let shares = shares(node, network)
        for part in errors.parts {
            withExtendedLifetime(self) {
                parallelism.forEach(shares.count) { share, thread in
                    let (tile, samples) = shares[share]
                    errors.add(
                        ofStep: step, arrival: arrival, part, tile: tile, samples: samples, thread: thread)
                }
            }
        }
    }

    /// Adds the errors of all steps along a projection of runs; does nothing for a full one.
    func addRunErrors(_ index: Int, _ network: Network) {
        guard let node = projections[index].source else { return }
        let sampleCount = populations[node].raster.sampleCount
        let delay = projections[index].delay
        for channel in 0..<network.projections[index].channelCount {
            guard
                let task = runErrors(index, channel, network, step: 0, arrival: delay, isOneStep: false)
            else { return }
            let (stepCount, truncation, kernels) = (stepCount, truncation, kernels)
            withExtendedLifetime((self, network)) {
                parallelism.forEach(sampleCount) { sample, _ in
                    let pieces = ArrivalPieces(stepCount: stepCount, delay: delay, truncation: truncation)
                    pieces.forEach { steps in
                        let first = sample * stepCount
                        task.run(first + steps.lowerBound..<first + steps.upperBound) {
                            kernels.propagateRunErrors($0)
                        }
                    }
                }
            }
        }
    }

    /// A projection of runs from the errors of its target at step `arrival` to those of its source at `step`; nil where
    /// it is full.
    private func runErrors(
        _ index: Int, _ channel: Int, _ network: Network, step: Int, arrival: Int, isOneStep: Bool
    ) -> RunPass? {
        let projection = network.projections[index]
        guard let runs = projection.runs, let node = projections[index].source else { return nil }
        let target = projections[index].target
        let rowCount = populations[target].raster.rowCount
        let place = (channel * rowCount + arrival) * tileWidth
        let before = (channel * rowCount + step) * tileWidth
        let presynaptic = SharedPointer(populations[node].errors.mutableBase() + before)
        let postsynaptic = UnsafeMutablePointer(mutating: populations[target].errors.base) + place
        return RunPass(
            runs: runs, spikes: populations[node].raster, postsynaptic: SharedPointer(postsynaptic),
            presynaptic: presynaptic, postsynapticTileStride: populations[target].tileSize,
            presynapticTileStride: populations[node].tileSize,
            rowStride: isOneStep ? stepCount * tileWidth : tileWidth,
            weights: SharedPointer(
                UnsafeMutablePointer(mutating: projections[index].keptWeights.base)
                    + channel * projection.channelSize))
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
    /// One channel of one projection.
    struct Part: Sendable {
        let channel: Int
        let delay: Int
        /// Postsynaptic neurons.
        let neuronCount: Int
        /// ∂L/∂z of the channel, `[tile][…][row][64]`.
        let errors: SharedConstantPointer<Float>
        /// `[presynaptic tile][neuron][64]`
        let weights: SharedConstantPointer<Float>
        /// Distance between tiles of `errors`, in rows.
        let tileStride: Int
    }

    let parts: [Part]
    /// Whether ``propagate(tile:samples:thread:)`` sets the errors, and does not add to them.
    let overwrites: Bool
    /// `[tile][channel][row][64]`
    let errors: SharedPointer<Float>
    let scratch: SharedPointer<Float>
    let scratchSize: Int
    let channelCount: Int
    let rowCount: Int
    let stepCount: Int
    let truncation: Int?
    let kernels: any KernelSet.Type

    /// Adds the errors of all steps.
    func propagate(tile: Int, samples: Range<Int>, thread: Int) {
        for part in parts {
            let target = errors.base + (tile * channelCount + part.channel) * rowCount * tileWidth
            guard part.delay > 0 else {
                let rows = samples.lowerBound * stepCount..<samples.upperBound * stepCount
                add(part, tile: tile, rows: rows, to: target, thread: thread)
                continue
            }
            let pieces = ArrivalPieces(stepCount: stepCount, delay: part.delay, truncation: truncation)
            for sample in samples {
                pieces.forEach { steps in
                    let first = sample * stepCount
                    let rows = first + steps.lowerBound..<first + steps.upperBound
                    add(part, tile: tile, rows: rows, to: target, thread: thread)
                }
            }
        }
    }

    private func add(
        _ part: Part, tile: Int, rows: Range<Int>, to target: UnsafeMutablePointer<Float>, thread: Int
    ) {
        let first = target + rows.lowerBound * tileWidth
        let sum = overwrites ? first : scratch.base + thread * scratchSize
        kernels.propagateErrors(
            ErrorPropagationTask(
                errors: part.errors.base + (rows.lowerBound + part.delay) * tileWidth,
                weights: part.weights.base + tile * part.neuronCount * tileWidth,
                neuronCount: part.neuronCount, rowCount: rows.count, tileStride: part.tileStride,
                spikeErrors: sum))
        if overwrites { return }
        for element in 0..<rows.count * tileWidth { first[element] += sum[element] }
    }

    /// Adds the errors of one step.
    func add(
        ofStep step: Int, arrival: Int, _ part: Part, tile: Int, samples: Range<Int>, thread: Int
    ) {
        let sum = scratch.base + thread * scratchSize
        kernels.propagateErrors(
            ErrorPropagationTask(
                errors: part.errors.base + (samples.lowerBound * stepCount + arrival) * tileWidth,
                weights: part.weights.base + tile * part.neuronCount * tileWidth,
                neuronCount: part.neuronCount, rowCount: samples.count, tileStride: part.tileStride,
                rowStride: stepCount, spikeErrors: sum))
        let target = errors.base + (tile * channelCount + part.channel) * rowCount * tileWidth
        for (place, sample) in samples.enumerated() {
            let row = target + (sample * stepCount + step) * tileWidth
            for lane in 0..<tileWidth { row[lane] += sum[place * tileWidth + lane] }
        }
    }
}
