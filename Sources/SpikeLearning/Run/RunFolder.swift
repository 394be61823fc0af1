import Diagnostics
import Foundation

/// The folder of a training run: `run.json`, `metrics.jsonl`, `checkpoint.safetensors`, `summary.json`, `figures/`.
///
/// Every write is atomic: whatever happens, each file is whole and is either the old one or the new one.
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

    /// Whether the folder holds a run already.
    public var holdsRun: Bool { FileManager.default.fileExists(atPath: configurationPath) }

    /// Makes the folder for a new run.
    ///
    /// - Throws: ``RunError/exists(_:)`` where a run is already there, ``RunError/notWritable(_:reason:)`` or `FileError`
    ///   where it cannot be written.
    public func create(_ configuration: RunConfiguration) throws {
        guard !holdsRun else { throw RunError.exists(path) }
        try makeFolder(figuresPath)
        try write(configuration, to: configurationPath)
    }

    /// Makes a folder and those above it, by `mkdir`: Foundation's errors do not always tell the system's reason.
    private func makeFolder(_ folder: String) throws(RunError) {
        if mkdir(folder, 0o777) == 0 { return }
        var number = errno
        if number == ENOENT, let slash = folder.lastIndex(of: "/"), slash > folder.startIndex {
            try makeFolder(String(folder[..<slash]))
            if mkdir(folder, 0o777) == 0 { return }
            number = errno
        }
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder)
        guard number == EEXIST, exists, isFolder.boolValue else {
            throw .notWritable(path, reason: String(cString: strerror(number)))
        }
    }

    /// The configuration of the run.
    ///
    /// - Throws: ``RunError`` for a folder without run, or a file that is not a configuration.
    public func configuration() throws -> RunConfiguration {
        guard let data = FileManager.default.contents(atPath: configurationPath) else {
            throw RunError.missing(configurationPath)
        }
        do throws(JSONDocument.Problem) {
            let configuration = try JSONDocument.decode(RunConfiguration.self, from: data, .oldNames)
            guard configuration.schema == RunConfiguration.currentSchema else {
                throw JSONDocument.Problem(
                    place: "schema",
                    problem: "found \(configuration.schema), expected \(RunConfiguration.currentSchema)")
            }
            return configuration
        } catch {
            throw RunError.malformed(configurationPath, place: error.place, problem: error.problem)
        }
    }

    /// Writes a value as readable JSON.
    public func write(_ value: some Encodable, to file: String) throws {
        try AtomicFile.write(JSONDocument.encode(value, .indented), to: file)
    }

    /// Writes the metrics of all epochs so far, one JSON object a line.
    public func write(_ metrics: [EpochMetrics]) throws {
        let lines = try metrics.flatMap { try JSONDocument.encode($0) + [UInt8(ascii: "\n")] }
        try AtomicFile.write(lines, to: metricsPath)
    }

    /// The metrics of the first epochs.
    ///
    /// - Parameter count: epochs that the checkpoint has done; later lines are of an epoch that was redone.
    public func metrics(first count: Int) throws -> [EpochMetrics] {
        guard count > 0 else { return [] }
        guard let data = FileManager.default.contents(atPath: metricsPath) else {
            throw RunError.missing(metricsPath)
        }
        let lines = data.split(separator: UInt8(ascii: "\n"))
        guard lines.count >= count else {
            throw RunError.malformed(
                metricsPath, place: "line \(lines.count + 1)",
                problem: "found its end, expected \(count) lines")
        }
        return try lines.prefix(count).enumerated().map { index, line in
            do throws(JSONDocument.Problem) {
                return try JSONDocument.decode(EpochMetrics.self, from: line, .oldNames)
            } catch {
                throw RunError.malformed(
                    metricsPath, place: "line \(index + 1) \(error.place)", problem: error.problem)
            }
        }
    }
}

/// What is wrong with a run folder.
public enum RunError: DescribedError, Equatable {
    case exists(String)
    case notWritable(String, reason: String)
    case missing(String)
    case malformed(String, place: String, problem: String)
    case otherConfiguration(String, differences: [String])
    case otherData(String, file: String)
    case checkpoint(String, problem: String)

    public var category: ErrorCategory {
        switch self {
        case .exists, .otherConfiguration: .usage
        case .notWritable: .failure
        case .missing, .malformed, .otherData, .checkpoint: .badInput
        }
    }

    public var description: String {
        switch self {
        case .exists(let path):
            "\(path): found a run, expected a new folder; add --resume to go on with it, or choose another --output"
        case .notWritable(let path, let reason):
            "\(path): the folder cannot be made (\(reason)); choose another --output"
        case .missing(let path): "\(path): not found; expected the folder of a run made by 'sqsnn train'"
        case .malformed(let path, let place, let problem):
            "\(path): \(place.isEmpty ? "" : place + ": ")\(problem); restore the file, or train anew"
        case .otherConfiguration(let path, let differences):
            "\(path): the run has other settings (\(differences.joined(separator: "; "))); "
                + "leave these options out, or choose another --output"
        case .otherData(let path, let file):
            "\(path): the contents of \(file) are not those that the run began with; "
                + "point SQSNN_DATA to the same data set"
        case .checkpoint(let path, let problem):
            "\(path): \(problem); it belongs to another run, restore the right one or train anew"
        }
    }
}
