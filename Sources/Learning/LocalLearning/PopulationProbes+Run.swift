import Compute
import Neurons

extension PopulationProbes {
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
            ownLogLikelihoods: WorkingBuffer(count: neuronCount * batch.rowCount),
            pairSums: WorkingBuffer(count: neuronCount * probeRuns * pairCount),
            angleSums: WorkingBuffer(count: neuronCount * probeRuns * parameterCount),
            ledger: ShotLedger())
        // Estimates of p(s_t | s^{t−1}) with each repetition's own shots, [neuron][repetition][row].
        let own = WorkingBuffer<Float>(count: neuronCount * ownCount * batch.rowCount)
        let sums = ProbeSums(
            own: own.view, logs: result.ownLogLikelihoods.view, pairs: result.pairSums.view,
            angles: result.angleSums.view)
        var ledgers = runTogether(activity, batch, credit: credit, measured, sums, parallelism)
        if !single.isEmpty {
            ledgers += runSingle(activity, batch, credit: credit, measured, sums, parallelism)
        }
        result.ledger = ledgers.reduce(into: ShotLedger()) { $0 += $1 }
        return result
    }

    /// Where the shares of a run leave what they find; each writes its own neurons and runs.
    struct ProbeSums: Sendable {
        let own: MutableBufferView<Float>
        let logs: MutableBufferView<Float>
        let pairs: MutableBufferView<Float>
        let angles: MutableBufferView<Float>
    }

    /// All shares of a plan; `body` gets each with its number of circuits, and returns what it ran.
    func forEachShare(
        _ plan: ProbePlan, _ activity: LocalActivity, _ batch: LocalBatch, _ parallelism: Parallelism,
        _ body: @Sendable (ProbeShare, Int) -> ShotLedger
    ) -> [ShotLedger] {
        let runCount = batch.rowCount / runLength
        let runsPerShare = max(ProbeCounts.rowsPerShare / runLength, 1)
        let rangeCount = (runCount + runsPerShare - 1) / runsPerShare
        let shareCount = plan.shareCount(neuronCount: neuronCount) * rangeCount
        let signs = PerturbationSigns(
            seed: batch.seed, epoch: batch.epoch, pairCount: pairCount, neuronCount: neuronCount)
        let size = Float(rule.perturbationSize)
        return parallelism.map(shareCount) { number, thread in
            let (share, range) = number.quotientAndRemainder(dividingBy: rangeCount)
            let first = range * runsPerShare
            return body(
                ProbeShare(
                    plan, share: share, runs: first..<min(first + runsPerShare, runCount),
                    runLength: runLength, activity, perturbationSize: size, signs, batch),
                thread)
        }
    }

    func tileCounts(_ batch: LocalBatch) -> (together: Int, all: Int) {
        let together = together[0].plan.tileCount(neuronCount: neuronCount)
        let single = single.first?.plan.tileCount(neuronCount: neuronCount) ?? 0
        return (together, together + single * runLength)
    }
}
