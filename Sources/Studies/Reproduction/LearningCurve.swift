import Campaigns
import Files
import FoundationEssentials
import Learning
import LocalLearning
import Runs
import SpikeDatasets

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

    /// Single-shot passes over the test samples after each iteration.
    public static let repetitions = 5
}

/// One seed of a curve.
struct CurveCell: CampaignCell {
    let name: String
    let configuration: RunConfiguration
    let iterationCount: Int
    let repetitions = LearningCurve.repetitions

    private enum CodingKeys: String, CodingKey {
        case configuration, iterationCount, repetitions
    }

    /// - Parameter data: those of the training; contents, not names, decide which cell it is.
    init(_ curve: LearningCurve, seed: UInt64, iterationCount: Int, data: DatasetSplits<LabelledDataset>) {
        name = "\(curve.name), seed \(seed)"
        var configuration = curve.configuration
        configuration.version = ""
        configuration.seed = seed
        configuration.datasetDigests = data.digests
        let perEpoch =
            (data.train.count + configuration.recipe.batchSize - 1) / configuration.recipe.batchSize
        configuration.recipe.epochCount = (iterationCount + perEpoch - 1) / perEpoch
        self.configuration = configuration
        self.iterationCount = iterationCount
    }

    struct Result: Sendable, Codable {
        /// Fraction of test samples classified rightly before the first iteration and after each, mean over single-shot passes.
        var accuracies: [Double]
        /// Shots and circuits of all iterations, of the local rule.
        var ledger: ShotLedger?
        /// Of the iterations on one thread, without the measurements on the test samples.
        var seconds: Double
    }

    func problem(of result: Result) -> String? {
        if result.accuracies.count != iterationCount + 1 {
            return "accuracies: found \(result.accuracies.count), expected \(iterationCount + 1)"
        }
        if let index = result.accuracies.firstIndex(where: { !(0...1).contains($0) }) {
            return "accuracies[\(index)]: found \(result.accuracies[index]), expected 0 to 1"
        }
        if !(result.seconds >= 0 && result.seconds.isFinite) {
            return "seconds: found \(result.seconds), expected a number of at least 0"
        }
        return result.ledger?.problem.map { "ledger: \($0)" }
    }

    /// Trains the seed, on the calling thread.
    ///
    /// - Parameters:
    ///   - journals: folder of the journals of seeds that run on a backend: one that was stopped begins anew, and finds there what has
    ///     been counted.
    ///   - afterIteration: return `false` to stop; nothing is kept then.
    /// - Returns: nil if it was stopped.
    func result(
        data: DatasetSplits<LabelledDataset>, journals: String, afterIteration: @escaping (Int) -> Bool
    ) throws -> Result? {
        var trainer = try configuration.networkTrainer(for: data.train, threads: 1)
        var iterations = 0
        if configuration.backend != nil { try Folder.make(journals) }
        let digest = SHA256Digest.hex(of: try JSONDocument.encode(self))
        let backend = try configuration.openBackend(journal: "\(journals)/\(digest).journal") {
            !afterIteration(iterations)
        }
        var result = Result(
            accuracies: [try trainer.evaluate(on: data.test, repetitions: repetitions).meanAccuracy],
            ledger: configuration.recipe.local.map { _ in ShotLedger() }, seconds: 0)
        for iteration in 1...iterationCount {
            let start = Date()
            let before = trainer.progress.ledger ?? ShotLedger()
            let epoch =
                try backend.map {
                    try trainer.trainEpoch(on: trainer.samples(data.train), backend: $0) { _ in false }
                } ?? trainer.trainEpoch(on: data.train) { _ in false }
            iterations = iteration
            result.seconds += Date().timeIntervalSince(start)
            if let after = epoch?.ledger ?? trainer.progress.ledger { result.ledger? += after - before }
            result.accuracies.append(
                try trainer.evaluate(on: data.test, repetitions: repetitions).meanAccuracy)
            if !afterIteration(iteration) { return nil }
        }
        return result
    }
}
