import Compute
import QuantumCircuits
import SpikingNeurons

/// All probes of one population and what they are for.
final class PopulationProbes: Sendable {
    let rule: LocalRule
    let neuronCount: Int
    let channelCount: Int
    let parameterCount: Int
    let stepCount: Int
    /// Steps of one run of a probe: T, or 1 where each step has a fresh circuit.
    let runLength: Int
    let trainsSynapses: Bool
    let trainsAngles: Bool
    let terms: [ProbePlan.AngleTerm]
    /// Of the frequencies at each scale of the noise in the one without noise.
    let extrapolationWeights: [Float]
    /// At each scale of the noise: the neuron's own circuit, its perturbations, and shifts for all steps together.
    let together: [ProbePopulation]
    /// Shifts for one use of an angle each; empty where there are none.
    let single: [ProbePopulation]
    /// The same circuits without shifts, for the steps before and after.
    let unshifted: [ProbePopulation]

    /// Probes of the neuron's own circuit: one for each repetition of a shift, of which it is the denominator.
    var ownCount: Int { trainsAngles ? rule.somaRepetitions : 1 }
    var pairCount: Int { trainsSynapses ? rule.synapsePerturbations : 0 }
    init(
        _ rule: LocalRule, population: Population, stepCount: Int, trainsSynapses: Bool, trainsAngles: Bool,
        parallelism: Parallelism
    ) throws {
        self.rule = rule
        self.stepCount = stepCount
        self.trainsSynapses = trainsSynapses
        neuronCount = population.neuronCount
        channelCount = population.model.channelCount
        parameterCount = population.model.angleCount
        runLength = rule.estimator == .memoryless ? 1 : stepCount
        self.trainsAngles = trainsAngles && parameterCount > 0
        extrapolationWeights = try rule.mitigation.weights(population.model.circuitOnDevice)
        let uses = population.model.angleUses
        let terms =
            self.trainsAngles
            ? ProbePlan.angleTerms(uses, parameterCount: parameterCount, rule.shift) : []
        self.terms = terms
        let unmoved = uses.map { _ in 0.0 }
        let ownCount = self.trainsAngles ? rule.somaRepetitions : 1
        var probes = (0..<ownCount).map { _ in ProbePlan.Probe(shifts: unmoved) }
        if trainsSynapses {
            probes += (0..<rule.synapsePerturbations).flatMap { pair in
                [Float(1), -1].map { ProbePlan.Probe(perturbation: (pair, $0), shifts: unmoved) }
            }
        }
        let shifts = terms.flatMap { term in
            (0..<rule.somaRepetitions).map { _ in ProbePlan.Probe(shifts: term.shifts) }
        }
        if rule.shift == .twoTerm { probes += shifts }
        let runLength = runLength
        func populations(_ probes: [ProbePlan.Probe]) throws -> [ProbePopulation] {
            let plan = ProbePlan(probes)
            return try rule.mitigation.folds.map {
                try ProbePopulation(
                    plan, model: population.model, neuronCount: population.neuronCount, fold: $0,
                    runLength: runLength, parallelism: parallelism)
            }
        }
        together = try populations(probes)
        let hasSingle = rule.shift == .exact && !shifts.isEmpty
        single = hasSingle ? try populations(shifts) : []
        unshifted =
            hasSingle && runLength > 1
            ? try populations(shifts.map { _ in ProbePlan.Probe(shifts: unmoved) }) : []
    }

    /// Takes the neurons' angles: after every change of them, before the next shots.
    func compile(_ population: Population, parallelism: Parallelism) {
        for probes in together + single + unshifted { probes.compile(population, parallelism: parallelism) }
    }

    /// First probe of a term in the plan that shares its shifts with all steps.
    func place(term: Int, repetition: Int) -> Int {
        (rule.shift == .twoTerm ? ownCount + 2 * pairCount : 0) + term * rule.somaRepetitions + repetition
    }

    /// Circuits and shots of one update for `runCount` passes: what the formulas of the paper say.
    ///
    /// Each circuit has M_p shots at each scale of the noise. Per neuron, pass and step there are 2 M_syn circuits for the
    /// synapses and 2 M_som for each angle; the exact rule has as many as its terms, for each use of an angle at this or
    /// an earlier step. Post-selected runs are one circuit for all steps.
    func ledger(runCount: Int) -> ShotLedger {
        let isWhole = rule.estimator == .postselected
        let steps = isWhole ? 1 : stepCount
        // Steps at which a shifted use can be, summed over the circuits that it is part of.
        let uses =
            rule.shift == .twoTerm || runLength == 1
            ? steps : isWhole ? stepCount : stepCount * (stepCount + 1) / 2
        let runs = neuronCount * runCount
        var ledger = ShotLedger()
        ledger.likelihoods = entry(circuits: runs * ownCount * steps)
        ledger.synapses = entry(circuits: runs * 2 * pairCount * steps)
        ledger.angles = entry(circuits: runs * terms.count * rule.somaRepetitions * uses)
        return ledger
    }

    /// Bytes of the populations of probes, of what an update finds, and of the shares at hand.
    func memoryCeiling(runCount: Int, threadCount: Int) -> Int {
        let rowCount = runCount * stepCount
        let probeRuns = rowCount / runLength
        var numbers = neuronCount * rowCount * (1 + ownCount)
        numbers += neuronCount * probeRuns * (pairCount + parameterCount)
        for probes in together + single + unshifted {
            numbers += probes.kernel.memoryInUse / 4
            numbers += probes.plan.tileCount(neuronCount: neuronCount) * tileWidth * 2 * terms.count
        }
        let tiles = [together, single].compactMap(\.first).map(\.plan.tilesPerNeuron).max() ?? 1
        let rows = max(Self.rowsPerShare, runLength)
        let scales = rule.mitigation.folds.count
        // Currents, likelihoods, values and counts; with shifts at one step, the memory after every step too.
        var share = tiles * rows * tileWidth * (channelCount + 3 * scales + 2)
        if let kernel = unshifted.first?.kernel {
            share += scales * (rows + 2 * rows / runLength) * tiles * kernel.carriedMemorySize
        }
        return 4 * (numbers + threadCount * share)
    }

    /// Bytes of all circuits' parameters and of their counts, each an array of its own.
    func backendCeiling(runCount: Int) -> Int {
        let probeRuns = runCount * stepCount / runLength
        let sets = (together + single).reduce(0) { $0 + $1.plan.probes.count } * neuronCount * probeRuns
        let parameters = terms.count + runLength * channelCount
        return sets * (2 * (8 * parameters + 64) + 64 * (1 + rule.shotCount))
    }
}
