/// What a search is: which options it keeps, which it varies and how far, for which models, and what it may spend. The file that
/// `sqsnn search` takes.
public struct SearchSpace: Sendable, Hashable {
    /// A round of trainings, from which the best go on to the next.
    public struct Rung: Sendable, Hashable, Codable {
        /// Epochs of each training.
        public let epochs: Int
        /// Training images, from the first; nil for all that are not held out.
        public let limit: Int?
        /// Share of the trials that go on, at least one; nil in the last rung.
        public let keep: Double?

        public init(epochs: Int, limit: Int? = nil, keep: Double? = nil) {
            self.epochs = epochs
            self.limit = limit
            self.keep = keep
        }
    }

    /// One of the models that are searched alike.
    public struct Model: Sendable, Hashable, Codable {
        /// What tables and files call it.
        public let name: String
        /// Options beside those of all models.
        public let fixed: [String: OptionValue]?
        public let free: [String: FreeOption]?

        public init(
            name: String, fixed: [String: OptionValue]? = nil, free: [String: FreeOption]? = nil
        ) {
            self.name = name
            self.fixed = fixed
            self.free = free
        }
    }

    public static let currentSchema = "sqsnn.search/1"

    public var schema = SearchSpace.currentSchema
    /// Trials of each model on each data set.
    public var trials: Int
    public var rungs: [Rung]
    /// Training images, from the last, that no trial trains on and all are judged by.
    public var validation: Int
    /// Trainings of a trial in each rung, with seeds 1, 2, ….
    public var seeds = 1
    /// Passes over the validation images.
    public var passes = 1
    /// Of the options of the trials.
    public var seed: UInt64 = 1
    /// Whether the first trial of every model has none of the free options: all as `sqsnn train` has them by itself.
    public var defaults = false
    /// Data sets, on each of which each model is searched; nil for the one that the options name.
    public var datasets: [String]?
    /// Options of `sqsnn train` that all trials have, by name without dashes.
    public var fixed: [String: OptionValue] = [:]
    /// Options that differ from trial to trial; trial N has the same values for every model.
    public var free: [String: FreeOption] = [:]
    /// nil for a single one.
    public var models: [Model]?

    public init(trials: Int, rungs: [Rung], validation: Int) {
        self.trials = trials
        self.rungs = rungs
        self.validation = validation
    }
}

extension SearchSpace: Codable {
    private enum CodingKeys: CodingKey {
        case schema, trials, rungs, validation, seeds, passes, seed, defaults, datasets, fixed, free, models
    }

    /// Seeds, passes, defaults, data sets, fixed and free options and models may be left out.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            trials: try container.decode(Int.self, forKey: .trials),
            rungs: try container.decode([Rung].self, forKey: .rungs),
            validation: try container.decode(Int.self, forKey: .validation))
        schema = try container.decode(String.self, forKey: .schema)
        seeds = try container.decodeIfPresent(Int.self, forKey: .seeds) ?? seeds
        passes = try container.decodeIfPresent(Int.self, forKey: .passes) ?? passes
        seed = try container.decodeIfPresent(UInt64.self, forKey: .seed) ?? seed
        defaults = try container.decodeIfPresent(Bool.self, forKey: .defaults) ?? defaults
        datasets = try container.decodeIfPresent([String].self, forKey: .datasets)
        fixed = try container.decodeIfPresent([String: OptionValue].self, forKey: .fixed) ?? fixed
        free = try container.decodeIfPresent([String: FreeOption].self, forKey: .free) ?? free
        models = try container.decodeIfPresent([Model].self, forKey: .models)
    }
}

extension SearchSpace {
    /// How many trials each rung has.
    public var rungSizes: [Int] {
        rungs.dropLast().reduce(into: [trials]) { sizes, rung in
            sizes.append(Self.survivors(of: sizes[sizes.count - 1], keep: rung.keep ?? 1))
        }
    }

    /// How many of some trials go on.
    static func survivors(of count: Int, keep: Double) -> Int {
        max(Int((keep * Double(count)).rounded()), min(count, 1))
    }

    /// Epochs that the search of one model on one data set trains: the same for all of them.
    public var epochsOfSubject: Int { zip(rungSizes, rungs).reduce(0) { $0 + $1.0 * $1.1.epochs * seeds } }

    /// Epochs of the whole search.
    public var epochCount: Int { epochsOfSubject * subjectCount }

    var subjectCount: Int { (models?.count ?? 1) * (datasets?.count ?? 1) }
}
