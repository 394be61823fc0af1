import Compute
import SpikeTrains
import Neurons

/// Takes the gradient of a projection or of a population's parameters as it is computed, part by part, while it is in cache.
package protocol GradientReceiver: Sendable {
    /// Whether the weights of a projection are trained, and so their gradient is wanted.
    func trainsProjection(_ index: Int) -> Bool
    /// Whether the parameters of a population are trained.
    func trainsPopulation(_ index: Int) -> Bool
    /// Gradient of `gradient.count` weights of a projection from `offset` (elements of its weights) on.
    /// Called from any thread, never twice for an element in one pass.
    func receiveWeights(projection: Int, offset: Int, gradient: BufferView<Float>)
    /// Likewise for the neurons' parameters, `[tile][parameter][64]`.
    func receiveParameters(population: Int, offset: Int, gradient: BufferView<Float>)
}

extension GradientReceiver {
    package func trainsProjection(_: Int) -> Bool { true }
    package func trainsPopulation(_: Int) -> Bool { true }
}

/// The regulariser (3).
package enum SparsityPenalty {
    /// Σ u² of a layer's step that counts as none: firing probabilities of 10⁻⁶.
    package static let floor: Float = 1e-12
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
    ///   - creditsOwnSpikes: whether spikes are told what they do to their own neuron's memory; those that were given are not.
    ///   - regularization: weight λ of the regulariser (3) in the summed loss; needs a run with `regularizes`.
    /// - Returns: the regulariser's value, summed over the populations that are reversed and samples; 0 where λ is 0.
    package func reverse(
        _ network: Network, outputErrors: OutputErrors, surrogate: SurrogateKind,
        outputSurrogate: SurrogateKind? = nil, creditsOwnSpikes: Bool = false, regularization: Float,
        receiver: some GradientReceiver
    ) -> Double {
        let isReversed = reversedNodes(receiver)
        let pass = BackwardPass(
            outputErrors: outputErrors, surrogate: surrogate, outputSurrogate: outputSurrogate ?? surrogate,
            creditsOwnSpikes: creditsOwnSpikes, creditsOutputs: creditsOwnSpikes && outputSurrogate == nil,
            regularizes: regularization != 0, isReversed: isReversed)
        var regulariser = 0.0
        for component in schedule.components.reversed() {
            guard component.nodes.contains(where: { isReversed[$0] }) else { continue }
            for node in component.nodes {
                if regularization != 0 { regulariser += setFactors(node, weight: regularization) }
                populations[node].errors.resize(to: populations[node].currents.count)
                // Those of the output are set share by share.
                if node != outputIndex {
                    if !hasOneSuccessor(node, network) { populations[node].errors.view.fill(with: 0) }
                    for index in edges[node].leaving { addErrorsAhead(index, network) }
                }
            }
            if component.isCyclic {
                for node in component.nodes { edges[node].turning.forEach(clearPooledErrors) }
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
        let outputErrors: OutputErrors
        let surrogate: SurrogateKind
        let outputSurrogate: SurrogateKind
        let creditsOwnSpikes: Bool
        let creditsOutputs: Bool
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

    /// Factors of ∂R/∂u = A − B u of the regulariser (3), R = λ/T Σ_t (Σ_i u)²/Σ_i u².
    private func setFactors(_ index: Int, weight: Float) -> Double {
        let rowCount = populations[index].raster.rowCount
        populations[index].factors.resize(to: 2 * rowCount)
        let (sums, factors) = (populations[index].activitySums.view, populations[index].factors.view)
        let tileCount = sums.count / (32 * rowCount)
        let scale = weight / Float(stepCount)
        var total = 0.0
        for row in 0..<rowCount {
            var (sum, squares): (Float, Float) = (0, 0)
            for tile in 0..<tileCount {
                let lanes = sums.part(tile * rowCount + row, size: 32)
                for lane in 0..<16 {
                    sum += lanes[lane]
                    squares += lanes[16 + lane]
                }
            }
            let ratio = squares > SparsityPenalty.floor ? sum / squares : 0
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
        let output = outputSpikeErrors(node, network, pass)
        let errors = spikeErrors(node, network)
        parallelism.forEach(neurons.shares.count) { share, thread in
            let (tile, samples) = neurons.shares[share]
            output?.set(tile: tile, samples: samples)
            errors.propagate(tile: tile, samples: samples, thread: thread)
            neurons.begin(share)
            var window = neurons.simulator.windowCount
            while window > 0 {
                window -= 1
                // Windows are the pieces of truncated backpropagation here.
                neurons.run(share, thread: thread, window: window, isCut: true)
            }
        }
    }

    /// The populations of a cycle, step by step from the last.
    private func reverseTogether(
        _ component: NetworkSchedule.Component, _ network: Network, _ pass: BackwardPass
    ) {
        for node in component.nodes {
            let shares = shares(node, network)
            let output = outputSpikeErrors(node, network, pass)
            let errors = spikeErrors(node, network)
            let neurons = neuronAdjoint(node, network, pass)
            parallelism.forEach(shares.count) { share, thread in
                let (tile, samples) = shares[share]
                output?.set(tile: tile, samples: samples)
                errors.propagate(tile: tile, samples: samples, thread: thread)
                neurons.begin(share)
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
                parallelism.forEach(neurons.shares.count) { share, thread in
                    neurons.run(share, thread: thread, window: step, isCut: isCut)
                }
            }
        }
    }

    /// nil for a population that is not read out.
    private func outputSpikeErrors(_ node: Int, _ network: Network, _ pass: BackwardPass)
        -> OutputSpikeErrors?
    {
        guard node == outputIndex else { return nil }
        let (memory, neuronCount) = (populations[node], network.populations[node].neuronCount)
        let (values, stepsPerValue): ([Float], Int) =
            switch pass.outputErrors {
            case .perSample(let values): (values, stepCount)
            case .perStep(let values): (values, 1)
            }
        precondition(
            values.count * stepsPerValue == memory.raster.rowCount * neuronCount, "one error for each neuron")
        return OutputSpikeErrors(
            values: values, stepsPerValue: stepsPerValue, stepCount: stepCount, neuronCount: neuronCount,
            channelCount: memory.channelCount, errors: memory.errors.view, tileSize: memory.tileSize,
            planeSize: memory.planeSize)
    }

    private func neuronAdjoint(_ node: Int, _ network: Network, _ pass: BackwardPass) -> NeuronAdjoint {
        let shares = shares(node, network)
        let simulator = populations[node].simulator
        populations[node].compiledGradient.resize(to: shares.count * simulator.compiledSize)
        let memory = populations[node]
        return NeuronAdjoint(
            simulator: simulator, neuronCount: network.populations[node].neuronCount, shares: shares,
            rowCount: memory.raster.rowCount, tileSize: memory.tileSize, channelCount: memory.channelCount,
            currents: memory.currents.view.view, spikes: memory.raster.words.view,
            wordsPerRow: memory.raster.wordsPerRow, errors: memory.errors.view,
            factors: pass.regularizes ? memory.factors.view.view : nil, gradients: memory.compiledGradient,
            surrogate: node == outputIndex ? pass.outputSurrogate : pass.surrogate,
            creditsOwnSpikes: node == outputIndex ? pass.creditsOutputs : pass.creditsOwnSpikes)
    }

    /// Keeps the weights of a projection as the errors of its source want them, before they are updated.
    private func keepWeights(_ index: Int, _ projection: Projection) {
        projections[index].keptWeights.resize(to: projection.keptWeightCount)
        let (target, weights) = (projections[index].keptWeights.view, projection.weights.view)
        guard projection.runs == nil else { return target.copy(weights) }
        let tileCount = Population.tileCount(projection.inputCount)
        let size = projection.neuronCount * tileWidth
        parallelism.forEach(projection.currentCount * tileCount) { part, _ in
            let (current, tile) = part.quotientAndRemainder(dividingBy: tileCount)
            transposeWeights(
                weights.part(current, size: projection.currentSize).pointer,
                inputCount: projection.inputCount, neuronCount: projection.neuronCount, tile: tile,
                to: target.part(part, size: size).pointer)
        }
    }
}

/// ∂L/∂s of the population that is read out, share by share.
private struct OutputSpikeErrors: Sendable {
    /// `[value][neuron]`
    let values: [Float]
    /// Steps that have the same value.
    let stepsPerValue: Int
    let stepCount: Int
    let neuronCount: Int
    let channelCount: Int
    let errors: MutableBufferView<Float>
    let tileSize: Int
    let planeSize: Int

    func set(tile: Int, samples: Range<Int>) {
        let first = tile * tileWidth
        let width = min(tileWidth, neuronCount - first)
        for channel in 0..<channelCount {
            let plane = errors.part(tile, size: tileSize).part(channel, size: planeSize)
            values.withUnsafeBufferPointer { values in
                guard let values = values.baseAddress else { return }
                for row in samples.lowerBound * stepCount..<samples.upperBound * stepCount {
                    let source = row / stepsPerValue * neuronCount + first
                    (plane.pointer + row * tileWidth).update(from: values + source, count: width)
                }
            }
        }
    }
}

/// The neurons of one population on the way back, share by share.
private struct NeuronAdjoint: Sendable {
    let simulator: PopulationSimulator
    let neuronCount: Int
    let shares: Shares
    let rowCount: Int
    let tileSize: Int
    let channelCount: Int
    let currents: BufferView<Float>
    let spikes: BufferView<UInt64>
    let wordsPerRow: Int
    let errors: MutableBufferView<Float>
    let factors: BufferView<Float>?
    let gradients: WorkingBuffer<Float>
    let surrogate: SurrogateKind
    let creditsOwnSpikes: Bool

    private func gradient(_ share: Int) -> MutableBufferView<Float> {
        gradients.part(share, size: simulator.compiledSize)
    }

    /// Clears the gradient of what the share's neurons are compiled to.
    func begin(_ share: Int) { gradient(share).fill(with: 0) }

    func run(_ share: Int, thread: Int, window: Int, isCut: Bool) {
        let (tile, samples) = shares[share]
        simulator.adjoint(
            PopulationSimulator.Share(
                tile: tile, thread: thread, neuronCount: min(neuronCount - tile * tileWidth, tileWidth),
                rowCount: rowCount, samples: samples),
            window: window, isCut: isCut, currents: currents.part(tile, size: tileSize),
            spikes: spikes[(tile * channelCount)...], wordsPerRow: wordsPerRow,
            errors: errors.part(tile, size: tileSize), regulariser: factors, surrogate: surrogate,
            creditsOwnSpikes: creditsOwnSpikes, compiledGradient: gradient(share))
    }
}
