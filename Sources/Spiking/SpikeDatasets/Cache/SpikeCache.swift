import EventRecordings
import Files
import FoundationEssentials
import Glibc

/// Spikes of data sets on disk, so that recordings, sounds and series are not read and encoded again.
///
///     stat-KEY      digests of the contents of both parts; KEY: path, size, time of change and number of each file
///     spikes-KEY    the spikes of both parts; KEY: those digests, and how events become spikes
///
/// Whatever is not as it was written, or cannot be read, is as good as absent, and so is a folder that cannot be written: nothing here is an
/// error. Files are written as a whole and never changed, so that any number of processes may use one folder.
struct SpikeCache {
    let folder: String
    /// Seconds by which the clock is ahead, so that a test need not wait.
    let lead: Int

    /// nil where nothing is to be kept.
    init?(_ searchPath: DatasetSearchPath) {
        guard let folder = searchPath.cacheFolder else { return nil }
        (self.folder, lead) = (folder, searchPath.clockLead)
    }

    /// Of both parts of a data set.
    struct Parts {
        var train: Part
        var test: Part
    }

    struct Part {
        let digest: String
        let labels: [UInt8]
        let spikes: SpikeList
    }

    /// What the names of files count on: another layout of the file, or other spikes of the same input, need another number.
    private static let version = 1

    /// What decides the spikes, beside the contents of the files.
    private struct Input: Encodable {
        let version: Int
        let dataset: String
        let classNames: [String]
        let digests: [String]
        let input: EventInput
        let planes, height, width, steps: Int
    }

    /// The digests of the contents of both parts, if their files are as they were when these were computed.
    func digests(_ parts: [TemporalPart]) -> [String]? {
        guard let state = FileStates(parts), let bytes = read("stat-\(state.digest)") else { return nil }
        let digests = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
        return digests.count == parts.count && digests.allSatisfy { $0.utf8.count == 64 } ? digests : nil
    }

    func keep(digests: [String], of parts: [TemporalPart]) {
        // A file that changed just now may change again within the same tick of the file system's clock.
        let now = Int(Date().timeIntervalSince1970) + lead
        guard let state = FileStates(parts), state.latest + 2 < now else { return }
        write(Array(digests.joined(separator: "\n").utf8), as: "stat-\(state.digest)")
    }

    /// - Parameter shape: of the inputs.
    func key(
        _ entry: CatalogEntry, _ digests: [String], _ input: EventInput, _ shape: InputShape, stepCount: Int
    ) -> String? {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let input = Input(
            version: Self.version, dataset: entry.name, classNames: entry.classNames, digests: digests,
            input: input, planes: shape.planeCount, height: shape.height, width: shape.width, steps: stepCount
        )
        return (try? encoder.encode(input)).map { SHA256Digest.hex(of: Array($0)) }
    }

    /// The spikes of a key, if they are there and whole.
    func parts(_ key: String, stepCount: Int, inputCount: Int, classCount: Int) -> Parts? {
        read("spikes-\(key)").flatMap {
            SpikeCacheFile.parts($0, stepCount: stepCount, inputCount: inputCount, classCount: classCount)
        }
    }

    func keep(_ parts: Parts, as key: String) {
        write(SpikeCacheFile.bytes(parts), as: "spikes-\(key)")
    }

    private func read(_ name: String) -> [UInt8]? {
        try? InputFile.read("\(folder)/\(name)", limit: SpikeCacheFile.sizeLimit)
    }

    private func write(_ bytes: [UInt8], as name: String) {
        guard bytes.count <= SpikeCacheFile.sizeLimit else { return }
        _ = try? Folder.make(folder)
        try? AtomicFile.write(bytes, to: "\(folder)/\(name)")
    }
}

/// What the system says of the files of a data set without opening them.
private struct FileStates {
    let digest: String
    /// When one of them changed last, seconds since 1970.
    let latest: Int

    /// nil where one of the files is not there.
    init?(_ parts: [TemporalPart]) {
        var hasher = SHA256Hasher()
        var latest = 0
        for part in parts {
            hasher.update(Array("\(part.name)\n".utf8))
            for path in part.files {
                guard let state = FileState(path) else { return nil }
                latest = max(latest, state.changedSeconds)
                hasher.update(Array("\(state.text)  \(path)\n".utf8))
            }
        }
        (digest, self.latest) = (hasher.finalize(), latest)
    }
}
