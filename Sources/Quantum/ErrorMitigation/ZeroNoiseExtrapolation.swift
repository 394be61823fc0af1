import QuantumCircuits

/// Values measured at several scales of the noise, and what they would be without noise.
///
/// Zero-noise extrapolation as Mitiq defines it (LaRose et al., Quantum 6, 774, 2022): a model is fitted to the values over the
/// scale factors of the noise, and read off at scale 0.
public struct ZeroNoiseExtrapolation: Sendable, Hashable {
    /// How the value is taken to depend on the scale factor λ.
    public enum Model: Sendable, Hashable {
        /// a + bλ, least squares.
        case linear
        /// A polynomial of this order, least squares.
        case polynomial(order: Int)
        /// The polynomial through all points.
        case richardson
        /// A + b exp(−cλ); A is fitted too where it is nil. With a given A, least squares of the logarithm of the
        /// distance from it, weighted by the distance, so that the errors count as those of the values.
        case exponential(asymptote: Double?)

        /// Those that the commands fit: line, parabola, polynomial through all points, exponentials without and with a given
        /// asymptote.
        public static func usual(asymptote: Double) -> [Model] {
            [
                .linear, .polynomial(order: 2), .richardson, .exponential(asymptote: nil),
                .exponential(asymptote: asymptote),
            ]
        }

        /// `linear`, `polynomial_2`, `richardson`, `exponential`, `exponential_asymptote_0.5`.
        public var name: String {
            switch self {
            case .linear: "linear"
            case .polynomial(let order): "polynomial_\(order)"
            case .richardson: "richardson"
            case .exponential(nil): "exponential"
            case .exponential(let asymptote?): "exponential_asymptote_\(asymptote)"
            }
        }
    }

    /// A value without noise.
    public struct Estimate: Sendable, Hashable {
        public let model: Model
        public let value: Double
        /// One standard deviation: from the errors of the values where they are known, from the residuals of the fit where
        /// there are more points than parameters, nil otherwise.
        public let standardError: Double?
        /// Σ |∂value/∂y_i|: by how much the largest error of a value can grow on the way to the estimate.
        public let amplification: Double
    }

    /// Estimates whose errors are at least this many times those of the values are refused: with fifteen digits in a value, no more
    /// than three would be left.
    public static let largestAmplification = 1e12

    /// The most points that are extrapolated together.
    public static let maximumPointCount = 1000

    /// Factors by which the noise was scaled, λ ≥ 1, all different.
    public let scaleFactors: [Double]
    public let values: [Double]
    /// Standard deviation of each value; nil where unknown.
    public let standardErrors: [Double]?

    /// - Throws: ``ExtrapolationError`` unless there are 2 to 1000 points with finite numbers, as many of each, with
    ///   different factors of at least 1.
    public init(
        scaleFactors: [Double], values: [Double], standardErrors: [Double]? = nil
    ) throws(ExtrapolationError) {
        guard values.count == scaleFactors.count else {
            throw .counts("values", found: values.count, expected: scaleFactors.count)
        }
        if let standardErrors, standardErrors.count != scaleFactors.count {
            throw .counts("standard_errors", found: standardErrors.count, expected: scaleFactors.count)
        }
        guard scaleFactors.count >= 2 else { throw .tooFewPoints(found: scaleFactors.count, needed: 2) }
        guard scaleFactors.count <= Self.maximumPointCount else {
            throw .tooManyPoints(found: scaleFactors.count)
        }
        for (index, factor) in scaleFactors.enumerated() {
            guard factor.isFinite, factor >= 1 else { throw .scaleFactor(index: index, found: factor) }
            guard !scaleFactors[..<index].contains(factor) else {
                throw .repeatedScaleFactor(index: index, found: factor)
            }
            guard values[index].isFinite else { throw .value(index: index, found: values[index]) }
            if let error = standardErrors?[index], !(error.isFinite && error >= 0) {
                throw .standardError(index: index, found: error)
            }
        }
        self.scaleFactors = scaleFactors
        self.values = values
        self.standardErrors = standardErrors
    }

    /// The value at the least noise that was measured.
    public var unmitigated: Double {
        zip(scaleFactors, values).min { $0.0 < $1.0 }?.1 ?? .nan
    }

    /// The value without noise.
    ///
    /// - Throws: ``ExtrapolationError`` where there are fewer points than parameters, no curve of the model fits, or the points are
    ///   so many or so close together that the estimate is made of rounding errors.
    public func estimate(_ model: Model) throws(ExtrapolationError) -> Estimate {
        let parameterCount = parameterCount(model)
        guard scaleFactors.count >= parameterCount else {
            throw .tooFewPoints(found: scaleFactors.count, needed: parameterCount)
        }
        let fit = try fit(model)
        let amplification = fit.weights.reduce(0) { $0 + abs($1) }
        guard amplification < Self.largestAmplification else {
            throw .weights(model.name, sum: amplification)
        }
        let standardError = standardError(fit, parameterCount: parameterCount)
        guard fit.value.isFinite, standardError?.isFinite ?? true else { throw .notFinite(model.name) }
        return Estimate(
            model: model, value: fit.value, standardError: standardError, amplification: amplification)
    }

    private func parameterCount(_ model: Model) -> Int {
        switch model {
        case .linear: 2
        case .polynomial(let order): max(order, 0) + 1
        case .richardson: scaleFactors.count
        case .exponential(let asymptote): asymptote == nil ? 3 : 2
        }
    }

    private func fit(_ model: Model) throws(ExtrapolationError) -> ExtrapolationFit {
        switch model {
        case .exponential(let asymptote?):
            return try ExtrapolationFit(asymptote: asymptote, nearestTo: values, at: scaleFactors)
        case .exponential(nil): return try ExtrapolationFit(exponentialNearestTo: values, at: scaleFactors)
        case .linear, .polynomial, .richardson:
            let order = parameterCount(model) - 1
            return order == scaleFactors.count - 1
                ? ExtrapolationFit(through: values, at: scaleFactors)
                : ExtrapolationFit(polynomialOf: order, nearestTo: values, at: scaleFactors)
        }
    }

    /// √(Σ w_i² σ_i²)
    private func standardError(_ fit: ExtrapolationFit, parameterCount: Int) -> Double? {
        let freedom = values.count - parameterCount
        guard standardErrors != nil || freedom > 0 else { return nil }
        let common = (fit.residual / Double(freedom)).squareRoot()
        return fit.weights.indices.reduce(0) { sum, point in
            let deviation = fit.weights[point] * (standardErrors?[point] ?? common)
            return sum + deviation * deviation
        }.squareRoot()
    }
}
