import QuantumCircuits
import Files

/// Why values cannot be extrapolated to zero noise.
public enum ExtrapolationError: DescribedError, Equatable {
    case counts(String, found: Int, expected: Int)
    case tooFewPoints(found: Int, needed: Int)
    case tooManyPoints(found: Int)
    case scaleFactor(index: Int, found: Double)
    case repeatedScaleFactor(index: Int, found: Double)
    case value(index: Int, found: Double)
    case standardError(index: Int, found: Double)
    case asymptote(Double, index: Int, found: Double)
    case noExponential
    /// An estimate whose weights are so large that it is made of rounding errors: the model, and the sum of their magnitudes.
    case weights(String, sum: Double)
    /// Values too large to be added up.
    case notFinite(String)

    public var category: ErrorCategory { .badInput }

    public var description: String {
        switch self {
        case .counts(let field, let found, let expected):
            "\(field): found \(found) numbers, expected \(expected), one for each scale factor"
        case .tooFewPoints(let found, let needed):
            "scale_factors: found \(found) points, expected at least \(needed); measure at more scale factors"
        case .tooManyPoints(let found):
            "scale_factors: found \(found) points, expected at most \(ZeroNoiseExtrapolation.maximumPointCount)"
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
        case .weights(let model, let sum):
            "scale_factors: by \(model) the estimate has weights of \(sum) together, expected less than "
                + "\(ZeroNoiseExtrapolation.largestAmplification): it would be made of the values' rounding errors; use fewer "
                + "scale factors, further apart, or another model"
        case .notFinite(let model):
            "values: by \(model) the estimate is no finite number; use smaller values"
        }
    }
}
