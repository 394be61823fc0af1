import CommandParsing
import LocalLearning
import QuantumCircuits
import Learning
import Runs

/// The options of the local rule.
package enum LocalOptions {
    /// How a network learns.
    package enum Learning: String, CaseIterable {
        /// Surrogate gradients through time.
        case surrogate
        /// The local rule.
        case local
    }

    package static let arguments: [ArgumentDescription] =
        [
            .option(
                name: "learning", value: "surrogate|local",
                help: "Surrogate gradients through time, or the local rule.",
                default: "the recipe's, surrogate")
        ] + ofRule

    private static let ofRule: [ArgumentDescription] = [
        .option(
            name: "estimator", value: "exact|conditional|postselected|memoryless",
            help: "Local rule: how a neuron finds its gradient.", default: "conditional"),
        .option(
            name: "shift", value: "two-term|exact",
            help: "Local rule: ± π/2 at all uses of an angle, or the terms that are exact at each.",
            default: "two-term"),
        .option(
            name: "credit", value: "return-to-go|same-step",
            help: "Local rule: feedback that hidden spikes get credit for.", default: "return-to-go"),
        .option(
            name: "baseline", value: "none|other-passes",
            help: "Local rule: what is taken off that feedback.",
            default: "other-passes"),
        .option(
            name: "passes", value: "M", help: "Local rule: global passes of each image.", default: "5"),
        .option(
            name: "synapse-perturbations", value: "M_SYN",
            help: "Local rule: pairs of perturbations of a neuron's synapses in each pass.", default: "5"),
        .option(
            name: "perturbation-size", value: "E", help: "Local rule: change of each weight.",
            default: "the recipe's"),
        .option(
            name: "soma-repetitions", value: "M_SOM", help: "Local rule: repetitions of each shift.",
            default: "1"),
        .option(name: "shots", value: "M_P", help: "Local rule: shots of each circuit.", default: "5"),
        .option(
            name: "probability-floor", value: "P",
            help: "Local rule: least probability that a frequency is taken for.", default: "half a shot"),
        .option(
            name: "mitigation", value: "none|zne-linear|zne-richardson",
            help:
                "Local rule: zero-noise extrapolation of all frequencies, by a line through 1 and 3 times the "
                + "circuit's length, or Richardson's through 1, 2 and 3.", default: "none"),
    ]

    /// Those that say how shots are made.
    private static let ofShots = [
        "shift", "synapse-perturbations", "perturbation-size", "soma-repetitions", "shots",
    ]

    /// Puts what was asked for into a recipe.
    package static func apply(_ arguments: ParsedArguments, to recipe: inout Recipe) throws {
        switch try arguments.choice("learning", of: Learning.self) {
        case .local: recipe.local = recipe.local ?? LocalRule()
        case .surrogate: recipe.local = nil
        case nil: break
        }
        guard var rule = recipe.local else {
            if let given = ofRule.first(where: { arguments.isGiven($0.name) }) {
                throw UsageError.contradiction(
                    "--\(given.name) without --learning local, whose option it is")
            }
            return
        }
        if let value = try arguments.choice("estimator", of: GradientEstimator.self) {
            rule.estimator = value
        }
        if let value = try arguments.choice("shift", of: ShiftRule.self) { rule.shift = value }
        if let value = try arguments.choice("credit", of: CreditAssignment.self) { rule.credit = value }
        if let value = try arguments.choice("baseline", of: FeedbackBaseline.self) { rule.baseline = value }
        if let value = try arguments.choice("mitigation", of: ShotMitigation.self) { rule.mitigation = value }
        if let count = try arguments.integer("passes", in: LocalRule.passCounts) { rule.passCount = count }
        if let count = try arguments.integer("synapse-perturbations", in: LocalRule.perturbationCounts) {
            rule.synapsePerturbations = count
        }
        if let size = try arguments.number("perturbation-size", in: LocalRule.perturbationSizes) {
            rule.perturbationSize = size
        }
        if let count = try arguments.integer("soma-repetitions", in: LocalRule.repetitionCounts) {
            rule.somaRepetitions = count
        }
        if let count = try arguments.integer("shots", in: LocalRule.shotCounts) { rule.shotCount = count }
        if let floor = try arguments.number("probability-floor", in: LocalRule.probabilityFloors) {
            rule.probabilityFloor = floor
        }
        if rule.estimator == .exact, let given = ofShots.first(where: arguments.isGiven) {
            throw UsageError.contradiction("--\(given) with the exact estimator, which makes no shots")
        }
        if let problem = rule.problem {
            throw UsageError.contradiction("the local rule: \(problem)")
        }
        recipe.local = rule
    }
}
