import EventRecordings
import Files

/// A kind of data set whose samples go on over time: recordings of events, sounds, series. Whatever they are, they become events.
protocol TemporalLayout: Sendable {
    /// Names of what lies in the folder of the data set, as ``CatalogEntry/fileNames``.
    var fileNames: [String] { get }
    /// Those of them that can be downloaded, and have known digests.
    var files: [CatalogFile] { get }
    /// The files by their names, where they lie in no folder of the search path; nil where that is to be looked through.
    var ownPaths: [String: String]? { get }
    /// Samples of both parts as published; there may be fewer here.
    var publishedCounts: (train: Int, test: Int) { get }
    /// What a sample is called, in the plural.
    var noun: String { get }
    /// Whether events lie as the pixels of an image do.
    var hasImages: Bool { get }
    /// Whether there are OFF events, which have inputs of their own.
    func hasPolarities(_ input: EventInput) -> Bool

    /// The sensor of the events before all transforms.
    ///
    /// - Throws: ``DatasetError/input(dataset:problem:)``.
    func sensor(of entry: CatalogEntry, _ input: EventInput) throws(DatasetError) -> EventSensor

    /// A file of one's own as a sample, before all transforms.
    ///
    /// - Throws: `EventError`, ``DatasetError``.
    func recording(of entry: CatalogEntry, inFile path: String, _ input: EventInput) throws -> EventRecording

    /// The samples of both parts, not read yet as far as that goes.
    ///
    /// - Parameter paths: of ``fileNames``.
    /// - Throws: `EventError`, ``DatasetError``.
    func parts(
        of entry: CatalogEntry, at paths: [String: String], _ input: EventInput
    ) throws -> (train: TemporalPart, test: TemporalPart)
}

extension TemporalLayout {
    func hasPolarities(_ input: EventInput) -> Bool { true }
    var files: [CatalogFile] { [] }
    var ownPaths: [String: String]? { nil }
    var hasImages: Bool { true }

    func recording(of entry: CatalogEntry, inFile path: String, _ input: EventInput) throws -> EventRecording
    {
        try EventRecording(reading: path, sensor: sensor(of: entry, input))
    }
}

/// The samples of one part of a data set.
struct TemporalPart: Sendable {
    struct Sample: Sendable {
        let label: Int
        /// Its events, in the order of time, and the digest of its file where it has one of its own.
        let read: @Sendable () throws -> (recording: EventRecording, fileDigest: String?)
    }

    /// As ``DatasetFile/name``.
    let name: String
    /// The folder of its files, or the file.
    let path: String
    let samples: [Sample]
    /// The files whose contents are the samples.
    let files: [String]

    /// The digest of all files, as of a list of theirs.
    ///
    /// - Parameter digests: of each file; empty where samples share files, which are then read.
    /// - Throws: `FileError`.
    static func digest(of files: [String], under path: String, _ digests: [String] = []) throws -> String {
        let digests = digests.isEmpty ? try files.map { try SHA256Digest.hex(ofFile: $0) } : digests
        var hasher = SHA256Hasher()
        for (file, digest) in zip(files, digests) {
            hasher.update(Array("\(digest)  \(file.dropFirst(path.count))\n".utf8))
        }
        return hasher.finalize()
    }
}

extension Array {
    /// The first element of each group, the second of each, and so on, so that any number from the front or from the back has of each
    /// group its share. Groups are in the order of their numbers, their elements in the order in which they are.
    func interleaved(by group: (Element) -> Int) -> [Element] {
        var ranks: [Int: Int] = [:]
        let ranked = map { element in
            let group = group(element)
            defer { ranks[group, default: 0] += 1 }
            return (element: element, rank: ranks[group, default: 0], group: group)
        }
        return ranked.sorted { ($0.rank, $0.group) < ($1.rank, $1.group) }.map(\.element)
    }
}
