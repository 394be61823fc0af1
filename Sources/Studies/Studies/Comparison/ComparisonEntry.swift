import Files

/// A model that takes part in a comparison: a name, and the options of `sqsnn train` that make and train it.
public struct ComparisonEntry: Sendable, Hashable, Codable {
    /// Once in its group on each data set.
    public var name: String
    /// Options of `sqsnn train` by name without dashes, but `dataset` and `seed`, which are the comparison's.
    public var options: [String: String]
    /// Entries are compared, and drawn, beside those of their group; nil is a group too.
    public var group: String?
    /// The data sets that it is for; nil for all.
    public var datasets: [String]?
    /// What the width of its hidden layers is made for; nil for the width that the options say.
    public var match: ParameterTarget?
    /// Where the options come from, for readers.
    public var source: String?

    public init(
        _ name: String, options: [String: String], group: String? = nil, datasets: [String]? = nil,
        match: ParameterTarget? = nil, source: String? = nil
    ) {
        self.name = name
        self.options = options
        self.group = group
        self.datasets = datasets
        self.match = match
        self.source = source
    }
}

/// As how many trainable numbers a model should have.
public enum ParameterTarget: Sendable, Hashable, Codable {
    /// As many as an entry of the same group.
    case entry(String)
    case count(Int)

    /// A number, or the name of an entry.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let count = try? container.decode(Int.self) {
            self = .count(count)
        } else if let name = try? container.decode(String.self) {
            self = .entry(name)
        } else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "expected the name of an entry, or a number of parameters")
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .entry(let name): try container.encode(name)
        case .count(let count): try container.encode(count)
        }
    }
}

/// A comparison as `sqsnn compare FILE` reads it.
///
///     {"schema": "sqsnn.comparison-file/1",
///      "datasets": ["mnist", "fashion-mnist"], "seeds": 5, "match": "SQS",
///      "entries": [
///        {"name": "SQS", "options": {"model": "sqs", "hidden": "200"}},
///        {"name": "LIF", "options": {"model": "lif", "neurons-per-class": "1"}}]}
public struct ComparisonFile: Sendable, Hashable, Codable {
    public static let schema = "sqsnn.comparison-file/1"

    /// `sqsnn.comparison-file/1`
    public var schema: String
    public var entries: [ComparisonEntry]
    public var datasets: [String]?
    /// Runs of each entry on each data set, with the seeds 1, 2, ….
    public var seeds: Int?
    /// Single-shot passes of each run over the images that it is measured on.
    public var repetitions: Int?
    /// The target of all entries that have none of their own; the entry that it names keeps its width.
    public var match: ParameterTarget?

    public init(entries: [ComparisonEntry]) {
        schema = Self.schema
        self.entries = entries
    }

    /// - Parameter path: `-` for standard input.
    /// - Throws: `FileError`, ``ComparisonError/file(_:problem:)``.
    public static func load(_ path: String) throws -> ComparisonFile {
        let text = try InputFile.read(path, limit: InputFile.textLimit)
        do throws(JSONDocument.Problem) {
            return try JSONDocument.decode(
                ComparisonFile.self, from: text, schema: \.schema, expected: schema)
        } catch {
            throw ComparisonError.file(path, problem: error.text)
        }
    }
}

extension [ComparisonEntry] {
    /// With a target for all that have none, but for the entry that it names.
    public func matching(_ target: ParameterTarget?) -> [ComparisonEntry] {
        guard let target else { return self }
        return map { entry in
            var entry = entry
            if entry.match == nil, target != .entry(entry.name) { entry.match = target }
            return entry
        }
    }
}
