import Compute

/// What a trial came to in one rung.
public struct SearchScore: Sendable, Codable {
    public let epochs: Int
    /// Training images, from the first; nil for all that are not held out.
    public let limit: Int?
    /// On the validation images, mean over the seeds, 0…1; nil where a seed came to nothing.
    public let accuracy: Double?
    /// Sample standard deviation over the seeds; nil for one seed, which has none.
    public let standardDeviation: Double?
    /// Of each seed.
    public let accuracies: [Double]
    public let parameters: Int?
    /// Spikes of the whole network, without its inputs, for each image and step.
    public let spikesPerStep: Double?
    /// Of training, on one thread, all seeds together.
    public let seconds: Double
    /// Why a seed came to nothing, as by numbers that diverged.
    public let failure: String?

    init(_ rung: SearchSpace.Rung, _ results: ArraySlice<SearchCell.Result>) {
        (epochs, limit) = (rung.epochs, rung.limit)
        seconds = results.reduce(0) { $0 + $1.seconds }
        failure = results.lazy.compactMap(\.failure).first
        parameters = results.first?.parameters
        accuracies = results.compactMap(\.accuracy)
        let spikes = results.compactMap(\.spikesPerStep)
        guard failure == nil else {
            (accuracy, standardDeviation, spikesPerStep) = (nil, nil, nil)
            return
        }
        accuracy = accuracies.reduce(0, +) / Double(accuracies.count)
        standardDeviation = SampleStatistics.standardDeviation(of: accuracies)
        spikesPerStep = spikes.reduce(0, +) / Double(spikes.count)
    }
}
