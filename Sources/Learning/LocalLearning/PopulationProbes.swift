import Compute
import QuantumCircuits
import Neurons

/// All probes of one population and what they are for.
final class PopulationProbes: Sendable {
    let counts: ProbeCounts
    let terms: [ProbePlan.AngleTerm]
    /// Of the frequencies at each scale of the noise in the one without noise.
    let extrapolationWeights: [Float]
    /// At each scale of the noise: the neuron's own circuit, its perturbations, and shifts for all steps together.
    let together: [ProbePopulation]
    /// Shifts for one use of an angle each; empty where there are none.
    let single: [ProbePopulation]
    /// The same circuits without shifts, for the steps before and after.
    let unshifted: [ProbePopulation]

    var rule: LocalRule { counts.rule }
    var neuronCount: Int { counts.neuronCount }
    var channelCount: Int { counts.channelCount }
    var parameterCount: Int { counts.parameterCount }
    var stepCount: Int { counts.stepCount }
    var runLength: Int { counts.runLength }
    var ownCount: Int { counts.ownCount }
    var pairCount: Int { counts.pairCount }

    init(_ counts: ProbeCounts, model: any NeuronModel, parallelism: Parallelism) throws {
        self.counts = counts
        let rule = counts.rule
        extrapolationWeights = try rule.mitigation.weights(model.circuit)
        let uses = model.angleUses
        let terms =
            counts.trainsAngles
            ? ProbePlan.angleTerms(uses, parameterCount: counts.parameterCount, rule.shift) : []
        self.terms = terms
        let unmoved = uses.map { _ in 0.0 }
        var probes = (0..<counts.ownCount).map { _ in ProbePlan.Probe(shifts: unmoved) }
        probes += (0..<counts.pairCount).flatMap { pair in
            [Float(1), -1].map { ProbePlan.Probe(perturbation: (pair, $0), shifts: unmoved) }
        }
        let shifts = terms.flatMap { term in
            (0..<rule.somaRepetitions).map { _ in ProbePlan.Probe(shifts: term.shifts) }
        }
        if rule.shift == .twoTerm { probes += shifts }
        func populations(_ probes: [ProbePlan.Probe]) throws -> [ProbePopulation] {
            let plan = ProbePlan(probes)
            return try rule.mitigation.folds.map {
                try ProbePopulation(
                    plan, model: model, neuronCount: counts.neuronCount, fold: $0,
                    runLength: counts.runLength, parallelism: parallelism)
            }
        }
        together = try populations(probes)
        let hasSingle = rule.shift == .exact && !shifts.isEmpty
        single = hasSingle ? try populations(shifts) : []
        unshifted =
            hasSingle && counts.runLength > 1
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
}
