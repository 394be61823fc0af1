import Networks
import SpikeTrains

/// How long and how fast a network is trained: everything but the network, its samples, what it is trained for and by which rule.
public struct TrainingPlan: Sendable {
    /// Time steps T of a sample.
    public var stepCount: Int
    public var epochCount: Int
    public var batchSize: Int
    /// Of images that the trainer is given without an encoder of their own.
    public var encoder: any SpikeEncoder
    public var optimizer: Optimizer
    public var learningRate: Double
    /// Factor on the learning rate of the angles.
    public var angleRateFactor: Double
    public var schedule: LearningRateSchedule
    /// Largest Euclidean norm of a batch's gradient; longer ones are scaled down. nil for none.
    public var gradientNormLimit: Double?
    public var trained: TrainedParameters
    /// Of the sums over synapses.
    public var precision: SumPrecision
    /// Parts S of a batch whose gradients are found one by one, and summed exactly: what ranks share out. Weights depend on it, but not on
    /// the number of ranks.
    public var gradientShards: Int

    public init(
        stepCount: Int, epochCount: Int = 1, batchSize: Int = 64, encoder: any SpikeEncoder = RateEncoder(),
        optimizer: Optimizer = .adam(), learningRate: Double = 1e-3, angleRateFactor: Double = 1,
        schedule: LearningRateSchedule = .constant, gradientNormLimit: Double? = nil,
        trained: TrainedParameters = .all, precision: SumPrecision = .float32, gradientShards: Int = 1
    ) {
        self.stepCount = stepCount
        self.epochCount = epochCount
        self.batchSize = batchSize
        self.encoder = encoder
        self.optimizer = optimizer
        self.learningRate = learningRate
        self.angleRateFactor = angleRateFactor
        self.schedule = schedule
        self.gradientNormLimit = gradientNormLimit
        self.trained = trained
        self.precision = precision
        self.gradientShards = gradientShards
    }

    public static let stepCounts = 1...1000
    /// Epoch numbers from 32768 on are those of evaluations in the random streams.
    public static let epochCounts = 1...30000
    public static let batchSizes = 1...65536
    public static let learningRates = 0.0...1e6
    public static let shardCounts = 1...256
    public static let gradientNormLimits = 1e-12...1e12

    /// What is wrong with the values, nil if nothing is.
    package var problem: String? {
        func outside<Value: Comparable>(_ name: String, _ value: Value, _ range: ClosedRange<Value>)
            -> String?
        {
            range.contains(value)
                ? nil : "\(name) is \(value), expected \(range.lowerBound) to \(range.upperBound)"
        }
        let problems = [
            outside("step_count", stepCount, Self.stepCounts),
            outside("epoch_count", epochCount, Self.epochCounts),
            outside("batch_size", batchSize, Self.batchSizes),
            outside("gradient_shards", gradientShards, Self.shardCounts),
            outside("learning_rate", learningRate, Self.learningRates),
            outside("angle_rate_factor", angleRateFactor, 0...1e6),
            gradientNormLimit.flatMap { outside("gradient_norm_limit", $0, Self.gradientNormLimits) },
        ]
        return problems.compactMap(\.self).first
    }
}
