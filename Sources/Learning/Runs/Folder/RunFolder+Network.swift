import Learning
import SpikeDatasets

extension RunFolder {
    /// The network as the run's last checkpoint has it, without the data that it was trained on.
    ///
    /// - Returns: the trainer, and the entry of the data set's catalogue that names the classes.
    /// - Throws: ``RunError/notSpiking(_:model:)`` of a model without spikes; ``RunError``, `SafetensorsError` and `DatasetError` where the folder does not hold what it should.
    public func trainedNetwork(threads: Int) throws -> (trainer: Trainer, dataset: CatalogEntry) {
        let configuration = try configuration()
        let entry = try configuration.catalogEntry()
        let (trainer, _) = try restoredTrainer(
            inputCount: entry.inputShape(configuration.input).inputCount, classCount: entry.classNames.count,
            threads: threads)
        guard let trainer = trainer as? Trainer else {
            throw RunError.notSpiking(path, model: configuration.modelKind)
        }
        return (trainer, entry)
    }

    /// Trainable numbers of the run's network, by its configuration and the shape of its data.
    ///
    /// - Throws: ``RunError`` for a folder without run, `DatasetError` for data that there are not.
    public func parameterCount() throws -> Int {
        let configuration = try configuration()
        return try configuration.parameterCount(for: configuration.catalogEntry())
    }
}
