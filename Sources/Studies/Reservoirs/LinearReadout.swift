import LinearAlgebra

/// A linear read-out of a reservoir, trained by ridge regression: for features x of mean x̄ over the training steps, the
/// weights w that make
///
///     Σ_t (y_t − ȳ − w·(x_t − x̄))² + λ v Σ_i w_i²
///
/// smallest, v being the mean over the features of Σ_t (x_ti − x̄_i)², so that λ is a pure number: directions of the
/// features that vary by less than √λ of the mean variation are not read. The normal equations are factorised once, by
/// Cholesky, for any number of targets.
struct LinearReadout {
    private let features: RealMatrix
    private let training: Range<Int>
    private let means: [Double]
    /// Of G + λv; nil where no feature varies.
    private let factor: CholeskyFactor?

    /// - Parameters:
    ///   - features: one row for each step, or each sample, one column for each feature.
    ///   - training: the rows to train on.
    ///   - ridge: λ, positive.
    /// - Throws: ``ReservoirError/singular(ridge:)``.
    /// - Complexity: O(rows × features² + features³).
    init(_ features: RealMatrix, training: Range<Int>, ridge: Double) throws(ReservoirError) {
        let count = features.columnCount
        let means = (0..<count).map { feature in
            training.reduce(0) { $0 + features[$1, feature] } / Double(training.count)
        }
        var gram = RealMatrix(rowCount: count, columnCount: count)
        for step in training {
            for row in 0..<count {
                let deviation = features[step, row] - means[row]
                for column in 0...row {
                    gram[row, column] += deviation * (features[step, column] - means[column])
                }
            }
        }
        let variation = (0..<count).reduce(0) { $0 + gram[$1, $1] } / Double(count)
        for index in 0..<count { gram[index, index] += ridge * variation }
        self.features = features
        self.training = training
        self.means = means
        // A spread of 10⁻¹² a step is what rounding leaves of features that do not vary.
        guard variation > 1e-24 * Double(training.count) else {
            factor = nil
            return
        }
        guard let factor = CholeskyFactor(gram) else { throw .singular(ridge: ridge) }
        self.factor = factor
    }

    /// ȳ + w·(x − x̄), the answer to features that need not be those of the training.
    struct Answer {
        let mean: Double
        let weights: [Double]
        let featureMeans: [Double]

        /// - Parameter row: of the features to answer to.
        func callAsFunction(_ features: RealMatrix, row: Int) -> Double {
            weights.indices.reduce(mean) { $0 + weights[$1] * (features[row, $1] - featureMeans[$1]) }
        }
    }

    /// The read-out trained to follow a target.
    ///
    /// - Parameter target: one value for each row of the features; those outside the training rows are not looked at.
    func trained(on target: [Double]) -> Answer {
        let mean = training.reduce(0) { $0 + target[$1] } / Double(training.count)
        guard let factor else { return Answer(mean: mean, weights: [], featureMeans: []) }
        var weights = [Double](repeating: 0, count: features.columnCount)
        for step in training {
            let deviation = target[step] - mean
            for feature in weights.indices {
                weights[feature] += deviation * (features[step, feature] - means[feature])
            }
        }
        return Answer(mean: mean, weights: factor.solve(weights), featureMeans: means)
    }

    /// The answers at some rows, once trained to follow a target.
    func predictions(of target: [Double], at rows: Range<Int>) -> [Double] {
        let answer = trained(on: target)
        return rows.map { answer(features, row: $0) }
    }
}
