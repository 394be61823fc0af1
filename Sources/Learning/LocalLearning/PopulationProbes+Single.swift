import Compute
import Neurons

/// Probes that are shifted at one step.
extension PopulationProbes {
    /// One shift for each use of an angle. A use at step t′ changes every later step: with P the probability of the whole
    /// history, ∂ log p(s_t | s^{t−1}) = ∂P(s^t)/P(s^t) − ∂P(s^{t−1})/P(s^{t−1}), and the rule is exact for P.
    func runSingle(
        _ activity: LocalActivity, _ batch: LocalBatch, credit: [Float], _ measured: MeasuredProbes?,
        _ sums: ProbeSums, _ parallelism: Parallelism
    ) -> [ShotLedger] {
        let tiles = tileCounts(batch)
        let shareTiles = single[0].plan.tileCount(neuronCount: neuronCount)
        return forEachShare(single[0].plan, activity, batch, parallelism) { share, thread in
            let histories = unshifted.map { ShiftedHistory(share, $0.simulator, thread: thread) }
            var ledger = ShotLedger()
            for start in 0..<runLength {
                let steps = rule.estimator == .postselected ? 1 : runLength - start
                let frequencies: ShotFrequencies
                if let measured {
                    frequencies = self.frequencies(share, likelihoods: []) {
                        measured.single[$0].count(share, to: $1)
                    }
                } else {
                    let likelihoods = single.indices.map { scale in
                        runLength == 1
                            ? ShiftedHistory.oneStep(share, single[scale].simulator, thread: thread)
                            : histories[scale].shifted(
                                share, by: single[scale].simulator, rest: unshifted[scale].simulator, at: start,
                                thread: thread)
                    }
                    frequencies = draw(
                        share, likelihoods: likelihoods,
                        ShotAddress(
                            batch: batch, node: activity.node, thread: thread,
                            tile: tiles.together + start * shareTiles + share.firstTile,
                            tileCount: tiles.all))
                }
                ledger.angles += entry(
                    circuits: share.neurons.count * share.runs.count * steps * share.plan.probes.count)
                for neuron in share.neurons {
                    reduceSingle(
                        neuron, share, frequencies, unshifted: histories.map(\.likelihoods.view), start: start,
                        batch, credit, sums)
                }
            }
            return ledger
        }
    }

    private func reduceSingle(
        _ neuron: Int, _ share: ProbeShare, _ shots: ShotFrequencies, unshifted: [MutableBufferView<Float>], start: Int,
        _ batch: LocalBatch, _ credit: [Float], _ sums: ProbeSums
    ) {
        let weights = extrapolationWeights
        for run in 0..<share.runs.count {
            let place = neuron * batch.rowCount / runLength + share.runs.lowerBound + run
            for (index, term) in terms.enumerated() {
                var total: Float = 0
                for repetition in 0..<rule.somaRepetitions {
                    let probe = self.place(term: index, repetition: repetition)
                    let own = (neuron * ownCount + repetition) * batch.rowCount + share.firstRow
                    // P of the shifted history over P of the neuron's own, up to the step before.
                    var ratios = [Float](repeating: 1, count: weights.count)
                    for row in run * runLength + start..<(run + 1) * runLength {
                        let shifted = shots.values[share.index(neuron: neuron, probe: probe, row: row)]
                        let unshiftedFrequency = sums.own[own + row]
                        if unshiftedFrequency < 0 { break }
                        let before = zip(weights, ratios).reduce(0) { $0 + $1.0 * $1.1 }
                        let quotient = max(shifted, 0) / max(unshiftedFrequency, rule.floor)
                        total += credit[share.firstRow + row] * term.coefficient * before * (quotient - 1)
                        if rule.estimator == .postselected {
                            for scale in ratios.indices { ratios[scale] *= quotient }
                        } else if runLength > 1 {
                            let lane = share.index(neuron: neuron, probe: probe, row: row)
                            for scale in ratios.indices {
                                ratios[scale] *=
                                    shots.likelihoods[scale].view[lane] / max(unshifted[scale][lane], 1e-12)
                            }
                        }
                    }
                }
                sums.angles[place * parameterCount + term.parameter] +=
                    total / Float(rule.somaRepetitions)
            }
        }
    }
}

/// The unshifted run of a share, with the memory that it has after every step: where a shift at one step begins.
private struct ShiftedHistory {
    /// `[tile][row][64]`
    let likelihoods: WorkingBuffer<Float>
    /// After each step, `[step][tile][run]`.
    private let memories: WorkingBuffer<Float>
    private let memorySize: Int

    init(_ share: ProbeShare, _ simulator: PopulationSimulator, thread: Int) {
        likelihoods = WorkingBuffer(count: share.size)
        memorySize = share.plan.tilesPerNeuron * share.runs.count * simulator.memorySize
        memories = WorkingBuffer(count: share.runLength * memorySize)
        for step in 0..<share.runLength {
            share.findLikelihoods(
                simulator, thread: thread, steps: step..<step + 1, to: likelihoods.view,
                memoryBefore: memory(before: step), memoryAfter: memories.part(step, size: memorySize))
        }
    }

    private func memory(before step: Int) -> BufferView<Float>? {
        step > 0 ? memories.part(step - 1, size: memorySize).view : nil
    }

    /// Likelihoods of the run that is shifted at one step.
    func shifted(
        _ share: ProbeShare, by simulator: PopulationSimulator, rest: PopulationSimulator, at start: Int,
        thread: Int
    ) -> WorkingBuffer<Float> {
        let shifted = WorkingBuffer<Float>(count: share.size)
        shifted.view.copy(likelihoods.view.view)
        let memory = WorkingBuffer<Float>(count: memorySize)
        share.findLikelihoods(
            simulator, thread: thread, steps: start..<start + 1, to: shifted.view,
            memoryBefore: self.memory(before: start), memoryAfter: memory.view)
        if start + 1 < share.runLength {
            share.findLikelihoods(
                rest, thread: thread, steps: start + 1..<share.runLength, to: shifted.view,
                memoryBefore: memory.view.view)
        }
        return shifted
    }

    static func oneStep(
        _ share: ProbeShare, _ simulator: PopulationSimulator, thread: Int
    ) -> WorkingBuffer<Float> {
        let likelihoods = WorkingBuffer<Float>(count: share.size)
        share.findLikelihoods(simulator, thread: thread, steps: 0..<1, to: likelihoods.view)
        return likelihoods
    }
}
