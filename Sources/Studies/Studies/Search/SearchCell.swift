import Campaigns
import Compute
import Files
import Runs
import SpikeDatasets

/// One training of a search: a trial in a rung, with a seed.
struct SearchCell: CampaignCell {
    let name: String
    let configuration: RunConfiguration
    let passes: Int

    private enum CodingKeys: CodingKey { case configuration, passes }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(configuration, forKey: .configuration)
        try container.encode(passes, forKey: .passes)
    }

    struct Result: Sendable, Codable {
        /// On the validation images, mean over the passes, 0…1; nil where it came to nothing.
        var accuracy: Double?
        var parameters: Int?
        var spikesPerStep: Double?
        /// Of training.
        var seconds: Double
        /// Why it came to nothing.
        var failure: String?
    }

    func problem(of result: Result) -> String? {
        guard let accuracy = result.accuracy else {
            return result.failure == nil ? "accuracy: the field is missing" : nil
        }
        return (0...1).contains(accuracy) ? nil : "accuracy: found \(accuracy), expected 0 to 1"
    }

    /// Trains on the calling thread, and judges by the images that are held out.
    ///
    /// - Returns: nil where it was stopped.
    /// - Throws: `MemoryError`, which another time need not be; what the configuration always comes to is a result.
    func result(on images: LabelledDataset, isInterrupted: () -> Bool) throws -> Result? {
        var seconds = 0.0
        do {
            let (training, validation) = try configuration.parts(ofTraining: images)
            guard let validation else { preconditionFailure("a search holds images out") }
            var trainer = try configuration.trainer(for: training, threads: 1)
            let isWhole = try trainer.trainAll(on: training, isStopped: isInterrupted) {
                seconds += $0.seconds
            }
            guard isWhole else { return nil }
            let evaluation = try trainer.evaluate(on: validation, repetitions: passes)
            return Result(
                accuracy: evaluation.meanAccuracy,
                parameters: try configuration.parameterCount(
                    inputCount: training.inputCount, classCount: training.classCount),
                spikesPerStep: evaluation.spikesPerStep, seconds: seconds)
        } catch let error as MemoryError {
            throw error
        } catch {
            return Result(seconds: seconds, failure: "\(error)")
        }
    }
}
