import Compute
import Learning
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
            let histories = unshifted.map { ShiftedHistory(share, $0.kernel, thread: thread) }
            var ledger = ShotLedger()
            for start in 0..<runLength {
                let steps = rule.estimator == .postselected ? 1 : runLength - start
                let frequencies: ShotFrequencies
                if let measured {
                    frequencies = self.frequencies(share, likelihoods: []) {
                        measured.single[$0].count(share, to: &$1)
                    }
                } else {
                    let likelihoods = single.indices.map { scale in
                        runLength == 1
                            ? ShiftedHistory.oneStep(share, single[scale].kernel, thread: thread)
                            : histories[scale].shifted(
                                share, by: single[scale].kernel, rest: unshifted[scale].kernel, at: start,
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
                        neuron, share, frequencies, unshifted: histories.map(\.likelihoods), start: start,
                        batch, credit, sums)
                }
            }
            return ledger
        }
    }

    private func reduceSingle(
        _ neuron: Int, _ share: ProbeShare, _ shots: ShotFrequencies, unshifted: [[Float]], start: Int,
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
                        let unshiftedFrequency = sums.own.base[own + row]
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
                                    shots.likelihoods[scale][lane] / max(unshifted[scale][lane], 1e-12)
                            }
                        }
                    }
                }
                sums.angles.base[place * parameterCount + term.parameter] +=
                    total / Float(rule.somaRepetitions)
            }
        }
    }
}

/// The unshifted run of a share, with the memory that it has after every step: where a shift at one step begins.
private struct ShiftedHistory {
    /// `[tile][row][64]`
    private(set) var likelihoods: [Float]
    /// After each step, `[step][tile][run]`.
    private var memories: [[Float]] = []

    init(_ share: ProbeShare, _ kernel: PopulationKernel, thread: Int) {
        likelihoods = [Float](repeating: 0, count: share.size)
        let size = share.plan.tilesPerNeuron * share.runs.count * kernel.carriedMemorySize
        for step in 0..<share.runLength {
            var memory = [Float](repeating: 0, count: size)
            share.findLikelihoods(
                kernel, thread: thread, steps: step..<step + 1, to: &likelihoods,
                memoryBefore: memories.last, memoryAfter: &memory)
            memories.append(memory)
        }
    }

    /// Likelihoods of the run that is shifted at one step.
    func shifted(
        _ share: ProbeShare, by kernel: PopulationKernel, rest: PopulationKernel, at start: Int, thread: Int
    ) -> [Float] {
        var likelihoods = likelihoods
        var memory = memories[start]
        share.findLikelihoods(
            kernel, thread: thread, steps: start..<start + 1, to: &likelihoods,
            memoryBefore: start > 0 ? memories[start - 1] : nil, memoryAfter: &memory)
        if start + 1 < share.runLength {
            share.findLikelihoods(
                rest, thread: thread, steps: start + 1..<share.runLength, to: &likelihoods,
                memoryBefore: memory)
        }
        return likelihoods
    }

    static func oneStep(_ share: ProbeShare, _ kernel: PopulationKernel, thread: Int) -> [Float] {
        var likelihoods = [Float](repeating: 0, count: share.size)
        share.findLikelihoods(kernel, thread: thread, steps: 0..<1, to: &likelihoods)
        return likelihoods
    }
}
