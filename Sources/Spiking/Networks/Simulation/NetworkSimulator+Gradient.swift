import Compute
import SpikeTrains
import Neurons

/// Gradients of the parameters, from ∂L/∂z and ∂L/∂(instrument), handed over part by part.
extension NetworkSimulator {
    /// Hands over what a receiver wants of one population and of the projections onto it.
    func handOver(_ node: Int, _ network: Network, _ receiver: some GradientReceiver) {
        if receiver.trainsPopulation(node) { handOverAngles(node, network.populations[node], receiver) }
        handOverWeights(node, network, receiver)
    }

    /// Of the projections onto one population.
    func handOverWeights(_ node: Int, _ network: Network, _ receiver: some GradientReceiver) {
        for index in edges[node].incoming where receiver.trainsProjection(index) {
            // Inside a cycle, spikes have been listed step by step only.
            if edges[node].returning.contains(index) { bringAllSteps(index, network) }
            for channel in 0..<network.projections[index].channelCount {
                if network.projections[index].runs == nil {
                    handOverWeights(index, channel, network, receiver)
                } else {
                    handOverRuns(index, channel, network, receiver)
                }
            }
        }
    }

    private func handOverWeights(
        _ index: Int, _ channel: Int, _ network: Network, _ receiver: some GradientReceiver
    ) {
        let projection = network.projections[index]
        let node = projections[index].target
        let (inputCount, rowCount) = (projection.inputCount, populations[node].raster.rowCount)
        let sampleCount = populations[node].raster.sampleCount
        projections[index].transposed[channel].transpose(
            projections[index].patterns[channel], sampleCount: sampleCount, inputCount: inputCount,
            parallelism: parallelism)
        let sums = GradientSums(
            projections[index].patterns[channel], projections[index].transposed[channel],
            inputCount: inputCount, neuronCount: projection.neuronCount, sampleCount: sampleCount,
            kernels: kernels)
        let (gradientSize, size) = (sums.gradientSize, sums.gradientSize + sums.scratchSize)
        scratch.resize(to: max(scratch.count, size * parallelism.threadCount))
        let working = SharedPointer(scratch.mutableBase())
        let errors = SharedConstantPointer(populations[node].errors.base + channel * rowCount * tileWidth)
        let tileSize = populations[node].tileSize
        let first = channel * projection.channelSize
        withExtendedLifetime(self) {
            parallelism.forEach(sums.shareCount) { number, thread in
                let share = sums.share(number)
                let gradient = working.base + thread * size
                sums.sum(
                    share, errors: errors.base + share.tile * tileSize, to: gradient,
                    scratch: gradient + gradientSize)
                receiver.receiveWeights(
                    projection: index,
                    offset: first + (share.tile * inputCount + share.inputs.lowerBound) * tileWidth,
                    gradient: UnsafeBufferPointer(start: gradient, count: share.inputs.count * tileWidth))
            }
        }
    }

    /// Each range of samples has a gradient of its own; then they are added up in their order.
    private func handOverRuns(
        _ index: Int, _ channel: Int, _ network: Network, _ receiver: some GradientReceiver
    ) {
        let projection = network.projections[index]
        guard let runs = projection.runs, projection.channelSize > 0 else { return }
        let node = projections[index].target
        let (rowCount, size) = (populations[node].raster.rowCount, projection.channelSize)
        let raster = arrivingRaster(index, channel)
        let ranges = Shares(tileCount: 1, sampleCount: raster.sampleCount)
        projections[index].runGradients.resize(to: ranges.count * size)
        let gradients = SharedPointer(projections[index].runGradients.mutableBase())
        gradients.base.update(repeating: 0, count: ranges.count * size)
        let errors =
            UnsafeMutablePointer(mutating: populations[node].errors.base) + channel * rowCount * tileWidth
        let pass = RunPass(
            runs: runs, spikes: raster, postsynaptic: SharedPointer(errors), presynaptic: nil,
            postsynapticTileStride: populations[node].tileSize, presynapticTileStride: 0,
            rowStride: tileWidth, weights: gradients)
        let (stepCount, kernels) = (stepCount, kernels)
        withExtendedLifetime((self, raster)) {
            parallelism.forEach(ranges.count) { range, _ in
                let samples = ranges[range].samples
                let rows = samples.lowerBound * stepCount..<samples.upperBound * stepCount
                pass.run(rows, weightsOffset: range * size) { kernels.addRunGradients($0) }
            }
            for range in 1..<max(ranges.count, 1) {
                let part = gradients.base + range * size
                for element in 0..<size { gradients.base[element] += part[element] }
            }
        }
        receiver.receiveWeights(
            projection: index, offset: channel * size,
            gradient: UnsafeBufferPointer(start: gradients.base, count: size))
    }

    private func handOverAngles(_ node: Int, _ population: Population, _ receiver: some GradientReceiver) {
        let kernel = populations[node].kernel
        let instrumentSize = kernel.instrumentSize
        let rangeCount = Shares(tileCount: 1, sampleCount: populations[node].raster.sampleCount).rangeCount
        let angleSize = population.model.angleCount * tileWidth
        scratch.resize(to: max(scratch.count, angleSize * parallelism.threadCount))
        let working = SharedPointer(scratch.mutableBase())
        let gradients = SharedPointer(populations[node].instrumentGradient.mutableBase())
        withExtendedLifetime(self) {
            parallelism.forEach(population.tileCount) { tile, thread in
                let total = gradients.base + tile * rangeCount * instrumentSize
                for range in 1..<max(rangeCount, 1) {
                    let part = total + range * instrumentSize
                    for element in 0..<instrumentSize { total[element] += part[element] }
                }
                let gradient = working.base + thread * angleSize
                gradient.update(repeating: 0, count: angleSize)
                kernel.pullBack(
                    tile: tile, thread: thread, population: population, instrumentGradient: total,
                    angleGradient: gradient)
                receiver.receiveAngles(
                    population: node, offset: tile * angleSize,
                    gradient: UnsafeBufferPointer(start: gradient, count: angleSize))
            }
        }
    }
}
