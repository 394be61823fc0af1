import Files
import FoundationEssentials
import Glibc
import Learning

/// The folder of a training run: `run.json`, `metrics.jsonl`, `checkpoint.safetensors`, `summary.json`, `figures/`.
///
/// Every write is atomic: whatever happens, each file is whole and is either the old one or the new one. `run.json` is written
/// last when a run begins: a folder without it holds no run.
public struct RunFolder: Sendable, Hashable {
    public let path: String

    public init(path: String) { self.path = path }

    public var configurationPath: String { path + "/run.json" }
    public var metricsPath: String { path + "/metrics.jsonl" }
    public var checkpointPath: String { path + "/checkpoint.safetensors" }
    /// Of the jobs on a backend.
    public var journalPath: String { path + "/jobs.journal" }
    public var summaryPath: String { path + "/summary.json" }
    public var figuresPath: String { path + "/figures" }

    /// How much of a run a folder holds.
    public enum Content: Sendable, Equatable {
        case nothing
        /// A start that was cut off before anything was trained.
        case cutOff
        case run
        /// Something was trained, and the file of this name is gone.
        case incomplete(missing: String)
    }

    public var content: Content {
        let names = [configurationPath, checkpointPath].map(FileManager.default.fileExists)
        let hasMetrics = (try? InputFile.read(metricsPath, limit: 1 << 30).isEmpty) == false
        switch (names[0], names[1]) {
        case (true, true): return .run
        case (false, false): return hasMetrics ? .incomplete(missing: "run.json") : .nothing
        case (true, false): return hasMetrics ? .incomplete(missing: "checkpoint.safetensors") : .cutOff
        case (false, true):
            let record = try? CheckpointRecord(SafetensorsFile(readingFrom: checkpointPath))
            return record?.isOfBeginning == true ? .cutOff : .incomplete(missing: "run.json")
        }
    }

    /// Whether the folder holds a run already.
    public var holdsRun: Bool { ![.nothing, .cutOff].contains(content) }

    /// The configuration of the run.
    ///
    /// - Throws: ``RunError`` for a folder without run, or a file that is not a configuration.
    public func configuration() throws -> RunConfiguration { try configurationFile().configuration }

    /// A configuration with the digest of the file that it is from, by which a checkpoint knows it.
    struct ConfigurationFile {
        let configuration: RunConfiguration
        let digest: String
    }

    func configurationFile() throws -> ConfigurationFile {
        switch content {
        case .run: break
        case .nothing: throw RunError.missing(configurationPath)
        case .cutOff: throw RunError.notBegun(path)
        case .incomplete(let name): throw RunError.incomplete(path, missing: name)
        }
        let bytes = try InputFile.read(configurationPath, limit: 1 << 28)
        do throws(JSONDocument.Problem) {
            let configuration = try JSONDocument.decode(RunConfiguration.self, from: bytes, .oldNames)
            if let problem = configuration.problem { throw problem }
            return ConfigurationFile(configuration: configuration, digest: Self.digest(bytes))
        } catch {
            throw RunError.malformed(configurationPath, place: error.place, problem: error.problem)
        }
    }

    /// Writes a value as readable JSON.
    public func write(_ value: some Encodable, to file: String) throws {
        try AtomicFile.write(try Self.encoded(value), to: file)
    }

    static func encoded(_ value: some Encodable) throws -> [UInt8] {
        try JSONDocument.encode(value, .indented)
    }

    /// The trainer where the checkpoint was taken, and what the checkpoint says.
    ///
    /// - Parameters:
    ///   - inputCount, classCount: of the data.
    ///   - sampleCount: training samples; nil where they are not known.
    ///   - threads: without effect on the result.
    /// - Throws: ``RunError`` and `SafetensorsError` for a checkpoint of another run, or one that is damaged.
    package func restoredTrainer(
        inputCount: Int, classCount: Int, sampleCount: Int? = nil, threads: Int = 1
    ) throws -> (trainer: any RunTrainer, record: CheckpointRecord) {
        try restoredTrainer(
            of: configurationFile(), inputCount: inputCount, classCount: classCount, sampleCount: sampleCount,
            threads: threads)
    }

    func restoredTrainer(
        of file: ConfigurationFile, inputCount: Int, classCount: Int, sampleCount: Int?, threads: Int
    ) throws -> (trainer: any RunTrainer, record: CheckpointRecord) {
        var trainer = try file.configuration.runTrainer(
            inputCount: inputCount, classCount: classCount, threads: threads)
        let checkpoint = try SafetensorsFile(
            readingFrom: checkpointPath, limit: trainer.checkpointByteLimit)
        let record = try CheckpointRecord(checkpoint)
        guard record.belongs(toRun: file.digest) else { throw RunError.otherRun(checkpointPath) }
        try trainer.restoreState(checkpoint, sampleCount: sampleCount)
        return (trainer, record)
    }

    /// Reads the metrics as ``TrainingRun`` does.
    ///
    /// - Throws: ``RunError`` for what it would refuse.
    package func checkMetrics(_ record: CheckpointRecord, layerCount: Int) throws {
        _ = try metrics(record, layerCount: layerCount)
    }

    static func digest(_ bytes: [UInt8]) -> String { SHA256Digest.hex(of: bytes) }

    /// The metrics of the epochs that a checkpoint has done: its own, or those of `metrics.jsonl` where an earlier release
    /// wrote it.
    func metrics(_ record: CheckpointRecord, layerCount: Int) throws -> MetricsLog {
        let text: [UInt8]
        let source: String
        if let own = record.metrics {
            (text, source) = (own, "\(checkpointPath): metadata metrics")
        } else if record.progress.epoch == 0 {
            return MetricsLog()
        } else {
            guard FileManager.default.fileExists(atPath: metricsPath) else {
                throw RunError.incomplete(path, missing: "metrics.jsonl")
            }
            (text, source) = (try InputFile.read(metricsPath), metricsPath)
        }
        return try MetricsLog(
            reading: text, first: record.progress.epoch, source: source, layerCount: layerCount)
    }
}
