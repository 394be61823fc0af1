import Learning

/// The table of a study: accuracy and spikes of every model on every task, size and budget, and how models whose memory is quantum compare
/// with those whose memory is not.
public struct StudyReport: Sendable, Codable {
    /// How a model's accuracy compares with that of a control, or of all.
    public enum Verdict: String, Sendable, Codable {
        /// The interval of the difference lies above 0; of all controls.
        case wins
        case ties
        /// The interval of the difference lies below 0; of one control.
        case loses

        /// What the table prints behind an accuracy.
        var sign: String {
            switch self {
            case .wins: "+"
            case .ties: "="
            case .loses: "-"
            }
        }

        init(_ difference: MeanInterval) {
            self = difference.low > 0 ? .wins : difference.high < 0 ? .loses : .ties
        }
    }

    /// What is compared with one another.
    public struct Setting: Sendable, Hashable, Codable {
        public let task: String
        /// Neurons that an `exchange` network has.
        public let size: Int
        /// Spikes of the population a step; nil for no limit.
        public let spikeBudget: Double?
    }

    /// One model in one setting.
    public struct Row: Sendable, Codable {
        public let setting: Setting
        public let model: String
        public let isControl: Bool
        public let neuronCount: Int
        public let parameterCount: Int
        /// ``CellResult/accuracyWithinBudget`` over the seeds, 0…1.
        public let accuracy: MeanInterval
        /// Accuracy of each seed.
        public let accuracies: [Double]
        /// Spikes of the networks as they are, whether the budget pays for all of them or not.
        public let spikesPerTrial: MeanInterval
        /// ``CellResult/trainingLosses``, mean over the seeds.
        public let trainingLosses: [Double]
        /// nil for a control, and where no control was run.
        public internal(set) var verdict: Verdict?

        enum CodingKeys: String, CodingKey {
            case setting, model, isControl, accuracy, accuracies, verdict, trainingLosses
            case neuronCount = "neurons"
            case parameterCount = "parameters"
            case spikesPerTrial
        }
    }

    /// A model whose memory is quantum beside a control, in one setting.
    public struct Comparison: Sendable, Codable {
        public let setting: Setting
        public let model: String
        public let control: String
        /// Accuracy of the model less that of the control, with the same seed; the interval holds for all comparisons of the report together.
        public let difference: MeanInterval
        public var verdict: Verdict { Verdict(difference) }

        enum CodingKeys: CodingKey { case setting, model, control, difference }
    }

    /// One for each model in each setting.
    public let rows: [Row]
    /// Each model whose memory is quantum beside each control.
    public let comparisons: [Comparison]
    /// Mean seconds that one network took to train, on one thread.
    public let secondsPerCell: Double

    /// - Parameter results: in any order.
    public init(_ study: MemoryStudy, _ results: [CellResult]) {
        let seconds = results.map(\.trainingSeconds)
        secondsPerCell = seconds.isEmpty ? 0 : seconds.reduce(0, +) / Double(seconds.count)
        let groups = Dictionary(grouping: results) { GroupKey(setting: $0.setting, model: $0.model) }
        let settings = study.tasks.flatMap { task in
            study.sizes.flatMap { size in
                study.spikeBudgets.map { Setting(task: task.name, size: size, spikeBudget: $0) }
            }
        }
        var rows: [Row] = []
        var pairs: [(setting: Setting, model: String, control: String)] = []
        for setting in settings {
            let models = study.models.filter { groups[GroupKey(setting: setting, model: $0.name)] != nil }
            rows += models.compactMap { model in
                groups[GroupKey(setting: setting, model: model.name)].flatMap { Self.row(model, $0) }
            }
            pairs += models.filter { !$0.isControl }.flatMap { model in
                models.filter(\.isControl).map { (setting, model.name, $0.name) }
            }
        }
        comparisons = pairs.map { pair in
            func accuracies(_ model: String) -> [UInt64: Double] {
                let results = groups[GroupKey(setting: pair.setting, model: model)] ?? []
                return Dictionary(results.map { ($0.seed, $0.accuracyWithinBudget) }) { first, _ in first }
            }
            let (own, others) = (accuracies(pair.model), accuracies(pair.control))
            let differences = own.keys.sorted().compactMap { seed in
                own[seed].flatMap { own in others[seed].map { own - $0 } }
            }
            return Comparison(
                setting: pair.setting, model: pair.model, control: pair.control,
                difference: MeanInterval(differences, range: -1...1, comparisons: pairs.count))
        }
        for index in rows.indices where !rows[index].isControl {
            let verdicts = comparisons.filter {
                $0.setting == rows[index].setting && $0.model == rows[index].model
            }.map(\.verdict)
            guard !verdicts.isEmpty else { continue }
            rows[index].verdict =
                verdicts.allSatisfy { $0 == .wins } ? .wins : verdicts.contains(.loses) ? .loses : .ties
        }
        self.rows = rows
    }

    private struct GroupKey: Hashable {
        let setting: Setting
        let model: String
    }

    private static func row(_ model: CandidateModel, _ results: [CellResult]) -> Row? {
        guard let first = results.first else { return nil }
        let length = results.map(\.trainingLosses.count).min() ?? 0
        return Row(
            setting: first.setting, model: first.model, isControl: model.isControl,
            neuronCount: first.neuronCount, parameterCount: first.parameterCount,
            accuracy: MeanInterval(results.map(\.accuracyWithinBudget), range: 0...1),
            accuracies: results.map(\.accuracyWithinBudget),
            spikesPerTrial: MeanInterval(results.map(\.spikesPerTrial), range: 0...Double.infinity),
            trainingLosses: (0..<length).map { part in
                results.reduce(0) { $0 + $1.trainingLosses[part] } / Double(results.count)
            })
    }
}

extension CellResult {
    var setting: StudyReport.Setting {
        StudyReport.Setting(task: task, size: size, spikeBudget: spikeBudget)
    }
}
