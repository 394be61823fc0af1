import Glibc
import LinearAlgebra
import QuantumCircuits

/// A curve through values over positions, read off at position 0: the value there, and how it follows from the values.
struct ExtrapolationFit {
    let value: Double
    /// ∂value/∂y_i. For polynomials, whose value is linear in the values, it is Σ w_i y_i.
    let weights: [Double]
    /// Sum of the squared distances of the values from the curve.
    let residual: Double

    // MARK: Polynomials

    /// The polynomial through all points, by Lagrange's formula w_i = ∏_{j≠i} x_j / (x_j − x_i): each weight is right to the
    /// last digits, however many points there are and however close they stand.
    init(through values: [Double], at positions: [Double]) {
        weights = positions.indices.map { point in
            positions.indices.reduce(1) { product, other in
                other == point
                    ? product : product * (positions[other] / (positions[other] - positions[point]))
            }
        }
        value = Self.sum(weights, values)
        residual = 0
    }

    /// The polynomial of an order below the number of points that is nearest to the values, by the polynomials that are orthogonal
    /// over the points (Forsythe, J. SIAM 5, 74, 1957): w_i = Σ_k q_k(0) q_k(x_i) / Σ_j q_k(x_j)².
    init(polynomialOf order: Int, nearestTo values: [Double], at positions: [Double]) {
        let axis = Axis(positions)
        var (now, before) = (axis.points.map { _ in 1.0 }, axis.points.map { _ in 0.0 })
        var (nowAtZero, beforeAtZero, squareBefore) = (1.0, 0.0, 1.0)
        var weights = [Double](repeating: 0, count: values.count)
        var rest = values
        for degree in 0...order {
            let square = Self.sum(now, now)
            let projection = Self.sum(now, rest) / square
            for point in values.indices {
                weights[point] += nowAtZero / square * now[point]
                rest[point] -= projection * now[point]
            }
            let center = Self.sum(axis.points, now.map { $0 * $0 }) / square
            let shrinking = degree == 0 ? 0 : square / squareBefore
            let next = values.indices.map { (axis.points[$0] - center) * now[$0] - shrinking * before[$0] }
            let nextAtZero = (axis.zero - center) * nowAtZero - shrinking * beforeAtZero
            (before, now, beforeAtZero, nowAtZero) = (now, next, nowAtZero, nextAtZero)
            squareBefore = square
        }
        self.weights = weights
        value = Self.sum(weights, values)
        residual = Self.sum(rest, rest)
    }

    // MARK: Exponentials

    /// A + b exp(−cx) with A given: the line nearest to the logarithms of the distances d_i from A, weighted by the distances, so
    /// that the errors count as those of the values.
    ///
    /// The normal equations Xᵀ D (log d − X β) = 0 give ∂β = (Xᵀ D X)⁻¹ Xᵀ (1 + r) ∂d, with r = log d − X β.
    /// - Throws: ``ExtrapolationError/asymptote(_:index:found:)`` where a value is not on the same side of A as the first.
    init(
        asymptote: Double, nearestTo values: [Double], at positions: [Double]
    ) throws(ExtrapolationError) {
        let sign: Double = values[0] < asymptote ? -1 : 1
        let distances = values.map { sign * ($0 - asymptote) }
        if let index = distances.firstIndex(where: { $0 <= 0 }) {
            throw .asymptote(asymptote, index: index, found: values[index])
        }
        let axis = Axis(positions)
        let total = distances.reduce(0, +)
        let center = Self.sum(distances, axis.points) / total
        let spread = Self.sum(distances, axis.points.map { ($0 - center) * ($0 - center) })
        let logarithms = distances.map { log($0) }
        let height = Self.sum(distances, logarithms) / total
        let slope =
            zip(distances, zip(axis.points, logarithms))
            .reduce(0) { $0 + $1.0 * ($1.1.0 - center) * ($1.1.1 - height) } / spread
        let distance = exp(height + slope * (axis.zero - center))
        let curve = axis.points.map { height + slope * ($0 - center) }
        value = asymptote + sign * distance
        weights = values.indices.map { point in
            let share = 1 / total + (axis.zero - center) * (axis.points[point] - center) / spread
            return distance * share * (1 + logarithms[point] - curve[point])
        }
        residual = zip(curve, distances).reduce(0) { $0 + pow(exp($1.0) - $1.1, 2) }
    }

    /// A + b exp(−cx). With the rate c given, A and b are linear; c is searched for. Weights are those of the curve's tangents: exact
    /// for three points, and else up to terms in the distances of the values from the curve.
    ///
    /// - Throws: ``ExtrapolationError/noExponential`` where no decay fits.
    init(exponentialNearestTo values: [Double], at positions: [Double]) throws(ExtrapolationError) {
        let axis = Axis(positions)
        func decay(_ rate: Double) -> [Double] { axis.points.map { exp(-rate * $0) } }
        func fit(_ logRate: Double) -> (coefficients: [Double], residual: Double) {
            LeastSquares([axis.points.map { _ in 1 }, decay(exp(logRate))]).fit(values)
        }
        // From a line for all purposes to a step at the first point.
        let (first, last, count) = (log(1e-3), log(30.0), 200)
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
        let (coefficients, residual) = fit((low + high) / 2)
        let rate = exp((low + high) / 2)
        let (amplitude, atZero) = (coefficients[1], exp(-rate * axis.zero))
        value = coefficients[0] + amplitude * atZero
        let tangents = LeastSquares([
            axis.points.map { _ in 1 }, decay(rate),
            zip(axis.points, decay(rate)).map { -amplitude * $0 * $1 },
        ])
        weights = tangents.weights(of: [1, atZero, -amplitude * axis.zero * atZero])
        self.residual = residual
    }

    // MARK: -

    /// Positions moved and scaled to 0 … 1, which keeps the digits of those that stand close together, and the squares of large ones
    /// finite.
    private struct Axis {
        let points: [Double]
        /// Where position 0 is.
        let zero: Double

        init(_ positions: [Double]) {
            let low = positions.min() ?? 0
            let extent = (positions.max() ?? 1) - low
            points = positions.map { ($0 - low) / extent }
            zero = -low / extent
        }
    }

    private static func sum(_ left: [Double], _ right: [Double]) -> Double {
        zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
    }
}
