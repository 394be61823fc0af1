import Compute
import SpikeTrains
import Neurons

/// Gradients of the parameters, from ∂L/∂z and ∂L/∂(instrument), handed over part by part.
extension NetworkSimulator {
    /// Hands over what a receiver wants of one population and of the projections onto it.
    func handOver(_ node: Int, _ network: Network, _ receiver: some GradientReceiver) {
        let population = network.populations[node]
        if population.parameterCount > 0, receiver.trainsPopulation(node) {
            handOverParameters(node, population, receiver)
        }
        handOverWeights(node, network, receiver)
    }

    /// Of the projections onto one population.
    func handOverWeights(_ node: Int, _ network: Network, _ receiver: some GradientReceiver) {
        for index in edges[node].incoming where receiver.trainsProjection(index) {
            // Inside a cycle, spikes have been listed step by step only.
            if edges[node].returning.contains(index) { bringAllSteps(index) }
            let projection = network.projections[index]
            guard projection.runs == nil else {
                for current in 0..<projection.currentCount {
                    handOverRuns(index, current, projection, receiver)
                }
                continue
            }
            if projections[index].takesValues {
                for current in 0..<projection.currentCount {
                    handOverWeightsOfValues(index, current, projection, receiver)
                }
                continue
            }
            for channel in projections[index].transposed.indices {
                projections[index].transposed[channel].transpose(
                    projections[index].patterns[channel], sampleCount: populations[node].raster.sampleCount,
                    inputCount: projection.inputCount, parallelism: parallelism)
            }
            for current in 0..<projection.currentCount {
                handOverFull(index, current, projection, receiver)
            }
        }
    }

    private func handOverFull(
        _ index: Int, _ current: Int, _ projection: Projection, _ receiver: some GradientReceiver
    ) {
        let memory = populations[projections[index].target]
        let channel = projections[index].channel(ofCurrent: current)
        let inputCount = projection.inputCount
        let sums = GradientSums(
            projections[index].patterns[channel], projections[index].transposed[channel],
            inputCount: inputCount, neuronCount: projection.neuronCount,
            sampleCount: memory.raster.sampleCount, precision: precision,
            threadCount: parallelism.threadCount, kernels: kernels)
        let (gradientSize, size) = (sums.gradientSize, sums.gradientSize + sums.scratchSize)
        scratch.reserve(size * parallelism.threadCount)
        let scratch = scratch
        let first = current * projection.currentSize
        parallelism.forEach(sums.shareCount) { number, thread in
            let share = sums.share(number)
            let working = scratch.part(thread, size: size)
            let gradient = working[0..<share.inputs.count * tileWidth]
            sums.sum(
                share, errors: memory.plane(ofErrors: share.tile, current), to: gradient,
                scratch: working[gradientSize...])
            receiver.receiveWeights(
                projection: index,
                offset: first + (share.tile * inputCount + share.inputs.lowerBound) * tileWidth,
                gradient: gradient.view)
        }
    }

    private func handOverWeightsOfValues(
        _ index: Int, _ current: Int, _ projection: Projection, _ receiver: some GradientReceiver
    ) {
        let memory = populations[projections[index].target]
        let sums = ValueGradientSums(values: projections[index].values, kernels: kernels)
        let inputCount = projection.inputCount
        let size = GradientSums.gradientSize(inputCount: inputCount)
        let inputsPerPart = size / tileWidth
        let partCount = inputCount.dividedRoundingUp(by: inputsPerPart)
        scratch.reserve(size * parallelism.threadCount)
        let scratch = scratch
        parallelism.forEach(Population.tileCount(projection.neuronCount) * partCount) { share, thread in
            let (tile, part) = share.quotientAndRemainder(dividingBy: partCount)
            let inputs = part * inputsPerPart..<min((part + 1) * inputsPerPart, inputCount)
            let gradient = scratch.part(thread, size: size)[0..<inputs.count * tileWidth]
            sums.sum(inputs, errors: memory.plane(ofErrors: tile, current), to: gradient)
            receiver.receiveWeights(
                projection: index,
                offset: current * projection.currentSize + (tile * inputCount + inputs.lowerBound)
                    * tileWidth,
                gradient: gradient.view)
        }
    }

    /// Each range of samples has a gradient of its own; then they are added up in their order.
    private func handOverRuns(
        _ index: Int, _ current: Int, _ projection: Projection, _ receiver: some GradientReceiver
    ) {
        guard let runs = projection.runs, projection.currentSize > 0 else { return }
        let (memory, size) = (populations[projections[index].target], projection.currentSize)
        let raster = arrivingRaster(index, projections[index].channel(ofCurrent: current))
        let ranges = Shares(tileCount: 1, sampleCount: raster.sampleCount)
        projections[index].runGradients.resize(to: ranges.count * size)
        let gradients = projections[index].runGradients
        gradients.view.fill(with: 0)
        scratch.reserve(runs.scratchSize * parallelism.threadCount)
        let pass = RunPass(
            runs: runs, spikes: raster, postsynaptic: memory.errors.view[(current * memory.planeSize)...],
            postsynapticTileStride: memory.tileSize, rowStride: tileWidth, scratch: scratch)
        let (stepCount, kernels) = (stepCount, kernels)
        parallelism.forEach(ranges.count) { range, thread in
            let samples = ranges[range].samples
            let rows = samples.lowerBound * stepCount..<samples.upperBound * stepCount
            pass.addGradient(rows, to: gradients.part(range, size: size), thread: thread, kernels)
        }
        guard ranges.count > 0 else { return }
        let total = gradients.part(0, size: size)
        for range in 1..<ranges.count { total.add(gradients.part(range, size: size).view) }
        receiver.receiveWeights(projection: index, offset: current * size, gradient: total.view)
    }

    private func handOverParameters(
        _ node: Int, _ population: Population, _ receiver: some GradientReceiver
    ) {
        let memory = populations[node]
        let (simulator, compiledSize) = (memory.simulator, memory.simulator.compiledSize)
        let rangeCount = Shares(tileCount: 1, sampleCount: memory.raster.sampleCount).rangeCount
        let size = population.parameterCount * tileWidth
        scratch.reserve(size * parallelism.threadCount)
        let scratch = scratch
        parallelism.forEach(population.tileCount) { tile, thread in
            let parts = memory.compiledGradient.part(tile, size: rangeCount * compiledSize)
            let total = parts.part(0, size: compiledSize)
            for range in 1..<max(rangeCount, 1) { total.add(parts.part(range, size: compiledSize).view) }
            let gradient = scratch.part(thread, size: size)
            gradient.fill(with: 0)
            simulator.pullBack(
                tile: tile, thread: thread, population: population, compiledGradient: total,
                gradient: gradient)
            receiver.receiveParameters(population: node, offset: tile * size, gradient: gradient.view)
        }
    }
}

extension PopulationMemory {
    /// ∂L/∂z of one current of a tile, `[row][64]`.
    fileprivate func plane(ofErrors tile: Int, _ current: Int) -> BufferView<Float> {
        errors.part(tile, size: tileSize).part(current, size: planeSize).view
    }
}
