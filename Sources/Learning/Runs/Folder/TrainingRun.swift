import Compute
import Files
import Learning
import LocalLearning
import QuantumBackends
import SpikeDatasets

/// A training run in a folder: begins or resumes, trains epoch by epoch, keeps metrics and checkpoint.
///
/// After every epoch the folder holds a checkpoint; stopping in between, at any batch, writes one too. A resumed
/// run equals the uninterrupted one bit for bit. A run that diverges keeps the last checkpoint before it did.
///
/// One process at a time may train in a folder; the checkpoint knows the `run.json` that it belongs to, and the metrics.
public struct TrainingRun: Sendable {
    public private(set) var configuration: RunConfiguration
    public let folder: RunFolder
    public var trainer: any ModelTrainer { model }
    package internal(set) var model: any RunTrainer
    /// The epoch, from 1, in which the run diverged after the state that is kept; nil where it did not.
    public private(set) var divergedEpoch: Int?
    let training: LabelledDataset
    /// What the network is measured on meanwhile: those that the run holds out, otherwise the test images.
    let measured: LabelledDataset
    let test: LabelledDataset
    private var log: MetricsLog
    /// SHA-256 of `run.json`.
    private var digest: String
    /// Nil for a run that is only looked at.
    private let lock: FolderLock?

    public var metrics: [EpochMetrics] { log.epochs }
    /// What ``evaluate(repetitions:on:of:precision:)`` measures on.
    package var measuredSamples: LabelledDataset { measured }

    /// Begins a run in a folder.
    ///
    /// - Throws: `LearningError` for a configuration that cannot be, ``RunError`` where the folder holds a run, `FileError` where
    ///   it cannot be written or another process writes there. Whatever was made is then removed.
    public init(
        _ configuration: RunConfiguration, data: DatasetSplits<LabelledDataset>, folder: RunFolder,
        threads: Int
    ) throws {
        try self.init(configuration, data, threads) { try RunClaim(folder) }
    }

    /// Begins a run in the first of the folders `BASE-1`, `BASE-2`, … that is not there.
    public init(
        _ configuration: RunConfiguration, data: DatasetSplits<LabelledDataset>, firstFreeAfter base: String,
        threads: Int
    ) throws {
        try self.init(configuration, data, threads) { try RunClaim(firstFreeAfter: base) }
    }

    private init(
        _ configuration: RunConfiguration, _ data: DatasetSplits<LabelledDataset>, _ threads: Int,
        claiming: () throws -> RunClaim
    ) throws {
        var configuration = configuration
        configuration.datasetDigests = data.digests
        (training, measured, test) = try Self.images(data, configuration)
        try configuration.checkMemory(for: training, threads: threads)
        model = try configuration.runTrainer(for: training, threads: threads)
        let bytes = try RunFolder.encoded(configuration)
        let claim = try claiming()
        (self.configuration, folder, lock) = (configuration, claim.folder, claim.lock)
        (log, digest) = (MetricsLog(), RunFolder.digest(bytes))
        do {
            try save()
            try Folder.make(folder.figuresPath)
            // Last: from here on the folder holds a run.
            try AtomicFile.write(bytes, to: folder.configurationPath)
        } catch {
            claim.abandon()
            throw error
        }
    }

    /// Goes on with the run in a folder.
    ///
    /// - Parameter epochCount: epochs of the whole run, where they are to be others than so far.
    /// - Throws: ``RunError`` and `SafetensorsError` where the folder does not hold what it should, the data are other data, or
    ///   the run diverged; `FileError` where another process trains there.
    public init(
        resuming folder: RunFolder, data: DatasetSplits<LabelledDataset>, threads: Int, epochCount: Int? = nil
    ) throws {
        _ = try folder.configuration()
        try self.init(folder, data, threads, lock: try FolderLock(folder.path))
        if let divergedEpoch {
            throw RunError.diverged(folder.path, epoch: divergedEpoch, kept: trainer.progress.epoch)
        }
        AtomicFile.removePartials(in: folder.path)
        if let epochCount, epochCount != configuration.recipe.epochCount { try setLength(epochCount) }
        // What it lacks, or what a process that was killed wrote of an epoch that is done again.
        if (try? InputFile.read(folder.metricsPath)) != log.text {
            try AtomicFile.write(log.text, to: folder.metricsPath)
        }
    }

    /// Looks at the run in a folder, which may be training: the result can be measured, not trained.
    ///
    /// - Throws: as ``init(resuming:data:threads:epochCount:)``, but for a run that diverged.
    public init(reading folder: RunFolder, data: DatasetSplits<LabelledDataset>, threads: Int) throws {
        try self.init(folder, data, threads, lock: nil)
    }

    private init(
        _ folder: RunFolder, _ data: DatasetSplits<LabelledDataset>, _ threads: Int, lock: FolderLock?
    ) throws {
        let file = try folder.configurationFile()
        (configuration, digest) = (file.configuration, file.digest)
        if let file = configuration.differingFile(from: data.digests) {
            throw RunError.otherData(folder.configurationPath, file: file)
        }
        (training, measured, test) = try Self.images(data, configuration)
        let record: CheckpointRecord
        (model, record) = try folder.restoredTrainer(
            of: file, inputCount: training.inputCount, classCount: training.classCount,
            sampleCount: training.count,
            threads: threads)
        try model.check(training)
        divergedEpoch = record.divergedEpoch
        log = try folder.metrics(record, layerCount: model.spikeSlots.count)
        self.folder = folder
        self.lock = lock
    }

    private static func images(
        _ data: DatasetSplits<LabelledDataset>, _ configuration: RunConfiguration
    ) throws -> (training: LabelledDataset, measured: LabelledDataset, test: LabelledDataset) {
        let (training, validation) = try configuration.parts(ofTraining: data.train)
        return (training, validation ?? data.test, data.test)
    }

    /// Whether all epochs are done.
    public var isComplete: Bool { trainer.progress.epoch >= configuration.recipe.epochCount }

    /// Bytes of memory that the process holds at most while it trains: the most that it has held so far, the data with
    /// it, and what training takes.
    public var memoryCeiling: Int {
        (Count(ProcessMemory.peakBytes)
            + Count(trainer.memoryCeiling)).value
    }

    /// Images of one epoch.
    public var imagesPerEpoch: Int { training.count }

    /// The backend that the run is configured for, with the run's journal; nil where it is simulated here.
    ///
    /// - Parameters:
    ///   - backend: one that is open already.
    ///   - isInterrupted: asked about once a second while counts are waited for.
    /// - Throws: `BackendError` for a backend that there is not, `JournalError` for a journal that is not its.
    public func openBackend(
        _ backend: (any CircuitBackend)? = nil, isInterrupted: @escaping () -> Bool
    ) throws -> BackendRun? {
        try configuration.openBackend(backend, journal: folder.journalPath, isInterrupted: isInterrupted)
    }

    /// Trains the next epoch, measures it in one pass, and saves.
    ///
    /// - Parameters:
    ///   - backend: of ``openBackend(_:isInterrupted:)``, once for all epochs.
    ///   - afterBatch: return `false` to stop; the state is saved then too.
    /// - Returns: nil if it was stopped.
    /// - Throws: ``RunError/diverged(_:epoch:kept:)``, and the state before is kept; what else the trainer throws, and the run
    ///   can then be resumed.
    public mutating func trainEpoch(
        backend: BackendRun? = nil, afterBatch: (TrainingProgress) -> Bool
    ) throws -> EpochMetrics? {
        precondition(lock != nil, "a run that is only looked at is not trained")
        precondition(
            (backend == nil) == (configuration.backend == nil), "a run on a backend is given the one it is on"
        )
        try callRanks()
        let trained: EpochMetrics?
        do {
            trained =
                try backend.map { try trainEpoch(on: $0, afterBatch) }
                ?? model.trainEpoch(on: training, afterBatch: afterBatch)
        } catch LearningError.diverged {
            throw divergence()
        } catch {
            // Nothing that was paid for is lost: the journal has the counts, and the checkpoint all batches before.
            try save()
            throw error
        }
        guard var epoch = trained else {
            try save()
            return nil
        }
        let accuracy = try model.evaluate(on: measured, repetitions: 1).meanAccuracy
        switch configuration.measured {
        case .test: epoch.testAccuracy = accuracy
        case .validation: epoch.validationAccuracy = accuracy
        }
        try log.append(epoch)
        try save()
        return epoch
    }

    private mutating func trainEpoch(
        on backend: BackendRun, _ afterBatch: (TrainingProgress) -> Bool
    ) throws -> EpochMetrics? {
        guard var trainer = model as? Trainer else { preconditionFailure("only networks have a backend") }
        defer { model = trainer }
        return try trainer.trainEpoch(
            on: trainer.samples(training, isAugmented: true), backend: backend, afterBatch: afterBatch)
    }

    /// The checkpoint first: it holds the metrics too, and the file of them is made anew from it.
    private func save() throws {
        guard model.isSound else { throw divergence() }
        var record = model.record
        (record.runDigests, record.metrics) = ([digest], log.text)
        try model.checkpoint(record).write(to: folder.checkpointPath)
        try AtomicFile.write(log.text, to: folder.metricsPath)
    }

    /// Writes down in the last good checkpoint that the run diverges after it.
    private func divergence() -> any Error {
        do {
            let epoch = trainer.progress.epoch + 1
            var file = try SafetensorsFile(
                readingFrom: folder.checkpointPath, limit: model.checkpointByteLimit)
            var record = try CheckpointRecord(file)
            record.divergedEpoch = epoch
            file.metadata = try record.metadata
            try file.write(to: folder.checkpointPath)
            return RunError.diverged(folder.path, epoch: epoch, kept: record.progress.epoch)
        } catch {
            return error
        }
    }

    /// Changes the number of epochs of a run whose earlier epochs do not depend on it.
    private mutating func setLength(_ epochCount: Int) throws {
        let done = trainer.progress.epoch + (trainer.progress.batch > 0 ? 1 : 0)
        guard configuration.recipe.schedule == .constant else {
            throw RunError.length(
                folder.path,
                problem:
                    "the learning rate falls to 0 over the \(configuration.recipe.epochCount) epochs that the run began with, "
                    + "so that its first epochs are not those of a run of \(epochCount); train anew with --epochs \(epochCount) in "
                    + "another --output, or begin with a recipe whose schedule is constant")
        }
        guard epochCount >= max(done, 1) else {
            throw RunError.length(
                folder.path,
                problem: "found --epochs \(epochCount), expected at least the \(done) that are begun")
        }
        configuration.recipe.epochCount = epochCount
        model.setEpochCount(epochCount)
        let bytes = try RunFolder.encoded(configuration)
        var record = model.record
        // Between the two writes the checkpoint belongs to the old run.json, and then to the new one.
        (record.runDigests, record.metrics) = ([digest, RunFolder.digest(bytes)], log.text)
        try model.checkpoint(record).write(to: folder.checkpointPath)
        try AtomicFile.write(bytes, to: folder.configurationPath)
        digest = RunFolder.digest(bytes)
    }

    /// The same network under another configuration.
    func moved(to configuration: RunConfiguration) throws -> TrainingRun {
        var other = self
        other.configuration = configuration
        other.model = try configuration.runTrainer(
            for: training, threads: model.parallelism.threadCount)
        try other.model.restoreState(model.checkpoint(model.record), sampleCount: nil)
        return other
    }
}

extension RunConfiguration {
    /// A data file whose contents are not those that the run began with.
    func differingFile(from digests: [String: String]) -> String? {
        datasetDigests.keys.sorted().first { digests[$0] != datasetDigests[$0] }
    }
}
