import Compute
import SpikeTrains
import Neurons

/// Takes the gradient of a projection or of a population's angles as it is computed, part by part, while it is in cache.
package protocol GradientReceiver: Sendable {
    /// Whether the weights of a projection are trained, and so their gradient is wanted.
    func trainsProjection(_ index: Int) -> Bool
    /// Whether the angles of a population are trained.
    func trainsPopulation(_ index: Int) -> Bool
    /// Gradient of `gradient.count` weights of a projection from `offset` (elements of its weights) on.
    /// Called from any thread, never twice for an element in one pass.
    func receiveWeights(projection: Int, offset: Int, gradient: UnsafeBufferPointer<Float>)
    /// Likewise for angles, `[tile][angle][64]`.
    func receiveAngles(population: Int, offset: Int, gradient: UnsafeBufferPointer<Float>)
}

extension GradientReceiver {
    package func trainsProjection(_: Int) -> Bool { true }
    package func trainsPopulation(_: Int) -> Bool { true }
}

/// ∂L/∂s of the population that is read out.
public enum OutputErrors: Sendable {
    /// The same at every step and on every channel, as a loss of rates has it: `[sample][neuron]`.
    case perSample([Float])
    /// `[sample][step][neuron]`, the same on every channel.
    case perStep([Float])
}

extension NetworkSimulator {
    /// Takes the gradient of a loss back through the last run, and hands it to `receiver` part by part.
    ///
    /// Weights are read for the populations before them before their gradient is handed over, so the receiver
    /// may change the parameters at once.
    ///
    /// - Parameters:
    ///   - outputErrors: of the summed loss of the batch.
    ///   - surrogate: what ∂s/∂p is taken to be.
    ///   - outputSurrogate: the same of the population that is read out; nil for `surrogate`.
    ///   - regularization: weight λ of the regulariser (3) in the summed loss; needs a run with `regularizes`.
    /// - Returns: the regulariser's value, summed over the populations that are reversed and samples; 0 where λ is 0.
    package func reverse(
        _ network: Network, outputErrors: OutputErrors, surrogate: SurrogateKind,
        outputSurrogate: SurrogateKind? = nil, regularization: Float, receiver: some GradientReceiver
    ) -> Double {
        let isReversed = reversedNodes(receiver)
        let pass = BackwardPass(
            surrogate: surrogate, outputSurrogate: outputSurrogate ?? surrogate,
            regularizes: regularization != 0, isReversed: isReversed)
        var regulariser = 0.0
        for component in schedule.components.reversed() {
            guard component.nodes.contains(where: { isReversed[$0] }) else { continue }
            for node in component.nodes {
                if regularization != 0 { regulariser += setFactors(node, weight: regularization) }
                populations[node].errors.resize(to: populations[node].currents.count)
                if node == outputIndex {
                    spread(outputErrors, network)
                } else if !hasOneSuccessor(node, network) {
                    populations[node].errors.mutableBase().update(
                        repeating: 0, count: populations[node].errors.count)
                    for index in edges[node].leaving { addRunErrors(index, network) }
                }
            }
            if component.isCyclic {
                reverseTogether(component, network, pass)
            } else {
                reverseAllSteps(component.nodes[0], network, pass)
            }
            for node in component.nodes {
                for index in edges[node].arriving
                where projections[index].source.map({ isReversed[$0] }) ?? false {
                    keepWeights(index, network.projections[index])
                }
            }
            for node in component.nodes { handOver(node, network, receiver) }
        }
        return regulariser
    }

    struct BackwardPass {
        let surrogate: SurrogateKind
        let outputSurrogate: SurrogateKind
        let regularizes: Bool
        /// Of each node, whether gradients go through it.
        let isReversed: [Bool]
    }

    /// Nodes that are trained, or from which something trained is reached backwards.
    private func reversedNodes(_ receiver: some GradientReceiver) -> [Bool] {
        var isReversed = populations.indices.map { node in
            receiver.trainsPopulation(node) || edges[node].incoming.contains(where: receiver.trainsProjection)
        }
        for component in schedule.components {
            let reaches = component.nodes.contains { node in
                isReversed[node]
                    || edges[node].incoming.contains {
                        projections[$0].source.map { isReversed[$0] } ?? false
                    }
            }
            for node in component.nodes { isReversed[node] = reaches }
        }
        return isReversed
    }

    private func spread(_ outputErrors: OutputErrors, _ network: Network) {
        let node = outputIndex
        let neuronCount = network.populations[node].neuronCount
        let (rowCount, channelCount) = (populations[node].raster.rowCount, populations[node].channelCount)
        let errors = populations[node].errors.mutableBase()
        let (values, rowsPerValue): ([Float], Int) =
            switch outputErrors {
            case .perSample(let values): (values, stepCount)
            case .perStep(let values): (values, 1)
            }
        precondition(values.count * rowsPerValue == rowCount * neuronCount, "one error for each neuron")
        for row in 0..<rowCount {
            let source = row / rowsPerValue * neuronCount
            for neuron in 0..<neuronCount {
                let tile = neuron / tileWidth * channelCount
                for channel in 0..<channelCount {
                    let place = ((tile + channel) * rowCount + row) * tileWidth + neuron % tileWidth
                    errors[place] = values[source + neuron]
                }
            }
        }
    }

    /// Factors of ∂R/∂p = A − B p of the regulariser (3), R = λ/T Σ_t (Σ_i p)²/Σ_i p².
    private func setFactors(_ index: Int, weight: Float) -> Double {
        let rowCount = populations[index].raster.rowCount
        let tileCount = populations[index].rowSums.count / (32 * rowCount)
        populations[index].factors.resize(to: 2 * rowCount)
        let sums = populations[index].rowSums.base
        let factors = populations[index].factors.mutableBase()
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

    // MARK: Neurons

    /// From ∂L/∂s to ∂L/∂z of a population outside cycles.
    private func reverseAllSteps(_ node: Int, _ network: Network, _ pass: BackwardPass) {
        let neurons = neuronAdjoint(node, network, pass)
        let errors = spikeErrors(node, edges[node].leaving, network)
        withExtendedLifetime(self) {
            parallelism.forEach(neurons.shares.count) { share, thread in
                let (tile, samples) = neurons.shares[share]
                errors.propagate(tile: tile, samples: samples, thread: thread)
                neurons.begin(share)
                var window = neurons.kernel.windowCount
                while window > 0 {
                    window -= 1
                    // Windows are the pieces of truncated backpropagation here.
                    neurons.run(share, thread: thread, window: window, isCut: true)
                }
            }
        }
    }

    /// The populations of a cycle, step by step from the last.
    private func reverseTogether(
        _ component: NetworkSchedule.Component, _ network: Network, _ pass: BackwardPass
    ) {
        for node in component.nodes {
            let shares = shares(node, network)
            let errors = spikeErrors(node, edges[node].leaving, network)
            let neurons = neuronAdjoint(node, network, pass)
            withExtendedLifetime(self) {
                parallelism.forEach(shares.count) { share, thread in
                    let (tile, samples) = shares[share]
                    errors.propagate(tile: tile, samples: samples, thread: thread)
                    neurons.begin(share)
                }
            }
            for index in edges[node].returning { keepWeights(index, network.projections[index]) }
        }
        for step in (0..<stepCount).reversed() {
            let isCut = truncation.map { (step + 1) % $0 == 0 } ?? false
            for node in component.nodes.reversed() {
                for index in edges[node].turning {
                    let arrival = step + projections[index].delay
                    guard arrival < stepCount, arrival == step || !isCut else { continue }
                    addErrors(ofStep: step, arrival: arrival, index, network)
                }
                let neurons = neuronAdjoint(node, network, pass)
                withExtendedLifetime(self) {
                    parallelism.forEach(neurons.shares.count) { share, thread in
                        neurons.run(share, thread: thread, window: step, isCut: isCut)
                    }
                }
            }
        }
    }

    private func neuronAdjoint(_ node: Int, _ network: Network, _ pass: BackwardPass) -> NeuronAdjoint {
        let kernel = populations[node].kernel
        let shares = shares(node, network)
        populations[node].instrumentGradient.resize(to: shares.count * kernel.instrumentSize)
        return NeuronAdjoint(
            kernel: kernel, neuronCount: network.populations[node].neuronCount, shares: shares,
            rowCount: populations[node].raster.rowCount, tileSize: populations[node].tileSize,
            channelCount: populations[node].channelCount,
            currents: SharedConstantPointer(populations[node].currents.base),
            spikes: SharedConstantPointer(populations[node].raster.words.base),
            wordsPerRow: populations[node].raster.wordsPerRow,
            errors: SharedPointer(populations[node].errors.mutableBase()),
            factors: pass.regularizes ? SharedConstantPointer(populations[node].factors.base) : nil,
            gradients: SharedPointer(populations[node].instrumentGradient.mutableBase()),
            surrogate: node == outputIndex ? pass.outputSurrogate : pass.surrogate)
    }

    /// Keeps the weights of a projection as the errors of its source want them, before they are updated.
    private func keepWeights(_ index: Int, _ projection: Projection) {
        guard projection.runs == nil else {
            projections[index].keptWeights = projection.weights
            return
        }
        let tileCount = Population.tileCount(projection.inputCount)
        let size = projection.neuronCount * tileWidth
        projections[index].keptWeights.resize(to: projection.keptWeightCount)
        let target = SharedPointer(projections[index].keptWeights.mutableBase())
        let weights = SharedConstantPointer(projection.weights.base)
        withExtendedLifetime(projection) {
            parallelism.forEach(projection.channelCount * tileCount) { part, _ in
                let (channel, tile) = part.quotientAndRemainder(dividingBy: tileCount)
                transposeWeights(
                    weights.base + channel * projection.channelSize, inputCount: projection.inputCount,
                    neuronCount: projection.neuronCount, tile: tile, to: target.base + part * size)
            }
        }
    }
}

/// The neurons of one population on the way back, share by share.
private struct NeuronAdjoint: Sendable {
    let kernel: PopulationKernel
    let neuronCount: Int
    let shares: Shares
    let rowCount: Int
    let tileSize: Int
    let channelCount: Int
    let currents: SharedConstantPointer<Float>
    let spikes: SharedConstantPointer<UInt64>
    let wordsPerRow: Int
    let errors: SharedPointer<Float>
    let factors: SharedConstantPointer<Float>?
    let gradients: SharedPointer<Float>
    let surrogate: SurrogateKind

    /// Clears the gradient of the share's instruments.
    func begin(_ share: Int) {
        (gradients.base + share * kernel.instrumentSize).update(repeating: 0, count: kernel.instrumentSize)
    }

    func run(_ share: Int, thread: Int, window: Int, isCut: Bool) {
        let (tile, samples) = shares[share]
        kernel.adjoint(
            PopulationKernel.Share(
                tile: tile, thread: thread, neuronCount: min(neuronCount - tile * tileWidth, tileWidth),
                rowCount: rowCount, samples: samples),
            window: window, isCut: isCut, currents: currents.base + tile * tileSize,
            spikes: spikes.base + tile * channelCount, wordsPerRow: wordsPerRow,
            errors: errors.base + tile * tileSize, regulariser: factors?.base, surrogate: surrogate,
            instrumentGradient: gradients.base + share * kernel.instrumentSize)
    }
}
