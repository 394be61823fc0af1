/// Minimisation of a smooth function of a few numbers by the quasi-Newton method of Broyden, Fletcher, Goldfarb and Shanno, with
/// slopes from central differences.
struct QuasiNewton {
    /// Steps at most.
    var iterationCount = 100
    /// Two steps after one another that gain less end it.
    var tolerance = 1e-11
    /// Of the differences: their error is of order h².
    var difference = 1e-5
    /// The longest step of any number.
    var longestStep = 0.7

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
        var inverse = Self.identity(count, scale: Self.firstScale(slopes))
        var isFresh = true
        var idleCount = 0
        for _ in 0..<iterationCount {
            guard value.isFinite, slopes.allSatisfy(\.isFinite) else { break }
            var direction = inverse.map { row in -Self.product(row, slopes) }
            if Self.product(direction, slopes) >= 0 {
                // Rounding has spoilt what was learnt of the curvature.
                inverse = Self.identity(count, scale: Self.firstScale(slopes))
                direction = inverse.map { row in -Self.product(row, slopes) }
                isFresh = true
            }
            let descent = Self.product(direction, slopes)
            var length = min(1, longestStep / max(direction.map { abs($0) }.max() ?? 1, 1e-300))
            var next = point
            var found = Double.infinity
            // Armijo's rule, by halves.
            for _ in 0..<30 {
                next = zip(point, direction).map { $0 + length * $1 }
                found = function(next)
                if found <= value + 1e-4 * length * descent { break }
                length /= 2
            }
            guard found < value else {
                if isFresh { break }
                inverse = Self.identity(count, scale: Self.firstScale(slopes))
                isFresh = true
                continue
            }
            idleCount = value - found < tolerance ? idleCount + 1 : 0
            let nextSlopes = gradient(next, function)
            let step = zip(next, point).map { $0 - $1 }
            let change = zip(nextSlopes, slopes).map { $0 - $1 }
            let curvature = Self.product(step, change)
            if curvature > 1e-14 {
                if isFresh {
                    inverse = Self.identity(count, scale: curvature / Self.product(change, change))
                    isFresh = false
                }
                Self.update(&inverse, step: step, change: change, curvature: curvature)
            }
            (point, value, slopes) = (next, found, nextSlopes)
            if idleCount == 2 { break }
        }
        return Minimum(point: point, value: value)
    }

    private static func identity(_ count: Int, scale: Double) -> [[Double]] {
        (0..<count).map { row in (0..<count).map { row == $0 ? scale : 0 } }
    }

    /// A first step of at most 0.2.
    private static func firstScale(_ slopes: [Double]) -> Double {
        0.2 / max(product(slopes, slopes).squareRoot(), 0.2)
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
