import Compute
import Neurons

/// What a reservoir remembers of its inputs, as far as a linear read-out can tell.
///
/// - **Linear** (Jaeger 2002): MC_k, the squared correlation, on the test steps, of u_{t−k} with a read-out trained to give
///   it, u being independent and uniform.
/// - **Quadratic** (Dambre and others, Sci. Rep. 2, 514, 2012): the sum of the same over all normalised products of degree
///   2, P₂(u_{t−k}) and P₁(u_{t−j}) P₁(u_{t−k}) with j < k ≤ K, P the Legendre polynomials.
///
/// A capacity is at most 1, and all of them together at most the number of features. A reservoir that remembers nothing has
/// a squared correlation too: over n test steps n r² is about χ² distributed with one degree of freedom, so the mean is 1/n.
/// Values below ``threshold`` = 15.14/n, which chance passes once in 10,000 times, count as 0 in the sums.
public struct MemoryCapacity: Hashable, Sendable {
    /// MC_k for k = 0 ... K, as measured.
    public let linear: [Double]
    /// Σ_k MC_k over k = 0 ... K.
    public let linearTotal: Double
    /// Σ_k MC_k over k = 1 ... K: memory alone.
    public let pastTotal: Double
    /// The quadratic capacities, summed.
    public let quadraticTotal: Double
    /// What a capacity must pass to be counted.
    public let threshold: Double

    public static let lagCounts = 1...200

    /// The 10⁻⁴ quantile from above of χ² with one degree of freedom.
    static let chiSquaredQuantile = 15.14

    /// u of every step.
    public static func inputs(stepCount: Int, seed: UInt64) -> [Double] {
        var random = RandomStream(seed: seed, purpose: .analysis, population: StreamPopulation.inputs)
            .generator()
        return (0..<stepCount).map { _ in Double.random(in: 0...1, using: &random) }
    }

    /// - Parameters:
    ///   - reservoir: what is driven.
    ///   - lagCount: K.
    ///   - schedule: steps; lags reach back into the washout.
    ///   - shots: runs that each firing probability is estimated from; nil for exact ones.
    ///   - ridge: λ of the read-out, see `LinearReadout`.
    ///   - seed: of the inputs.
    /// - Throws: ``ReservoirError`` if the washout is shorter than the largest lag, or a number comes out as none.
    public init(
        of reservoir: Reservoir, lagCount: Int, schedule: ReservoirSchedule, shots: Int? = nil,
        ridge: Double = 1e-9, seed: UInt64, parallelism: Parallelism = Parallelism(threadCount: 1)
    ) throws {
        guard schedule.washout >= lagCount else {
            throw ReservoirError.outOfRange(
                name: "washout", found: "\(schedule.washout)",
                expected: "at least \(lagCount), the largest lag")
        }
        let inputs = Self.inputs(stepCount: schedule.stepCount, seed: seed)
        let readout = try LinearReadout(
            try reservoir.features(inputs, shots: shots, parallelism: parallelism),
            training: schedule.training, ridge: ridge)
        func capacity(_ target: [Double]) -> Double {
            squaredCorrelation(
                readout.predictions(of: target, at: schedule.test), Array(target[schedule.test]))
        }
        // P₁ of the input on −1 … 1, by lag; the first steps have no past, and nobody looks at them.
        let delayed = (0...lagCount).map { lag in
            inputs.indices.map { $0 < lag ? 0 : 2 * inputs[$0 - lag] - 1 }
        }
        let threshold = Self.chiSquaredQuantile / Double(schedule.testSteps)
        let linear = delayed.map(capacity)
        func total(_ capacities: some Sequence<Double>) -> Double {
            capacities.reduce(0) { $1 > threshold ? $0 + $1 : $0 }
        }
        let products = (0...lagCount).flatMap { lag in
            (0...lag).map { later in
                // P₂(v) = (3 v² − 1)/2; constant factors and terms do not change a correlation.
                zip(delayed[lag], delayed[later]).map { $0 * $1 }
            }
        }
        self.threshold = threshold
        self.linear = linear
        linearTotal = total(linear)
        pastTotal = total(linear.dropFirst())
        quadraticTotal = total(products.lazy.map(capacity))
    }
}

/// cov²/(var · var); 0 where one of the two does not vary.
func squaredCorrelation(_ left: [Double], _ right: [Double]) -> Double {
    let count = Double(left.count)
    let (leftMean, rightMean) = (left.reduce(0, +) / count, right.reduce(0, +) / count)
    var (covariance, leftVariance, rightVariance) = (0.0, 0.0, 0.0)
    for (left, right) in zip(left, right) {
        covariance += (left - leftMean) * (right - rightMean)
        leftVariance += (left - leftMean) * (left - leftMean)
        rightVariance += (right - rightMean) * (right - rightMean)
    }
    let product = leftVariance * rightVariance
    return product > 0 ? covariance * covariance / product : 0
}
