import Files

/// A sweep as `sqsnn sweep FILE` reads it: all combinations of some values of options, or random ones, each trained with several seeds.
///
///     {"schema": "sqsnn.sweep/1",
///      "datasets": ["fashion-mnist"], "seeds": 3,
///      "fixed": {"epochs": 4}, "grid": {"hidden": [100, 300], "learning-rate": [0.001, 0.003]}}
public struct SweepFile: Sendable, Hashable, Codable {
    public static let schema = "sqsnn.sweep/1"

    public var schema = SweepFile.schema
    public var datasets: [String]?
    /// Runs of each combination on each data set, with the seeds 1, 2, ….
    public var seeds: Int?
    /// Single-shot passes of each run over the samples that it is measured on.
    public var repetitions: Int?
    /// Trainable numbers that all networks are made for.
    public var match: Int?
    /// Options of `sqsnn train` that all combinations have, by name without dashes.
    public var fixed: [String: OptionValue]?
    /// Options of which every combination is trained.
    public var grid: [String: [OptionValue]]?
    /// Options that are drawn at random, for ``trials`` of each combination of the grid.
    public var free: [String: FreeOption]?
    public var trials: Int?
    /// Of the random options; 1 without it.
    public var seed: UInt64?

    public init() {}

    /// A combination of values.
    public struct Point: Sendable, Hashable {
        /// By option, those of the grid and those that were drawn.
        public let values: [String: OptionValue]

        public init(values: [String: OptionValue]) { self.values = values }

        /// As in `hidden=100 learning-rate=0.001`.
        public var name: String {
            values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.text)" }.joined(separator: " ")
        }
    }

    /// In the order in which they are trained: the last option of the grid changes first.
    public var points: [Point] {
        var combinations: [[String: OptionValue]] = [[:]]
        for (name, values) in (grid ?? [:]).sorted(by: { $0.key < $1.key }) {
            combinations = combinations.flatMap { combination in
                values.map { combination.merging([name: $0]) { $1 } }
            }
        }
        guard let free, let trials else { return combinations.map(Point.init) }
        return combinations.flatMap { combination in
            (0..<trials).map { trial in
                Point(
                    values: combination.merging(
                        FreeOption.drawn(free, seed: seed ?? 1, owner: 0, trial: trial)
                    ) { $1 })
            }
        }
    }

    public var entries: [ComparisonEntry] {
        points.map { point in
            ComparisonEntry(
                point.name,
                options: (fixed ?? [:]).merging(point.values) { $1 }.mapValues(\.text),
                match: match.map { .count($0) })
        }
    }

    /// What cannot be, nil if nothing.
    private var problem: JSONDocument.Problem? {
        let (grid, free) = (grid ?? [:], free ?? [:])
        if grid.isEmpty, free.isEmpty {
            return .init(place: "", problem: "found neither grid nor free, expected options that differ")
        }
        if !free.isEmpty != (trials != nil) {
            return .init(place: "trials", problem: "expected beside free, and nowhere else")
        }
        if let trials, !(1...1000).contains(trials) {
            return .init(place: "trials", problem: "found \(trials), expected 1 to 1000")
        }
        for (place, options) in [("grid", grid.mapValues { FreeOption.list($0) }), ("free", free)] {
            for (name, option) in options.sorted(by: { $0.key < $1.key }) {
                if let problem = option.problem { return .init(place: "\(place).\(name)", problem: problem) }
            }
        }
        let names = [Array((fixed ?? [:]).keys), Array(grid.keys), Array(free.keys)].flatMap(\.self).sorted()
        return zip(names, names.dropFirst()).first { $0 == $1 }
            .map { .init(place: $0.0, problem: "found in two of fixed, grid and free, expected in one") }
    }

    /// - Parameter path: `-` for standard input.
    /// - Throws: `FileError`, ``ComparisonError/file(_:problem:)``.
    public static func load(_ path: String) throws -> SweepFile {
        let text = try InputFile.read(path, limit: InputFile.textLimit)
        do throws(JSONDocument.Problem) {
            let file = try JSONDocument.decode(SweepFile.self, from: text, schema: \.schema, expected: schema)
            if let problem = file.problem { throw problem }
            return file
        } catch {
            throw ComparisonError.file(path, problem: error.text)
        }
    }
}
