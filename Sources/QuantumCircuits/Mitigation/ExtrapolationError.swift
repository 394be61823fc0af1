import Diagnostics

/// Why values cannot be extrapolated to zero noise.
public enum ExtrapolationError: DescribedError, Equatable {
    case counts(String, found: Int, expected: Int)
    case tooFewPoints(found: Int, needed: Int)
    case scaleFactor(index: Int, found: Double)
    case repeatedScaleFactor(index: Int, found: Double)
    case value(index: Int, found: Double)
    case standardError(index: Int, found: Double)
    case asymptote(Double, index: Int, found: Double)
    case noExponential

    public var category: ErrorCategory { .badInput }

    public var description: String {
        switch self {
        case .counts(let field, let found, let expected):
            "\(field): found \(found) numbers, expected \(expected), one for each scale factor"
        case .tooFewPoints(let found, let needed):
            "scale_factors: found \(found) points, expected at least \(needed); measure at more scale factors"
        case .scaleFactor(let index, let found):
            "scale_factors[\(index)]: found \(found), expected at least 1, the noise of the device itself"
        case .repeatedScaleFactor(let index, let found):
            "scale_factors[\(index)]: found \(found) again, expected different factors; average their values"
        case .value(let index, let found): "values[\(index)]: found \(found), expected a finite number"
        case .standardError(let index, let found):
            "standard_errors[\(index)]: found \(found), expected 0 or more"
        case .asymptote(let asymptote, let index, let found):
            "values[\(index)]: found \(found), which the asymptote \(asymptote) does not allow beside the first value; "
                + "choose another asymptote or model"
        case .noExponential:
            "values: found no exponential that fits them, expected a decay that slows down; use another model"
        }
    }
}
