import Compute
import Diagnostics
import Foundation
import LocalLearning
import SpikeDatasets

/// A training run in a folder: begins or resumes, trains epoch by epoch, keeps metrics and checkpoint.
///
/// After every epoch the folder holds a checkpoint; stopping in between, at any batch, writes one too. A resumed
/// run equals the uninterrupted one bit for bit.
public struct TrainingRun: Sendable {
    public private(set) var configuration: RunConfiguration
    public let folder: RunFolder
    public private(set) var trainer: Trainer
    public private(set) var metrics: [EpochMetrics]
    let training: ImageDataset
    let test: ImageDataset

    /// Begins a run in a new folder.
    public init(
        _ configuration: RunConfiguration, data: DatasetSplits<ImageDataset>, folder: RunFolder, threads: Int
    ) throws {
        var configuration = configuration
        configuration.datasetDigests = data.digests
        (training, test) = (Self.trainingPart(data, configuration), data.test)
        trainer = try configuration.trainer(for: training, threads: threads)
        try folder.create(configuration)
        self.configuration = configuration
        self.folder = folder
        metrics = []
        try save()
    }

    /// Goes on with the run in a folder.
    ///
    /// - Throws: ``RunError`` and `SafetensorsError` where the folder does not hold what it should, or the data
    ///   are other data.
    public init(
        resuming folder: RunFolder, data: DatasetSplits<ImageDataset>, threads: Int
    ) throws {
        configuration = try folder.configuration()
        if let file = configuration.differingFile(from: data.digests) {
            throw RunError.otherData(folder.configurationPath, file: file)
        }
        (training, test) = (Self.trainingPart(data, configuration), data.test)
        trainer = try configuration.trainer(for: training, threads: threads)
        try trainer.restore(SafetensorsFile(readingFrom: folder.checkpointPath))
        metrics = try folder.metrics(first: trainer.progress.epoch)
        self.folder = folder
    }

    private static func trainingPart(
        _ data: DatasetSplits<ImageDataset>, _ configuration: RunConfiguration
    ) -> ImageDataset {
        configuration.trainingLimit.map { data.train.prefix($0) } ?? data.train
    }

    /// Whether all epochs are done.
    public var isComplete: Bool { trainer.progress.epoch >= configuration.recipe.epochCount }

    /// Bytes of memory that the process holds at most while it trains: the most that it has held so far, the data with
    /// it, and what training takes.
    public var memoryCeiling: Int {
        ProcessMemory.peakBytes + trainer.memoryCeiling(isOnBackend: configuration.backend != nil)
    }

    /// Images of one epoch.
    public var imagesPerEpoch: Int { training.count }

    /// The backend that the run is configured for, with the run's journal; nil where it is simulated here.
    ///
    /// - Parameter isInterrupted: asked about once a second while counts are waited for.
    /// - Throws: as ``BackendRun/init(named:journal:isInterrupted:)``.
    public func openBackend(isInterrupted: @escaping () -> Bool) throws -> BackendRun? {
        try configuration.backend.map {
            try BackendRun(named: $0, journal: folder.journalPath, isInterrupted: isInterrupted)
        }
    }

    /// Trains the next epoch, measures it on the test images in one pass, and saves.
    ///
    /// - Parameters:
    ///   - backend: of ``openBackend(isInterrupted:)``, once for all epochs.
    ///   - afterBatch: return `false` to stop; the state is saved then too.
    /// - Returns: nil if it was stopped.
    /// - Throws: what the trainer throws; the run can then be resumed.
    public mutating func trainEpoch(
        backend: BackendRun? = nil, afterBatch: (TrainingProgress) -> Bool
    ) throws -> EpochMetrics? {
        precondition(
            (backend == nil) == (configuration.backend == nil), "a run on a backend is given the one it is on"
        )
        let trained: EpochMetrics?
        do {
            trained = try trainer.trainEpoch(on: training, backend: backend, afterBatch: afterBatch)
        } catch {
            // Nothing that was paid for is lost: the journal has the counts, and the checkpoint all batches before.
            try save()
            throw error
        }
        guard var epoch = trained else {
            try save()
            return nil
        }
        epoch.testAccuracy = try trainer.evaluate(on: test).meanAccuracy
        metrics.append(epoch)
        try save()
        return epoch
    }

    /// Metrics first: a checkpoint never knows of epochs whose metrics are lost.
    private func save() throws {
        try folder.write(metrics)
        try trainer.checkpoint().write(to: folder.checkpointPath)
    }

    /// Measures the network as it is on the test images.
    ///
    /// - Parameter repetitions: single-shot passes, each with random numbers of its own.
    public func evaluate(repetitions: Int) throws -> RunSummary {
        let evaluation = try trainer.evaluate(on: test, repetitions: repetitions)
        let seconds = metrics.map(\.seconds)
        return try RunSummary(
            evaluation: evaluation, configuration: configuration, trainer: trainer,
            secondsPerEpoch: seconds.reduce(0, +) / Double(max(seconds.count, 1)),
            ledger: configuration.recipe.local.map { _ in
                metrics.reduce(into: ShotLedger()) { $0 += $1.ledger ?? ShotLedger() }
            }, output: folder.path)
    }

    /// Measures the trained network on another device: with this noise, or none, instead of the noise of the training.
    public func evaluate(
        repetitions: Int, under noise: RunConfiguration.DeviceNoise?
    ) throws -> RunSummary {
        var configuration = configuration
        configuration.noise = noise
        // The neurons of a graph may have noise of their own.
        configuration.graph = try configuration.graph?.running(on: noise?.model)
        var other = self
        other.configuration = configuration
        other.trainer = try configuration.trainer(
            for: training, threads: trainer.parallelism.threadCount)
        try other.trainer.restore(trainer.checkpoint())
        return try other.evaluate(repetitions: repetitions)
    }

    /// ``evaluate(repetitions:)``, written to `summary.json` too.
    public func summarize(repetitions: Int) throws -> RunSummary {
        let summary = try evaluate(repetitions: repetitions)
        try folder.write(summary, to: folder.summaryPath)
        return summary
    }

    /// Spikes of the trained network for the first test images, `[image]` of one raster a layer.
    public func exampleActivity(count: Int) throws -> ExampleActivity {
        try trainer.activity(on: test.prefix(count))
    }
}

extension RunConfiguration {
    /// A data file whose contents are not those that the run began with.
    func differingFile(from digests: [String: String]) -> String? {
        datasetDigests.keys.sorted().first { digests[$0] != datasetDigests[$0] }
    }
}
