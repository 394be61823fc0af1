import Compute
import QuantumCircuits
import Neurons

/// How many probes the neurons of a population have, how many circuits and shots they make, and what memory they take,
/// counted without making them.
struct ProbeCounts: Sendable {
    let rule: LocalRule
    let neuronCount: Int
    let channelCount: Int
    let parameterCount: Int
    let stepCount: Int
    /// Steps of one run of a probe: T, or 1 where each step has a fresh circuit.
    let runLength: Int
    let trainsSynapses: Bool
    let trainsAngles: Bool
    /// Terms of all angles' derivatives.
    let termCount: Int

    init(
        _ rule: LocalRule, model: any NeuronModel, neuronCount: Int, stepCount: Int, trainsSynapses: Bool,
        trainsAngles: Bool
    ) {
        self.rule = rule
        self.neuronCount = neuronCount
        channelCount = model.channelCount
        parameterCount = model.parameterCount
        self.stepCount = stepCount
        runLength = rule.estimator == .memoryless ? 1 : stepCount
        self.trainsSynapses = trainsSynapses
        self.trainsAngles = trainsAngles && model.parameterCount > 0
        termCount =
            !self.trainsAngles
            ? 0
            : rule.shift == .twoTerm
                ? 2 * model.parameterCount : model.angleUses.reduce(0) { $0 + $1.kind.shiftTerms.count }
    }

    /// Probes of the neuron's own circuit: one for each repetition of a shift, of which it is the denominator.
    var ownCount: Int { trainsAngles ? rule.somaRepetitions : 1 }
    var pairCount: Int { trainsSynapses ? rule.synapsePerturbations : 0 }
    private var shiftCount: Count { Count.of(termCount, rule.somaRepetitions) }

    /// Probes that are perturbed or shifted at all steps, and that are shifted at one step each.
    private var together: Count {
        let others = Count(ownCount) + Count.of(2, pairCount)
        return rule.shift == .twoTerm ? others + shiftCount : others
    }
    private var single: Count { rule.shift == .exact ? shiftCount : .zero }

    /// Circuits and shots of one update for `runCount` passes: what the formulas of the paper say.
    ///
    /// Each circuit has M_p shots at each scale of the noise. Per neuron, pass and step there are 2 M_syn circuits for the
    /// synapses and 2 M_som for each angle; the exact rule has as many as its terms, for each use of an angle at this or
    /// an earlier step. Post-selected runs are one circuit for all steps.
    func ledger(runCount: Count) -> ShotLedger {
        let isWhole = rule.estimator == .postselected
        let steps = isWhole ? 1 : stepCount
        // Steps at which a shifted use can be, summed over the circuits that it is part of.
        let uses =
            rule.shift == .twoTerm || runLength == 1
            ? steps : isWhole ? stepCount : stepCount * (stepCount + 1) / 2
        let runs = runCount.times(neuronCount)
        var ledger = ShotLedger()
        ledger.likelihoods = rule.entry(circuits: runs.times(ownCount, steps))
        ledger.synapses = rule.entry(circuits: runs.times(2, pairCount, steps))
        ledger.angles = rule.entry(circuits: runs.times(shiftCount).times(uses))
        return ledger
    }

    /// Bytes of the populations of probes, of what an update finds, and of the shares at hand.
    ///
    /// - Throws: `CircuitError` or `NoiseError` for a circuit that cannot be folded or run.
    func memoryCeiling(_ model: any NeuronModel, runCount: Count, threadCount: Int) throws -> Count {
        let rows = runCount.times(stepCount)
        var numbers = rows.times(neuronCount, 1 + ownCount)
        numbers += runCount.times(stepCount / runLength, neuronCount, pairCount + parameterCount)
        let hasSingle = single > .zero
        let plans = [together] + (hasSingle ? [single] : []) + (hasSingle && runLength > 1 ? [single] : [])
        let tiles = plans.map { ProbePlan.tiles(probeCount: $0, neuronCount: neuronCount) }
        let useCount = model.angleUses.count
        var carriedSize = 0
        var bytes = Count.zero
        for fold in rule.mitigation.folds {
            let separated = try model.separatingAngles(fold: fold).model
            let size = PopulationSize(separated, tileCount: 1, stepCount: runLength)
            carriedSize = size.engine.memory
            for (plan, tiles) in zip(plans, tiles) {
                // What a probe is, and its shifts.
                bytes += plan.times(64 + 8 * useCount)
                let allTiles = tiles.shares.times(tiles.perShare)
                bytes += size.memoryCeiling(sampleCount: .zero, threadCount: threadCount)
                bytes += allTiles.times(4, size.engine.compiled)
                numbers += allTiles.times(tileWidth, max(2 * termCount, useCount))
            }
        }
        let scales = rule.mitigation.folds.count
        let largest = tiles.map(\.perShare).max() ?? Count(1)
        let shareRows = largest.times(max(Self.rowsPerShare, runLength))
        // Currents, likelihoods, values and counts; with shifts at one step, the memory after every step too.
        var share = shareRows.times(tileWidth, channelCount + 2 + 3 * scales)
        if plans.count > 2 { share += shareRows.times(2, scales, carriedSize) }
        return bytes + numbers.times(4) + share.times(4, threadCount)
    }

    /// Bytes of all circuits' parameters and of their counts, each an array of its own.
    func backendCeiling(runCount: Count) -> Count {
        let probeRuns = runCount.times(stepCount / runLength)
        let sets = (together + single).times(rule.mitigation.folds.count, neuronCount).times(probeRuns)
        let parameters = termCount + runLength * channelCount
        return sets.times(2 * (8 * parameters + 64) + 64 * (1 + rule.shotCount))
    }

    /// Rows of one share: small enough that what a share holds stays in the cache.
    static let rowsPerShare = 160
}

extension LocalRule {
    /// Circuits of one length with their shots, at every scale of the noise.
    func entry(circuits: Count) -> ShotLedger.Entry {
        let all = circuits.times(mitigation.folds.count)
        return ShotLedger.Entry(circuits: all.value, shots: all.times(shotCount).value)
    }
}
