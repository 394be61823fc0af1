import QuantumCircuits

/// How a neuron estimates the gradient of the log-likelihood of its own spikes, log p(s_t | s^{t−1}).
public enum GradientEstimator: String, Sendable, Hashable, Codable, CaseIterable {
    /// Its exact gradient, without shots: ideal local learning.
    case exact
    /// Shots of a neuron whose memory is in the state that its spikes so far have left it in. A simulator can hold that
    /// state; a device cannot.
    case conditional
    /// Shots of the whole circuit from the first step on, of which only those count that gave the spikes so far: what a device
    /// can do. Of M_p shots, M_p · p(s^{t−1}) remain at step t; where none does, the step adds nothing.
    case postselected
    /// Shots of a fresh circuit of one step, its memory in |0…0⟩: what the authors' program does. It knows nothing of the past.
    case memoryless
}

/// Which part of the feedback a hidden spike is given credit for.
public enum CreditAssignment: String, Sendable, Hashable, Codable, CaseIterable {
    /// (23) as printed: ℓ_t, the feedback of the same step. Where spikes take a step to reach the outputs, its expectation
    /// is 0.
    case sameStep = "same-step"
    /// Σ_{t' ≥ t} ℓ_{t'}: all that the spike can have an effect on, which makes the estimate unbiased.
    case returnToGo = "return-to-go"
}

/// What is taken off the feedback before it becomes credit, to lower the variance.
public enum FeedbackBaseline: String, Sendable, Hashable, Codable, CaseIterable {
    case none
    /// The mean over the other passes of the same sample, which do not depend on this pass's spikes: no bias. Nothing with one
    /// pass.
    case otherPasses = "other-passes"
}

/// Algorithm 1 of arXiv:2506.21324: learning by perturbation shots inside each neuron and one broadcast feedback signal.
///
/// The outputs are given the spikes that they should have. Of each sample, M passes draw the hidden spikes; each neuron
/// estimates the gradient of the log-likelihood of its own spikes, its synapses by random perturbations (24), its angles by shift
/// rules (25). Outputs follow it (20); hidden neurons weigh it with the feedback, the log-likelihood of the outputs
/// ℓ_t = Σ_outputs log p(o_t | o^{t−1}) (22), (23).
public struct LocalRule: Sendable, Hashable, Codable {
    public var estimator: GradientEstimator
    public var shift: ShiftRule
    public var credit: CreditAssignment
    public var baseline: FeedbackBaseline
    /// Global passes M of each sample.
    public var passCount: Int
    /// Pairs of perturbations M_syn of all synapses of a neuron, in each pass.
    public var synapsePerturbations: Int
    /// ε: how far a perturbation moves every weight.
    public var perturbationSize: Double
    /// Repetitions M_som of each shift, in each pass.
    public var somaRepetitions: Int
    /// Shots M_p of each circuit.
    public var shotCount: Int
    /// Least probability that a frequency is taken for, where its logarithm or its inverse is needed; nil for 1/(2 M_p), half
    /// a shot, and 10⁻⁶ without shots.
    public var probabilityFloor: Double?
    public var mitigation: ShotMitigation

    public init(
        estimator: GradientEstimator = .conditional, shift: ShiftRule = .twoTerm,
        credit: CreditAssignment = .returnToGo, baseline: FeedbackBaseline = .otherPasses, passCount: Int = 5,
        synapsePerturbations: Int = 5, perturbationSize: Double = 0.05, somaRepetitions: Int = 1,
        shotCount: Int = 5, probabilityFloor: Double? = nil, mitigation: ShotMitigation = .none
    ) {
        self.estimator = estimator
        self.shift = shift
        self.credit = credit
        self.baseline = baseline
        self.passCount = passCount
        self.synapsePerturbations = synapsePerturbations
        self.perturbationSize = perturbationSize
        self.somaRepetitions = somaRepetitions
        self.shotCount = shotCount
        self.probabilityFloor = probabilityFloor
        self.mitigation = mitigation
    }

    public static let passCounts = 1...1000
    public static let perturbationCounts = 1...10000
    public static let perturbationSizes = 1e-6...10.0
    public static let repetitionCounts = 1...10000
    public static let shotCounts = 1...1_000_000
    public static let probabilityFloors = 1e-12...0.5

    /// What is wrong with the values, nil if nothing is.
    public var problem: String? {
        func outside<Value: Comparable>(_ name: String, _ value: Value, _ range: ClosedRange<Value>)
            -> String?
        {
            range.contains(value)
                ? nil : "\(name) is \(value), expected \(range.lowerBound) to \(range.upperBound)"
        }
        let problems = [
            outside("pass_count", passCount, Self.passCounts),
            outside("synapse_perturbations", synapsePerturbations, Self.perturbationCounts),
            outside("perturbation_size", perturbationSize, Self.perturbationSizes),
            outside("soma_repetitions", somaRepetitions, Self.repetitionCounts),
            outside("shot_count", shotCount, Self.shotCounts),
            probabilityFloor.flatMap { outside("probability_floor", $0, Self.probabilityFloors) },
            estimator == .exact && mitigation != .none
                ? "mitigation is \(mitigation.rawValue) with the exact estimator, which makes no shots" : nil,
        ]
        return problems.compactMap(\.self).first
    }

    /// Why a backend cannot run the rule, nil if it can.
    public var problemOnBackend: String? {
        switch estimator {
        case .exact: "estimator is exact, which makes no shots; expected postselected or memoryless"
        case .conditional:
            "estimator is conditional, which needs a memory held in a given state; expected postselected or memoryless"
        case .postselected where shift == .exact:
            "shift is exact with post-selected runs, whose steps share their angles; expected shift two-term, "
                + "or estimator memoryless"
        case .postselected, .memoryless: nil
        }
    }

    /// The floor in use.
    var floor: Float {
        if let probabilityFloor { return Float(probabilityFloor) }
        return estimator == .exact ? 1e-6 : 0.5 / Float(shotCount)
    }
}
