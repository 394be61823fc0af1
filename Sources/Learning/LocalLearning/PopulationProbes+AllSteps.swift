import Compute
import Glibc
import Learning
import Neurons

/// Probes that are shifted or perturbed at all steps.
extension PopulationProbes {
    func runAtAllSteps(
        _ activity: LocalActivity, _ batch: LocalBatch, credit: [Float], _ measured: MeasuredProbes?,
        _ sums: ProbeSums, _ parallelism: Parallelism
    ) -> [ShotLedger] {
        let tileCount = tileCounts(batch).all
        return forEachShare(atAllSteps[0].plan, activity, batch, parallelism) { share, thread in
            let steps = rule.estimator == .postselected ? 1 : runLength
            let cells = share.neurons.count * share.runs.count * steps
            let frequencies: ShotFrequencies
            if let measured {
                frequencies = self.frequencies(share, likelihoods: []) {
                    measured.atAllSteps[$0].count(share, to: $1)
                }
            } else {
                let likelihoods = atAllSteps.map { probes in
                    let likelihoods = WorkingBuffer<Float>(count: share.size)
                    share.findLikelihoods(
                        probes.simulator, thread: thread, steps: 0..<runLength, to: likelihoods.view)
                    return likelihoods
                }
                frequencies = draw(
                    share, likelihoods: likelihoods,
                    ShotAddress(
                        batch: batch, node: activity.node, thread: thread, tile: share.firstTile,
                        tileCount: tileCount))
            }
            for neuron in share.neurons {
                reduceOwn(neuron, share, frequencies.values, batch, sums)
                reducePairs(neuron, share, frequencies.values, batch, credit, sums)
                if rule.shift == .twoTerm {
                    reduceShifts(neuron, share, frequencies.values, batch, credit, sums)
                }
            }
            var ledger = ShotLedger()
            ledger.likelihoods = entry(circuits: cells * ownCount)
            ledger.synapses = entry(circuits: cells * 2 * pairCount)
            ledger.angles = entry(
                circuits: cells * (share.plan.probes.count - ownCount - 2 * pairCount))
            return ledger
        }
    }

    private func reduceOwn(
        _ neuron: Int, _ share: ProbeShare, _ values: [Float], _ batch: LocalBatch, _ sums: ProbeSums
    ) {
        for row in 0..<share.rowCount {
            var (sum, count): (Float, Float) = (0, 0)
            for repetition in 0..<ownCount {
                let value = values[share.index(neuron: neuron, probe: repetition, row: row)]
                let place = (neuron * ownCount + repetition) * batch.rowCount + share.firstRow + row
                sums.own[place] = value
                if value >= 0 {
                    sum += value
                    count += 1
                }
            }
            sums.logs[neuron * batch.rowCount + share.firstRow + row] =
                count > 0 ? log(max(sum / count, rule.floor)) : 0
        }
    }

    private func reducePairs(
        _ neuron: Int, _ share: ProbeShare, _ values: [Float], _ batch: LocalBatch, _ credit: [Float],
        _ sums: ProbeSums
    ) {
        guard pairCount > 0 else { return }
        let scale = 1 / (2 * Float(rule.perturbationSize) * Float(pairCount))
        for run in 0..<share.runs.count {
            let place = neuron * batch.rowCount / runLength + share.runs.lowerBound + run
            for pair in 0..<pairCount {
                var sum: Float = 0
                for row in run * runLength..<(run + 1) * runLength {
                    let plus = values[
                        share.index(neuron: neuron, probe: ownCount + 2 * pair, row: row)]
                    let minus = values[
                        share.index(neuron: neuron, probe: ownCount + 2 * pair + 1, row: row)]
                    if plus < 0 || minus < 0 || plus == minus { continue }
                    let difference = log(max(plus, rule.floor)) - log(max(minus, rule.floor))
                    sum += credit[share.firstRow + row] * difference
                }
                sums.pairs[place * pairCount + pair] = scale * sum
            }
        }
    }

    /// (25): both terms of an angle, over the frequency without shift.
    private func reduceShifts(
        _ neuron: Int, _ share: ProbeShare, _ values: [Float], _ batch: LocalBatch, _ credit: [Float],
        _ sums: ProbeSums
    ) {
        guard !terms.isEmpty else { return }
        let repetitions = rule.somaRepetitions
        for run in 0..<share.runs.count {
            let place = neuron * batch.rowCount / runLength + share.runs.lowerBound + run
            for term in stride(from: 0, to: terms.count, by: 2) {
                var sum: Float = 0
                for repetition in 0..<repetitions {
                    let (plusProbe, minusProbe) = (
                        self.place(term: term, repetition: repetition),
                        self.place(term: term + 1, repetition: repetition)
                    )
                    for row in run * runLength..<(run + 1) * runLength {
                        let plus = values[share.index(neuron: neuron, probe: plusProbe, row: row)]
                        let minus = values[share.index(neuron: neuron, probe: minusProbe, row: row)]
                        let own = values[share.index(neuron: neuron, probe: repetition, row: row)]
                        if plus < 0 || minus < 0 || own < 0 { continue }
                        let slope = terms[term].coefficient * plus + terms[term + 1].coefficient * minus
                        sum += credit[share.firstRow + row] * slope / max(own, rule.floor)
                    }
                }
                sums.angles[place * parameterCount + terms[term].parameter] += sum / Float(repetitions)
            }
        }
    }
}
