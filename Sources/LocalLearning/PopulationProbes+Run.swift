import Compute
import Foundation
import SpikingNeurons

extension PopulationProbes {
    /// Rows of one share: small enough that what a share holds stays in the cache.
    static let rowsPerShare = 160

    /// Runs all probes, and weighs what they say of each step with the step's credit.
    ///
    /// - Parameters:
    ///   - credit: c_t, `[row]`.
    ///   - measured: counts of a backend; nil where the shots are drawn here.
    func run(
        _ activity: LocalActivity, _ batch: LocalBatch, credit: [Float], measured: MeasuredProbes?,
        parallelism: Parallelism
    ) -> ProbeResult {
        let probeRuns = batch.rowCount / runLength
        var result = ProbeResult(
            ownLogLikelihoods: AlignedBuffer(repeating: 0, count: neuronCount * batch.rowCount),
            pairSums: AlignedBuffer(repeating: 0, count: neuronCount * probeRuns * pairCount),
            angleSums: AlignedBuffer(repeating: 0, count: neuronCount * probeRuns * parameterCount),
            ledger: ShotLedger())
        // Estimates of p(s_t | s^{t−1}) with each repetition's own shots, [neuron][repetition][row].
        var own = AlignedBuffer<Float>(repeating: 0, count: neuronCount * ownCount * batch.rowCount)
        let sums = ProbeSums(
            own: SharedPointer(own.mutableBase()),
            logs: SharedPointer(result.ownLogLikelihoods.mutableBase()),
            pairs: SharedPointer(result.pairSums.mutableBase()),
            angles: SharedPointer(result.angleSums.mutableBase()))
        var ledgers = runTogether(activity, batch, credit: credit, measured, sums, parallelism)
        if !single.isEmpty {
            ledgers += runSingle(activity, batch, credit: credit, measured, sums, parallelism)
        }
        withExtendedLifetime(own) {}
        result.ledger = ledgers.reduce(into: ShotLedger()) { $0 += $1 }
        return result
    }

    /// Where the shares of a run leave what they find; each writes its own neurons and runs.
    private struct ProbeSums: Sendable {
        let own: SharedPointer<Float>
        let logs: SharedPointer<Float>
        let pairs: SharedPointer<Float>
        let angles: SharedPointer<Float>
    }

    /// All shares of a plan; `body` gets each with its number of circuits, and returns what it ran.
    func forEachShare(
        _ plan: ProbePlan, _ activity: LocalActivity, _ batch: LocalBatch, _ parallelism: Parallelism,
        _ body: @Sendable (ProbeShare, Int) -> ShotLedger
    ) -> [ShotLedger] {
        let runCount = batch.rowCount / runLength
        let runsPerShare = max(Self.rowsPerShare / runLength, 1)
        let rangeCount = (runCount + runsPerShare - 1) / runsPerShare
        let shareCount = plan.shareCount(neuronCount: neuronCount) * rangeCount
        let signs = PerturbationSigns(
            seed: batch.seed, epoch: batch.epoch, pairCount: pairCount, neuronCount: neuronCount)
        let size = Float(rule.perturbationSize)
        var ledgers = [ShotLedger](repeating: ShotLedger(), count: shareCount)
        ledgers.withUnsafeMutableBufferPointer { ledgers in
            guard let base = ledgers.baseAddress else { return }
            let target = SharedPointer(base)
            parallelism.forEach(shareCount) { number, thread in
                let (share, range) = number.quotientAndRemainder(dividingBy: rangeCount)
                let first = range * runsPerShare
                target.base[number] = body(
                    ProbeShare(
                        plan, share: share, runs: first..<min(first + runsPerShare, runCount),
                        runLength: runLength, activity, perturbationSize: size, signs, batch),
                    thread)
            }
        }
        return ledgers
    }

    private func tileCounts(_ batch: LocalBatch) -> (together: Int, all: Int) {
        let together = together[0].plan.tileCount(neuronCount: neuronCount)
        let single = single.first?.plan.tileCount(neuronCount: neuronCount) ?? 0
        return (together, together + single * runLength)
    }

    // MARK: Probes that are shifted or perturbed at all steps

    private func runTogether(
        _ activity: LocalActivity, _ batch: LocalBatch, credit: [Float], _ measured: MeasuredProbes?,
        _ sums: ProbeSums, _ parallelism: Parallelism
    ) -> [ShotLedger] {
        let tileCount = tileCounts(batch).all
        return forEachShare(together[0].plan, activity, batch, parallelism) { share, thread in
            let steps = rule.estimator == .postselected ? 1 : runLength
            let cells = share.neurons.count * share.runs.count * steps
            let circuitCount = cells * share.plan.probes.count
            let frequencies: ShotFrequencies
            if let measured {
                frequencies = self.frequencies(share, likelihoods: [], circuitCount: circuitCount) {
                    measured.together[$0].count(share, to: &$1)
                }
            } else {
                let likelihoods = together.map { probes in
                    var likelihoods = [Float](repeating: 0, count: share.size)
                    share.findLikelihoods(
                        probes.kernel, thread: thread, steps: 0..<runLength, to: &likelihoods)
                    return likelihoods
                }
                frequencies = draw(
                    share, likelihoods: likelihoods,
                    ShotAddress(
                        batch: batch, node: activity.node, thread: thread, tile: share.firstTile,
                        tileCount: tileCount),
                    circuitCount: circuitCount)
            }
            for neuron in share.neurons {
                reduceOwn(neuron, share, frequencies.values, batch, sums)
                reducePairs(neuron, share, frequencies.values, batch, credit, sums)
                if rule.shift == .twoTerm {
                    reduceShifts(neuron, share, frequencies.values, batch, credit, sums)
                }
            }
            func entry(_ probeCount: Int) -> ShotLedger.Entry {
                let circuits = cells * probeCount * together.count
                return .init(circuits: circuits, shots: circuits * rule.shotCount)
            }
            var ledger = ShotLedger()
            ledger.likelihoods = entry(ownCount)
            ledger.synapses = entry(2 * pairCount)
            ledger.angles = entry(share.plan.probes.count - ownCount - 2 * pairCount)
            assert(ledger.total == frequencies.ledger)
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
                sums.own.base[place] = value
                if value >= 0 {
                    sum += value
                    count += 1
                }
            }
            sums.logs.base[neuron * batch.rowCount + share.firstRow + row] =
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
                sums.pairs.base[place * pairCount + pair] = scale * sum
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
                sums.angles.base[place * parameterCount + terms[term].parameter] += sum / Float(repetitions)
            }
        }
    }

    // MARK: Probes that are shifted at one step

    /// One shift for each use of an angle. A use at step t′ changes every later step: with P the probability of the whole
    /// history, ∂ log p(s_t | s^{t−1}) = ∂P(s^t)/P(s^t) − ∂P(s^{t−1})/P(s^{t−1}), and the rule is exact for P.
    private func runSingle(
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
                let circuitCount =
                    share.neurons.count * share.runs.count * steps * share.plan.probes.count
                let frequencies: ShotFrequencies
                if let measured {
                    frequencies = self.frequencies(share, likelihoods: [], circuitCount: circuitCount) {
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
                            tileCount: tiles.all),
                        circuitCount: circuitCount)
                }
                ledger.angles += frequencies.ledger
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
        let weights = rule.mitigation.weights
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
