import Files

/// What can be wrong with spike trains and their fits.
public enum IntervalError: DescribedError, Equatable {
    /// Numbers that are no law of intervals.
    case law(String)
    /// A number out of its range: its name, what was found, what was expected.
    case outOfRange(name: String, found: String, expected: String)

    public var category: ErrorCategory {
        switch self {
        case .law: .badInput
        case .outOfRange: .usage
        }
    }

    public var description: String {
        switch self {
        case .law(let problem): "law of intervals: \(problem)"
        case .outOfRange(let name, let found, let expected): "\(name): found \(found), expected \(expected)"
        }
    }
}
