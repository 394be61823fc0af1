/// Linear least squares by orthogonalisation, for a few columns.
enum LeastSquares {
    /// Coefficients β that make Σ w_i² (y_i − Σ_k β_k x_ki)² smallest, and that sum.
    ///
    /// - Parameters:
    ///   - columns: x, `[column][point]`, linearly independent.
    ///   - weights: w; 1 if nil.
    static func fit(
        _ columns: [[Double]], to values: [Double], weights: [Double]? = nil
    ) -> (coefficients: [Double], residual: Double) {
        func weighted(_ numbers: [Double]) -> [Double] {
            weights.map { zip(numbers, $0).map { $0 * $1 } } ?? numbers
        }
        func product(_ left: [Double], _ right: [Double]) -> Double {
            zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
        }
        let count = columns.count
        var directions: [[Double]] = []
        var upper = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
        var rest = weighted(values)
        var projections: [Double] = []
        for (index, column) in columns.enumerated() {
            var direction = weighted(column)
            // Twice is enough: rounding leaves the first pass not quite orthogonal.
            for _ in 0..<2 {
                for (other, earlier) in directions.enumerated() {
                    let overlap = product(earlier, direction)
                    upper[other][index] += overlap
                    direction = zip(direction, earlier).map { $0 - overlap * $1 }
                }
            }
            let length = product(direction, direction).squareRoot()
            upper[index][index] = length
            direction = direction.map { $0 / length }
            let projection = product(direction, rest)
            rest = zip(rest, direction).map { $0 - projection * $1 }
            directions.append(direction)
            projections.append(projection)
        }
        var coefficients = [Double](repeating: 0, count: count)
        for index in (0..<count).reversed() {
            let known = (index + 1..<count).reduce(0) { $0 + upper[index][$1] * coefficients[$1] }
            coefficients[index] = (projections[index] - known) / upper[index][index]
        }
        return (coefficients, product(rest, rest))
    }
}
