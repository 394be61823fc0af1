import Diagnostics

/// What can be wrong with a measurement of a reservoir.
public enum ReservoirError: DescribedError, Equatable {
    /// A number out of its range: its name, what was found, what was expected.
    case outOfRange(name: String, found: String, expected: String)
    /// A NARMA series that runs away again and again.
    case divergent(attempts: Int)

    public var category: ErrorCategory {
        switch self {
        case .outOfRange: .usage
        case .divergent: .failure
        }
    }

    public var description: String {
        switch self {
        case .outOfRange(let name, let found, let expected):
            "\(name): found \(found), expected \(expected)"
        case .divergent(let attempts):
            "the NARMA-10 series ran away in each of \(attempts) attempts; take fewer steps"
        }
    }
}
