import LinearAlgebra
import Compute
import Neurons

/// The NARMA-10 task (Atiya and Parlos 2000): follow a nonlinear system of order ten from its input alone,
///
///     y_{t+1} = 0.3 y_t + 0.05 y_t Σ_{i=0…9} y_{t−i} + 1.5 u_{t−9} u_t + 0.1,   u uniform in 0 … 0.5.
///
/// At step t the read-out sees the reservoir that has just received u_t and has to give y_{t+1}. The reservoir gets 2u, so
/// that its own range 0 … 1 is used.
public struct NARMA: Hashable, Sendable {
    /// u, in 0 … 0.5.
    public let inputs: [Double]
    /// y_{t+1} for each step t.
    public let targets: [Double]

    /// A series that passes this has run away; a new one is drawn.
    static let bound = 1.0
    static let attempts = 100

    /// - Throws: ``ReservoirError/divergent(attempts:)``.
    public init(stepCount: Int, seed: UInt64) throws {
        let stream = RandomStream(seed: seed, purpose: .analysis, population: StreamPopulation.inputs)
        for attempt in 0..<Self.attempts {
            var random = stream.generator(step: attempt)
            let inputs = (0..<stepCount).map { _ in Double.random(in: 0...0.5, using: &random) }
            let targets = Self.targets(inputs)
            if targets.allSatisfy({ $0 < Self.bound }) {
                self.inputs = inputs
                self.targets = targets
                return
            }
        }
        throw ReservoirError.divergent(attempts: Self.attempts)
    }

    /// The system's answer, from rest.
    static func targets(_ inputs: [Double]) -> [Double] {
        // Ten zeros stand for the time before the first step; the last value is y_t.
        var values = [Double](repeating: 0, count: 10)
        for (step, input) in inputs.enumerated() {
            let last = values[values.count - 1]
            let earlier = step < 9 ? 0 : inputs[step - 9]
            let window = values.suffix(10).reduce(0, +)
            values.append(0.3 * last + 0.05 * last * window + 1.5 * earlier * input + 0.1)
        }
        return Array(values.dropFirst(10))
    }

    /// The error of a linear read-out of a reservoir on the test steps: the root of the mean squared error over the
    /// variance of the target. 1 is what the target's mean achieves.
    public static func error(
        of reservoir: Reservoir, schedule: ReservoirSchedule, shots: Int? = nil, ridge: Double = 1e-9,
        seed: UInt64, parallelism: Parallelism = Parallelism(threadCount: 1)
    ) throws -> Double {
        let task = try NARMA(stepCount: schedule.stepCount, seed: seed)
        let features = try reservoir.features(
            task.inputs.map { 2 * $0 }, shots: shots, parallelism: parallelism)
        return try error(of: features, task, schedule, ridge: ridge)
    }

    /// The same for a linear read-out of the last inputs themselves: what a perfect linear memory of so many steps, the
    /// present one included, is worth.
    public static func errorOfInputs(
        count: Int, schedule: ReservoirSchedule, ridge: Double = 1e-9, seed: UInt64
    ) throws -> Double {
        let task = try NARMA(stepCount: schedule.stepCount, seed: seed)
        var features = RealMatrix(rowCount: schedule.stepCount, columnCount: count)
        for step in 0..<schedule.stepCount {
            for lag in 0..<min(count, step + 1) { features[step, lag] = task.inputs[step - lag] }
        }
        return try error(of: features, task, schedule, ridge: ridge)
    }

    private static func error(
        of features: RealMatrix, _ task: NARMA, _ schedule: ReservoirSchedule, ridge: Double
    ) throws(ReservoirError) -> Double {
        let readout = try LinearReadout(features, training: schedule.training, ridge: ridge)
        let target = task.targets[schedule.test]
        let mean = target.reduce(0, +) / Double(target.count)
        let predictions = readout.predictions(of: task.targets, at: schedule.test)
        let error = zip(predictions, target).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        return (error / target.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }).squareRoot()
    }
}
