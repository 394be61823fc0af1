/// The two parts of a data set, and what is known about where they come from.
///
/// Generic over what a part holds, so that other kinds of data sets (recordings of event cameras, say)
/// are loaded and passed on in the same way as images.
public struct DatasetSplits<Part: Sendable>: Sendable {
    /// The part to learn from.
    public let train: Part
    /// The part to judge by.
    public let test: Part
    /// The files read, with the digests of their contents.
    public let files: [DatasetFile]
    /// How the set is divided, in one sentence; to be shown beside every figure drawn from it.
    public let note: String

    public init(train: Part, test: Part, files: [DatasetFile], note: String) {
        self.train = train
        self.test = test
        self.files = files
        self.note = note
    }

    /// SHA-256 of the uncompressed contents by file name: what a run writes down about its data.
    public var digests: [String: String] {
        Dictionary(files.map { ($0.name, $0.contentDigest) }, uniquingKeysWith: { first, _ in first })
    }
}

/// A file of a data set that was read in full.
public struct DatasetFile: Sendable, Hashable, Codable {
    /// What a digest was compared with.
    public enum Verification: String, Sendable, Codable {
        /// The uncompressed contents have the SHA-256 in the catalogue.
        case contentMatches = "content-matches"
        /// The gzip file has the published SHA-256 in the catalogue.
        case archiveMatches = "archive-matches"
        /// The catalogue knows no digest for the file as it is here.
        case nothingToCompare = "nothing-to-compare"
    }

    /// The name in the catalogue, without `.gz`.
    public let name: String
    public let path: String
    /// SHA-256 of the uncompressed bytes, 64 hexadecimal digits.
    public let contentDigest: String
    public let verification: Verification

    private enum CodingKeys: String, CodingKey {
        case name, path, verification
        case contentDigest = "sha256"
    }
}
