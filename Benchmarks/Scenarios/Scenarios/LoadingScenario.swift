import SpikeDatasets

/// Fashion-MNIST from its files into memory, digests checked.
struct LoadingScenario: Scenario {
    static let dataset = "fashion-mnist"
    private(set) var work = 0.0

    mutating func run() async throws {
        let splits = try await DatasetCatalog.loadImages(Self.dataset)
        work = Double(splits.train.count + splits.test.count)
    }
}
