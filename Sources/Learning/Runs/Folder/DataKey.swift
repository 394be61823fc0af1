import EventRecordings
import SpikeDatasets

/// Which data a run takes: a data set and, of samples over time, how they become spikes. Runs with equal ones can share what was read.
public struct DataKey: Sendable, Hashable {
    public let dataset: String
    /// nil of images.
    public let input: EventInput?
    /// Time steps T; nil of images, whose steps are made anew in each epoch.
    public let stepCount: Int?

    /// Of images.
    public init(_ dataset: String) {
        (self.dataset, input, stepCount) = (dataset, nil, nil)
    }

    /// Of samples over time.
    public init(_ dataset: String, _ input: EventInput, stepCount: Int) {
        (self.dataset, self.input, self.stepCount) = (dataset, input, stepCount)
    }

    /// Reads the data.
    ///
    /// - Throws: `DatasetError`, of recordings `EventError` and `EventTransformError`.
    public func load() async throws -> DatasetSplits<LabelledDataset> {
        try await DatasetCatalog.entry(named: dataset).load(input, stepCount: stepCount ?? 1)
    }
}

extension RunConfiguration {
    /// Which data the run takes. A data set that the catalogue has not is one of images.
    public var dataKey: DataKey {
        guard let entry = try? catalogEntry(), entry.isTemporal else { return DataKey(dataset) }
        return DataKey(dataset, input ?? EventInput(), stepCount: recipe.stepCount)
    }

    /// Reads the data that the run is of.
    ///
    /// - Throws: as `DataKey.load`, and `DatasetError` for the input of events beside images.
    public func loadData() async throws -> DatasetSplits<LabelledDataset> {
        try await catalogEntry().load(input, stepCount: recipe.stepCount)
    }
}
