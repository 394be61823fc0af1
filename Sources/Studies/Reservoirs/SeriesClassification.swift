import Compute
import LinearAlgebra

/// A task of labelled series: which class is each of? A reservoir gets all numbers of a step, and the read-out its features,
/// averaged over the steps of a series, or over those of several equal parts of it.
public struct SeriesClassification: Sendable {
    /// One series and its class.
    public struct Sample: Sendable, Hashable {
        /// `[input][step]`, at least one step, all of one length.
        public let values: [[Double]]
        /// `0 ..< classCount`
        public let label: Int

        public init(values: [[Double]], label: Int) {
            self.values = values
            self.label = label
        }
    }

    public let training: [Sample]
    public let test: [Sample]
    public let classCount: Int

    public static let segmentCounts = 1...100
    /// Series that a reservoir has random numbers for.
    private static let sampleLimit = 65_536

    public var inputCount: Int { training[0].values.count }

    /// - Parameters:
    ///   - training: series to train the read-out on, at least one.
    ///   - test: series to judge by, at least one, of as many inputs.
    /// - Throws: ``ReservoirError/outOfRange(name:found:expected:)`` for no series, or more than 65,536.
    public init(training: [Sample], test: [Sample], classCount: Int) throws {
        guard !training.isEmpty, !test.isEmpty, training.count + test.count <= Self.sampleLimit else {
            throw ReservoirError.outOfRange(
                name: "series", found: "\(training.count) to learn from and \(test.count) to judge by",
                expected: "at least one of each, and at most \(Self.sampleLimit) together")
        }
        self.training = training
        self.test = test
        self.classCount = classCount
    }

    /// The task that settings are chosen by: of each class the last third of the series to learn from is judged by.
    public func validation() throws -> SeriesClassification {
        let classes = (0..<classCount).map { label in training.filter { $0.label == label } }
        return try SeriesClassification(
            training: classes.flatMap { $0.prefix($0.count - $0.count / 3) },
            test: classes.flatMap { $0.suffix($0.count / 3) }, classCount: classCount)
    }

    /// What share of the test series a linear read-out of a reservoir gives the right class, the one of the largest of as many
    /// answers as there are classes, each trained to be 1 for its own and 0 for others.
    ///
    /// Numbers come in as shares of their input's range over the series to learn from, those beyond it as its end.
    ///
    /// - Parameters:
    ///   - reservoir: one of ``inputCount`` inputs.
    ///   - segmentCount: equal parts of a series that the features are averaged over, each part for itself.
    ///   - shots: runs that each firing probability is estimated from; nil for exact ones.
    ///   - ridge: λ of the read-out, see `LinearReadout`.
    ///   - parallelism: series are shared out; without effect on the result.
    public func accuracy(
        of reservoir: Reservoir, segmentCount: Int = 1, shots: Int? = nil, ridge: Double = 1e-9,
        parallelism: Parallelism = Parallelism(threadCount: 1)
    ) throws -> Double {
        let inputs = scaledInputs()
        let ground = reservoir.run(shots: shots)
        let features = parallelism.map(inputs.count) { index, _ in
            Result<RealMatrix, any Error> {
                var run = ground
                run.restart(series: index)
                return try run.features(inputs[index])
            }
        }
        return try accuracy(of: try features.map { try $0.get() }, segmentCount, ridge: ridge)
    }

    /// The same for a linear read-out of the inputs themselves.
    public func accuracyOfInputs(segmentCount: Int = 1, ridge: Double = 1e-9) throws -> Double {
        try accuracy(of: scaledInputs(), segmentCount, ridge: ridge)
    }

    /// - Parameter series: of each series `[step][feature]`, those to learn from first.
    private func accuracy(of series: [RealMatrix], _ segmentCount: Int, ridge: Double) throws -> Double {
        let rows = series.map { Self.averages(of: $0, segmentCount) }
        let features = RealMatrix(
            rowCount: rows.count, columnCount: rows[0].count, elements: rows.flatMap(\.self))
        let readout = try LinearReadout(features, training: 0..<training.count, ridge: ridge)
        let labels = (training + test).map(\.label)
        let answers = (0..<classCount).map { label in
            readout.predictions(
                of: labels.map { $0 == label ? 1 : 0 }, at: training.count..<rows.count)
        }
        let correct = test.indices.filter { index in
            let chosen = (0..<classCount).max { answers[$0][index] < answers[$1][index] }
            return chosen == test[index].label
        }
        return Double(correct.count) / Double(test.count)
    }

    /// u of all series, those to learn from first, each `[step][input]`.
    func scaledInputs() -> [RealMatrix] {
        let ranges = (0..<inputCount).map { input in
            let numbers = training.flatMap { $0.values[input] }
            return (low: numbers.min() ?? 0, high: numbers.max() ?? 0)
        }
        return (training + test).map { sample in
            RealMatrix(
                rowCount: sample.values[0].count, columnCount: inputCount,
                elements: sample.values[0].indices.flatMap { step in
                    ranges.enumerated().map { input, range in
                        // An input that is always the same says nothing.
                        guard range.high > range.low else { return 0.5 }
                        let share = (sample.values[input][step] - range.low) / (range.high - range.low)
                        return min(max(share, 0), 1)
                    }
                })
        }
    }

    /// The mean of each feature over each of some equal parts of the steps, part after part; a part has at least one step.
    static func averages(of features: RealMatrix, _ segmentCount: Int) -> [Double] {
        (0..<segmentCount).flatMap { segment -> [Double] in
            let first = segment * features.rowCount / segmentCount
            let steps = first..<max(first + 1, (segment + 1) * features.rowCount / segmentCount)
            return (0..<features.columnCount).map { feature in
                steps.reduce(0) { $0 + features[$1, feature] } / Double(steps.count)
            }
        }
    }
}
