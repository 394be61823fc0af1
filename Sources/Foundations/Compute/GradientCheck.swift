/// How far a gradient is from the slope of its function, at the entry where it is farthest.
public struct GradientCheck: CustomStringConvertible, Sendable {
    public let index: Int
    public let given: Double
    public let slope: Double
    public let tolerance: Double

    /// |given − slope|, relative to the slope where that exceeds 1.
    public var error: Double { abs(given - slope) / max(1, abs(slope)) }
    public var passed: Bool { error <= tolerance }

    public var description: String {
        "worst entry \(index): gradient \(given), slope \(slope), error \(error), tolerance \(tolerance)"
    }
}

/// Compares a gradient with central differences of its function.
///
/// Differences over steps h and h/2 are combined (Richardson) so that the error falls with h⁴: with
/// the default h, about 1e-10 for smooth functions of order 1.
///
/// - Parameters:
///   - function: takes as many values as `point` has.
///   - point: where the gradient was taken; the function must be smooth within `step` of it.
///   - gradient: one entry for each value of `point`.
///   - tolerance: the largest error that passes.
public func gradientCheck(
    function: ([Double]) throws -> Double, at point: [Double], gradient: [Double], tolerance: Double,
    step: Double = 2e-3
) rethrows -> GradientCheck {
    precondition(gradient.count == point.count, "one entry of the gradient for each value")
    var worst = GradientCheck(index: 0, given: 0, slope: 0, tolerance: tolerance)
    for index in point.indices {
        func difference(over step: Double) throws -> Double {
            var (above, below) = (point, point)
            above[index] += step
            below[index] -= step
            return (try function(above) - function(below)) / (2 * step)
        }
        let slope = (4 * (try difference(over: step / 2)) - (try difference(over: step))) / 3
        let check = GradientCheck(
            index: index, given: gradient[index], slope: slope, tolerance: tolerance)
        // Nothing is worse than NaN.
        if check.error.isNaN { return check }
        if check.error > worst.error { worst = check }
    }
    return worst
}
