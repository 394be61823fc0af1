import Files
import Foundation
import LocalLearning
import SpikeDatasets
import Learning
import Runs

/// One curve of a figure: how test accuracy grows with the iterations, over several seeds.
///
/// An iteration is one update of all parameters from one batch.
public struct LearningCurve: Sendable, Hashable {
    /// What the legend calls it.
    public let name: String
    public let configuration: RunConfiguration

    public init(name: String, configuration: RunConfiguration) {
        self.name = name
        self.configuration = configuration
    }

    /// The curve of one seed.
    public struct Run: Sendable, Hashable, Codable {
        public static let currentSchema = "sqsnn.learning-curve/1"

        public var schema = Run.currentSchema
        public var configuration: RunConfiguration
        /// Fraction of test samples classified rightly before the first iteration and after each, mean over single-shot passes.
        public var accuracies: [Double]
        /// Shots and circuits of all iterations, of the local rule.
        public var ledger: ShotLedger?
        /// Of the iterations, without the measurements on the test samples.
        public var seconds: Double

        /// What cannot be in a run of so many iterations, nil if nothing.
        func problem(iterationCount: Int) -> JSONDocument.Problem? {
            if schema != Self.currentSchema {
                return .init(place: "schema", problem: "found \(schema), expected \(Self.currentSchema)")
            }
            if accuracies.count != iterationCount + 1 {
                return .init(
                    place: "accuracies", problem: "found \(accuracies.count), expected \(iterationCount + 1)")
            }
            if let index = accuracies.firstIndex(where: { !(0...1).contains($0) }) {
                return .init(
                    place: "accuracies[\(index)]", problem: "found \(accuracies[index]), expected 0 to 1")
            }
            if !(seconds >= 0 && seconds.isFinite) {
                return .init(place: "seconds", problem: "found \(seconds), expected a number of at least 0")
            }
            return ledger?.problem.map { .init(place: "ledger", problem: $0) }
        }
    }

    /// Single-shot passes over the test samples after each iteration.
    public static let repetitions = 5

    /// Trains one seed.
    ///
    /// - Parameter afterIteration: return `false` to stop; nothing is kept then.
    /// - Returns: nil if it was stopped.
    public func run(
        seed: UInt64, iterationCount: Int, data: DatasetSplits<ImageDataset>, threads: Int,
        afterIteration: (Int) -> Bool
    ) throws -> Run? {
        var configuration = configuration
        configuration.seed = seed
        configuration.datasetDigests = data.digests
        let perEpoch =
            (data.train.count + configuration.recipe.batchSize - 1) / configuration.recipe.batchSize
        configuration.recipe.epochCount = (iterationCount + perEpoch - 1) / perEpoch
        var trainer = try configuration.trainer(for: data.train, threads: threads)
        var run = Run(
            configuration: configuration,
            accuracies: [try trainer.evaluate(on: data.test, repetitions: Self.repetitions).meanAccuracy],
            ledger: configuration.recipe.local.map { _ in ShotLedger() }, seconds: 0)
        for iteration in 1...iterationCount {
            let start = Date()
            let before = trainer.progress.ledger ?? ShotLedger()
            let epoch = try trainer.trainEpoch(on: data.train) { _ in false }
            run.seconds += Date().timeIntervalSince(start)
            if let after = epoch?.ledger ?? trainer.progress.ledger { run.ledger? += after - before }
            run.accuracies.append(
                try trainer.evaluate(on: data.test, repetitions: Self.repetitions).meanAccuracy)
            if !afterIteration(iteration) { return nil }
        }
        return run
    }
}
