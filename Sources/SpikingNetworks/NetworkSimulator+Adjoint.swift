import Compute
import SpikeTrains
import SpikingNeurons

extension NetworkSimulator {
    /// Takes the gradient of a loss back through the last run, and hands it to `receiver` part by part.
    ///
    /// A layer's weights are read for the layer below before its gradient is handed over, so the receiver
    /// may change the parameters at once.
    ///
    /// - Parameters:
    ///   - outputErrors: ∂L/∂s of the output neurons summed over the batch's loss, one number for each
    ///     sample and neuron, `[sample][neuron]`: the loss sees rates, so it is the same at every step.
    ///   - surrogate: what ∂s/∂p is taken to be.
    ///   - regularization: weight λ of the regulariser (3) in the summed loss; needs a run with `regularizes`.
    /// - Returns: the regulariser's value, summed over layers and samples; 0 where λ is 0.
    package func reverse(
        _ network: Network, outputErrors: [Float], surrogate: SurrogateKind, regularization: Float,
        receiver: some GradientReceiver
    ) -> Double {
        let neuronCount = network.outputCount
        precondition(outputErrors.count == outputRaster.sampleCount * neuronCount)
        setOutputErrors(neuronCount: neuronCount) { row, neuron in
            outputErrors[row / stepCount * neuronCount + neuron]
        }
        return reverse(network, surrogate: surrogate, regularization: regularization, receiver: receiver)
    }

    /// The same for a loss that sees every step of the output neurons.
    ///
    /// - Parameter stepErrors: ∂L/∂s of the output neurons, `[sample][step][neuron]`.
    package func reverse(
        _ network: Network, stepErrors: [Float], surrogate: SurrogateKind, regularization: Float = 0,
        receiver: some GradientReceiver
    ) -> Double {
        let neuronCount = network.outputCount
        precondition(stepErrors.count == outputRaster.rowCount * neuronCount)
        setOutputErrors(neuronCount: neuronCount) { row, neuron in stepErrors[row * neuronCount + neuron] }
        return reverse(network, surrogate: surrogate, regularization: regularization, receiver: receiver)
    }

    /// Goes back from the errors of the output neurons.
    private func reverse(
        _ network: Network, surrogate: SurrogateKind, regularization: Float, receiver: some GradientReceiver
    ) -> Double {
        let last = network.layers.count - 1
        var regulariser = 0.0
        for index in stride(from: last, through: 0, by: -1) {
            if regularization != 0 { regulariser += setFactors(index, weight: regularization) }
            reverseNeurons(
                index, network.layers[index], above: index == last ? nil : network.layers[index + 1],
                surrogate: surrogate, regularizes: regularization != 0)
            if index > 0 { keepTransposedWeights(index, network.layers[index].projection) }
            if index < last { handOverGradient(index + 1, network.layers[index + 1], receiver) }
        }
        handOverGradient(0, network.layers[0], receiver)
        return regulariser
    }

    @inline(__always)
    private func setOutputErrors(neuronCount: Int, _ error: (_ row: Int, _ neuron: Int) -> Float) {
        let last = memories.count - 1
        let rowCount = memories[last].raster.rowCount
        memories[last].errors.resize(to: memories[last].currents.count)
        let errors = memories[last].errors.mutableBase()
        for row in 0..<rowCount {
            for neuron in 0..<neuronCount {
                let place = (neuron / tileWidth * rowCount + row) * tileWidth + neuron % tileWidth
                errors[place] = error(row, neuron)
            }
        }
    }

    /// Factors of ∂R/∂p = A − B p of the regulariser (3), R = λ/T Σ_t (Σ_i p)²/Σ_i p².
    private func setFactors(_ index: Int, weight: Float) -> Double {
        let rowCount = memories[index].raster.rowCount
        let tileCount = memories[index].rowSums.count / (32 * rowCount)
        memories[index].factors.resize(to: 2 * rowCount)
        let sums = memories[index].rowSums.base
        let factors = memories[index].factors.mutableBase()
        let scale = weight / Float(stepCount)
        var total = 0.0
        for row in 0..<rowCount {
            var (sum, squares): (Float, Float) = (0, 0)
            for tile in 0..<tileCount {
                let lanes = sums + 32 * (tile * rowCount + row)
                for lane in 0..<16 {
                    sum += lanes[lane]
                    squares += lanes[16 + lane]
                }
            }
            let ratio = squares > 0 ? sum / squares : 0
            factors[2 * row] = 2 * scale * ratio
            factors[2 * row + 1] = 2 * scale * ratio * ratio
            total += Double(scale * ratio * sum)
        }
        return total
    }

    /// From ∂L/∂s to ∂L/∂z of one layer; hidden layers take ∂L/∂s from the errors of the layer above.
    private func reverseNeurons(
        _ index: Int, _ layer: Network.Layer, above: Network.Layer?, surrogate: SurrogateKind,
        regularizes: Bool
    ) {
        let population = layer.population
        let (rowCount, sampleCount) = (memories[index].raster.rowCount, memories[index].raster.sampleCount)
        let tileSize = rowCount * tileWidth
        let shares = Shares(tileCount: population.tileCount, sampleCount: sampleCount)
        let kernel = memories[index].kernel
        let instrumentSize = kernel.instrumentSize
        memories[index].errors.resize(to: memories[index].currents.count)
        memories[index].instrumentGradient.resize(to: shares.count * instrumentSize)
        let errors = SharedPointer(memories[index].errors.mutableBase())
        let gradients = SharedPointer(memories[index].instrumentGradient.mutableBase())
        let currents = SharedConstantPointer(memories[index].currents.base)
        let spikes = SharedConstantPointer(memories[index].raster.words.base)
        let wordsPerRow = memories[index].raster.wordsPerRow
        let factors = SharedConstantPointer(memories[index].factors.base)
        let upperErrors = above.map { _ in SharedConstantPointer(memories[index + 1].errors.base) }
        let upperWeights = above.map { _ in
            SharedConstantPointer(memories[index + 1].transposedWeights.base)
        }
        let upperCount = above?.population.neuronCount ?? 0
        let (kernels, stepCount) = (kernels, stepCount)
        withExtendedLifetime(self) {
            parallelism.forEach(shares.count) { share, thread in
                let (tile, samples) = shares[share]
                let firstRow = samples.lowerBound * stepCount
                let tileErrors = errors.base + tile * tileSize
                if let upperErrors, let upperWeights {
                    kernels.propagateErrors(
                        ErrorPropagationTask(
                            errors: upperErrors.base + firstRow * tileWidth,
                            weights: upperWeights.base + tile * upperCount * tileWidth,
                            neuronCount: upperCount, rowCount: samples.count * stepCount,
                            batchRowCount: rowCount, spikeErrors: tileErrors + firstRow * tileWidth))
                }
                let gradient = gradients.base + share * instrumentSize
                gradient.update(repeating: 0, count: instrumentSize)
                kernel.adjoint(
                    PopulationKernel.Share(
                        tile: tile, thread: thread, neuronCount: population.neuronCount(ofTile: tile),
                        rowCount: rowCount, samples: samples),
                    currents: currents.base + tile * tileSize, spikes: spikes.base + tile,
                    wordsPerRow: wordsPerRow, errors: tileErrors,
                    regulariser: regularizes ? factors.base : nil, surrogate: surrogate,
                    instrumentGradient: gradient)
            }
        }
    }

    /// Keeps the weights onto a layer as the layer below wants them, before they are updated.
    private func keepTransposedWeights(_ index: Int, _ projection: Projection) {
        let tileCount = Population.tileCount(projection.inputCount)
        let size = projection.neuronCount * tileWidth
        memories[index].transposedWeights.resize(to: tileCount * size)
        let target = SharedPointer(memories[index].transposedWeights.mutableBase())
        let weights = SharedConstantPointer(projection.weights.base)
        withExtendedLifetime(projection) {
            parallelism.forEach(tileCount) { tile, _ in
                transposeWeights(
                    weights.base, inputCount: projection.inputCount, neuronCount: projection.neuronCount,
                    tile: tile, to: target.base + tile * size)
            }
        }
    }

    private func handOverGradient(
        _ index: Int, _ layer: Network.Layer, _ receiver: some GradientReceiver
    ) {
        handOverAngles(index, layer.population, receiver)
        let inputCount = layer.projection.inputCount
        let sampleCount = memories[index].raster.sampleCount
        memories[index].transposed.transpose(
            memories[index].presynaptic, sampleCount: sampleCount, inputCount: inputCount,
            parallelism: parallelism)
        let sums = GradientSums(
            memories[index].presynaptic, memories[index].transposed, inputCount: inputCount,
            neuronCount: layer.population.neuronCount, sampleCount: sampleCount, kernels: kernels)
        let (gradientSize, size) = (sums.gradientSize, sums.gradientSize + sums.scratchSize)
        scratch.resize(to: max(scratch.count, size * parallelism.threadCount))
        let working = SharedPointer(scratch.mutableBase())
        let errors = SharedConstantPointer(memories[index].errors.base)
        let tileSize = memories[index].raster.rowCount * tileWidth
        withExtendedLifetime(self) {
            parallelism.forEach(sums.shareCount) { number, thread in
                let share = sums.share(number)
                let gradient = working.base + thread * size
                sums.sum(
                    share, errors: errors.base + share.tile * tileSize, to: gradient,
                    scratch: gradient + gradientSize)
                receiver.receiveWeights(
                    layer: index, offset: (share.tile * inputCount + share.inputs.lowerBound) * tileWidth,
                    gradient: UnsafeBufferPointer(start: gradient, count: share.inputs.count * tileWidth))
            }
        }
    }

    private func handOverAngles(
        _ index: Int, _ population: Population, _ receiver: some GradientReceiver
    ) {
        let kernel = memories[index].kernel
        let instrumentSize = kernel.instrumentSize
        let rangeCount = Shares(tileCount: 1, sampleCount: memories[index].raster.sampleCount).rangeCount
        let angleSize = population.model.angleCount * tileWidth
        scratch.resize(to: max(scratch.count, angleSize * parallelism.threadCount))
        let working = SharedPointer(scratch.mutableBase())
        let gradients = SharedPointer(memories[index].instrumentGradient.mutableBase())
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
                    layer: index, offset: tile * angleSize,
                    gradient: UnsafeBufferPointer(start: gradient, count: angleSize))
            }
        }
    }
}
