import SpikeDatasets

/// Which images a network is measured on.
public enum MeasuredImages: String, Sendable, Hashable, Codable, CaseIterable {
    /// Those of the data set that no training sees.
    case test
    /// Training images that were held out: of these a choice of settings may make use.
    case validation
}

extension RunConfiguration {
    /// What the run is measured on.
    public var measured: MeasuredImages { validationCount == nil ? .test : .validation }

    /// The training images of a data set that the run trains on, and those that it holds out, if it does.
    ///
    /// - Throws: ``RunError/nothingToTrainOn(dataset:images:validation:)``.
    public func parts(
        ofTraining images: LabelledDataset
    ) throws -> (training: LabelledDataset, validation: LabelledDataset?) {
        let rest = images.count - (validationCount ?? 0)
        if let validationCount, rest < 1 {
            throw RunError.nothingToTrainOn(
                dataset: dataset, images: images.count, validation: validationCount)
        }
        let count = min(trainingLimit ?? rest, rest)
        return (count < images.count ? images.prefix(count) : images, validationCount.map(images.suffix))
    }
}
