import Files

/// What can be wrong with a measurement of a reservoir.
public enum ReservoirError: DescribedError, Equatable {
    /// A number out of its range: its name, what was found, what was expected.
    case outOfRange(name: String, found: String, expected: String)
    /// A NARMA series that runs away again and again.
    case divergent(attempts: Int)
    /// A firing probability that came out as no number: of which neuron.
    case notFinite(neuron: Int)
    /// Normal equations of a read-out that rounding keeps from being solved.
    case singular(ridge: Double)

    public var category: ErrorCategory {
        switch self {
        case .outOfRange: .usage
        case .divergent, .notFinite, .singular: .failure
        }
    }

    public var description: String {
        switch self {
        case .outOfRange(let name, let found, let expected):
            "\(name): found \(found), expected \(expected)"
        case .divergent(let attempts):
            "the NARMA-10 series ran away in each of \(attempts) attempts; take fewer steps"
        case .notFinite(let neuron):
            "neuron \(neuron): a firing probability came out as no finite number; take smaller angles or less noise"
        case .singular(let ridge):
            "ridge: found \(ridge), with which rounding keeps the read-out from being trained; take a larger one"
        }
    }
}
