import Foundation

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
    }

    /// Factors by which the noise was scaled, λ ≥ 1, all different.
    public let scaleFactors: [Double]
    public let values: [Double]
    /// Standard deviation of each value; nil where unknown.
    public let standardErrors: [Double]?

    /// - Throws: ``ExtrapolationError`` unless there are at least two points with finite numbers, as many of each, with
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
    /// - Throws: ``ExtrapolationError`` where there are fewer points than parameters, or no curve of the model fits.
    public func estimate(_ model: Model) throws(ExtrapolationError) -> Estimate {
        let parameterCount = parameterCount(model)
        guard scaleFactors.count >= parameterCount else {
            throw .tooFewPoints(found: scaleFactors.count, needed: parameterCount)
        }
        let fit = try fit(model, values)
        return Estimate(
            model: model, value: fit.value,
            standardError: try standardError(model, fit, parameterCount: parameterCount))
    }

    private func parameterCount(_ model: Model) -> Int {
        switch model {
        case .linear: 2
        case .polynomial(let order): max(order, 0) + 1
        case .richardson: scaleFactors.count
        case .exponential(let asymptote): asymptote == nil ? 3 : 2
        }
    }

    /// Value at scale 0, sum of squared residuals.
    private typealias Fit = (value: Double, residual: Double)

    private func fit(_ model: Model, _ values: [Double]) throws(ExtrapolationError) -> Fit {
        switch model {
        case .linear: return polynomialFit(values, order: 1)
        case .polynomial(let order): return polynomialFit(values, order: max(order, 0))
        case .richardson: return polynomialFit(values, order: scaleFactors.count - 1)
        case .exponential(let asymptote?): return try exponentialFit(values, asymptote: asymptote)
        case .exponential(nil): return try exponentialFit(values)
        }
    }

    private func polynomialFit(_ values: [Double], order: Int) -> Fit {
        let columns = (0...order).map { power in scaleFactors.map { pow($0, Double(power)) } }
        let fit = LeastSquares.fit(columns, to: values)
        return (fit.coefficients[0], fit.residual)
    }

    private func exponentialFit(
        _ values: [Double], asymptote: Double
    ) throws(ExtrapolationError) -> Fit {
        let sign: Double = values[0] < asymptote ? -1 : 1
        let distances = values.map { sign * ($0 - asymptote) }
        if let index = distances.firstIndex(where: { $0 <= 0 }) {
            throw .asymptote(asymptote, index: index, found: values[index])
        }
        let fit = LeastSquares.fit(
            [scaleFactors.map { _ in 1 }, scaleFactors], to: distances.map { log($0) },
            weights: distances.map { $0.squareRoot() })
        let residual = zip(scaleFactors, distances).reduce(0) { sum, point in
            let difference = exp(fit.coefficients[0] + fit.coefficients[1] * point.0) - point.1
            return sum + difference * difference
        }
        return (asymptote + sign * exp(fit.coefficients[0]), residual)
    }

    /// With the rate c given, A and b are linear; c is searched for.
    private func exponentialFit(_ values: [Double]) throws(ExtrapolationError) -> Fit {
        let ones = scaleFactors.map { _ in 1.0 }
        func fit(_ logRate: Double) -> Fit {
            let rate = exp(logRate)
            let fit = LeastSquares.fit([ones, scaleFactors.map { exp(-rate * $0) }], to: values)
            return (fit.coefficients[0] + fit.coefficients[1], fit.residual)
        }
        let extent = (scaleFactors.max() ?? 1) - (scaleFactors.min() ?? 0)
        // From a line for all purposes to a step at the first point.
        let (first, last, count) = (log(1e-3 / extent), log(30 / extent), 200)
        let rates = (0...count).map { first + (last - first) * Double($0) / Double(count) }
        let residuals = rates.map { fit($0).residual }
        guard let best = residuals.indices.min(by: { residuals[$0] < residuals[$1] }), best > 0, best < count
        else { throw .noExponential }
        var (low, high) = (rates[best - 1], rates[best + 1])
        // Golden section, to the precision that a minimum allows.
        let ratio = (5.0.squareRoot() - 1) / 2
        for _ in 0..<80 {
            let (left, right) = (high - ratio * (high - low), low + ratio * (high - low))
            if fit(left).residual < fit(right).residual { high = right } else { low = left }
        }
        return fit((low + high) / 2)
    }

    /// √(Σ (∂value/∂y_i)² σ_i²)
    private func standardError(
        _ model: Model, _ fit: Fit, parameterCount: Int
    ) throws(ExtrapolationError) -> Double? {
        let freedom = values.count - parameterCount
        let deviations: [Double]
        if let standardErrors {
            deviations = standardErrors
        } else if freedom > 0 {
            deviations = values.map { _ in (fit.residual / Double(freedom)).squareRoot() }
        } else {
            return nil
        }
        let step = 1e-5 * ((values.max() ?? 0) - (values.min() ?? 0))
        guard step > 0 else { return nil }
        var sum = 0.0
        for index in values.indices where deviations[index] > 0 {
            var (above, below) = (values, values)
            above[index] += step
            below[index] -= step
            let slope = try (self.fit(model, above).value - self.fit(model, below).value) / (2 * step)
            sum += slope * slope * deviations[index] * deviations[index]
        }
        return sum.squareRoot()
    }
}
