import DeviceNoise
import QuantumCircuits

/// Linear least squares by orthogonalisation, for a few columns.
struct LeastSquares {
    /// Orthonormal, one for each column.
    private let directions: [[Double]]
    /// R of x = Q R, upper triangular.
    private let upper: [[Double]]

    /// - Parameter columns: x, `[column][point]`, linearly independent.
    init(_ columns: [[Double]]) {
        var directions: [[Double]] = []
        var upper = columns.map { _ in [Double](repeating: 0, count: columns.count) }
        for (index, column) in columns.enumerated() {
            var direction = column
            // Twice is enough: rounding leaves the first pass not quite orthogonal.
            for _ in 0..<2 {
                for (other, earlier) in directions.enumerated() {
                    let overlap = Self.product(earlier, direction)
                    upper[other][index] += overlap
                    direction = zip(direction, earlier).map { $0 - overlap * $1 }
                }
            }
            let length = Self.product(direction, direction).squareRoot()
            upper[index][index] = length
            directions.append(direction.map { $0 / length })
        }
        self.directions = directions
        self.upper = upper
    }

    /// Coefficients β that make Σ_i (y_i − Σ_k β_k x_ki)² smallest, and that sum.
    func fit(_ values: [Double]) -> (coefficients: [Double], residual: Double) {
        var rest = values
        var coefficients: [Double] = []
        for direction in directions {
            let projection = Self.product(direction, rest)
            rest = zip(rest, direction).map { $0 - projection * $1 }
            coefficients.append(projection)
        }
        for index in coefficients.indices.reversed() {
            for later in coefficients.indices.dropFirst(index + 1) {
                coefficients[index] -= upper[index][later] * coefficients[later]
            }
            coefficients[index] /= upper[index][index]
        }
        return (coefficients, Self.product(rest, rest))
    }

    /// The weights w with Σ_k g_k β_k = Σ_i w_i y_i, whatever the values y: w = Q R⁻ᵀ g.
    func weights(of functional: [Double]) -> [Double] {
        var solution = functional
        for index in solution.indices {
            for earlier in 0..<index { solution[index] -= upper[earlier][index] * solution[earlier] }
            solution[index] /= upper[index][index]
        }
        return directions[0].indices.map { point in
            solution.indices.reduce(0) { $0 + solution[$1] * directions[$1][point] }
        }
    }

    private static func product(_ left: [Double], _ right: [Double]) -> Double {
        zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
    }
}
