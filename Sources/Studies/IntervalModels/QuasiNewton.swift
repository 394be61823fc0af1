/// Minimisation of a smooth function of a few numbers by the quasi-Newton method of Broyden, Fletcher, Goldfarb and Shanno, with
/// slopes from central differences.
struct QuasiNewton {
    /// Steps at most.
    var iterationCount = 100
    /// A step that gains less ends it.
    var tolerance = 1e-9
    /// Of the differences: their error is of order h².
    var difference = 1e-5

    struct Minimum {
        var point: [Double]
        var value: Double
    }

    /// - Parameter function: infinite or no number where the point is not allowed.
    func minimise(from start: [Double], _ function: ([Double]) -> Double) -> Minimum {
        let count = start.count
        var point = start
        var value = function(point)
        var slopes = gradient(point, function)
        var inverse = (0..<count).map { row in (0..<count).map { row == $0 ? 1.0 : 0 } }
        var isFresh = true
        for _ in 0..<iterationCount {
            guard value.isFinite, slopes.allSatisfy(\.isFinite) else { break }
            var direction = inverse.map { row in -Self.product(row, slopes) }
            var descent = Self.product(direction, slopes)
            if descent >= 0 {
                // Rounding has spoilt what was learnt of the curvature.
                inverse = (0..<count).map { row in (0..<count).map { row == $0 ? 1.0 : 0 } }
                direction = slopes.map { -$0 }
                descent = Self.product(direction, slopes)
                isFresh = true
            }
            var length = isFresh ? min(1, 0.5 / max(Self.product(slopes, slopes).squareRoot(), 1e-12)) : 1
            var next = point
            var found = Double.infinity
            // Armijo's rule, by halves.
            for _ in 0..<30 {
                next = zip(point, direction).map { $0 + length * $1 }
                found = function(next)
                if found <= value + 1e-4 * length * descent { break }
                length /= 2
            }
            guard found < value else { break }
            let gain = value - found
            let nextSlopes = gradient(next, function)
            let step = zip(next, point).map { $0 - $1 }
            let change = zip(nextSlopes, slopes).map { $0 - $1 }
            let curvature = Self.product(step, change)
            if curvature > 1e-14 {
                if isFresh {
                    let scale = curvature / Self.product(change, change)
                    inverse = (0..<count).map { row in (0..<count).map { row == $0 ? scale : 0 } }
                    isFresh = false
                }
                Self.update(&inverse, step: step, change: change, curvature: curvature)
            }
            (point, value, slopes) = (next, found, nextSlopes)
            if gain < tolerance { break }
        }
        return Minimum(point: point, value: value)
    }

    private func gradient(_ point: [Double], _ function: ([Double]) -> Double) -> [Double] {
        point.indices.map { index in
            var (above, below) = (point, point)
            above[index] += difference
            below[index] -= difference
            return (function(above) - function(below)) / (2 * difference)
        }
    }

    /// H ← (1 − s yᵀ/yᵀs) H (1 − y sᵀ/yᵀs) + s sᵀ/yᵀs.
    private static func update(
        _ inverse: inout [[Double]], step: [Double], change: [Double], curvature: Double
    ) {
        let image = inverse.map { product($0, change) }
        let stretch = (1 + product(change, image) / curvature) / curvature
        for row in step.indices {
            for column in step.indices {
                inverse[row][column] +=
                    stretch * step[row] * step[column]
                    - (image[row] * step[column] + step[row] * image[column]) / curvature
            }
        }
    }

    private static func product(_ left: [Double], _ right: [Double]) -> Double {
        zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
    }
}
