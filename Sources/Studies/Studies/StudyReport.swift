import Learning

/// The table of a study: accuracy and spikes of every model on every task and budget, and whether it beats the controls.
public struct StudyReport: Sendable, Codable {
    /// How a model's accuracy compares with the controls that were run beside it.
    public enum Verdict: String, Sendable, Codable {
        /// Its interval lies above those of all controls.
        case wins
        /// Its interval overlaps that of the best control.
        case ties
        /// Its interval lies below that of a control.
        case loses

        /// What the table prints behind an accuracy.
        var sign: String {
            switch self {
            case .wins: "+"
            case .ties: "="
            case .loses: "-"
            }
        }
    }

    /// One model on one task at one budget.
    public struct Row: Sendable, Codable {
        public let task: String
        /// Spikes of the population a step; nil for no limit.
        public let spikeBudget: Double?
        public let model: String
        public let neuronCount: Int
        public let parameterCount: Int
        /// ``CellResult/accuracyWithinBudget`` over the seeds, 0…1.
        public let accuracy: MeanInterval
        /// Accuracy of each seed.
        public let accuracies: [Double]
        /// Spikes of the networks as they are, whether the budget pays for all of them or not.
        public let spikesPerTrial: MeanInterval
        /// nil for a control, and where no control was run.
        public internal(set) var verdict: Verdict?

        enum CodingKeys: String, CodingKey {
            case task, model, accuracy, accuracies, verdict
            case spikeBudget
            case neuronCount = "neurons"
            case parameterCount = "parameters"
            case spikesPerTrial
        }
    }

    public private(set) var rows: [Row]
    /// Mean seconds that one network took to train, on one thread.
    public let secondsPerCell: Double

    /// - Parameter results: seeds of a task, model and budget follow any order.
    public init(_ study: MemoryStudy, _ results: [CellResult]) {
        rows = []
        let seconds = results.map(\.trainingSeconds)
        secondsPerCell = seconds.isEmpty ? 0 : seconds.reduce(0, +) / Double(seconds.count)
        for task in study.tasks {
            let ofTask = results.filter { $0.task == task.name }
            for budget in study.spikeBudgets {
                let group = ofTask.filter { $0.spikeBudget == budget }
                rows += Self.compared(
                    study.models.compactMap { model in
                        Self.row(group.filter { $0.model == model.name })
                    })
            }
        }
    }

    private static func row(_ results: [CellResult]) -> Row? {
        guard let first = results.first else { return nil }
        return Row(
            task: first.task, spikeBudget: first.spikeBudget, model: first.model,
            neuronCount: first.neuronCount, parameterCount: first.parameterCount,
            accuracy: MeanInterval(results.map(\.accuracyWithinBudget), range: 0...1),
            accuracies: results.map(\.accuracyWithinBudget),
            spikesPerTrial: MeanInterval(results.map(\.spikesPerTrial), range: 0...Double.infinity))
    }

    private static func compared(_ rows: [Row]) -> [Row] {
        let controls = rows.filter { CandidateModel.controlNames.contains($0.model) }.map(\.accuracy)
        guard !controls.isEmpty else { return rows }
        return rows.map { row in
            guard !CandidateModel.controlNames.contains(row.model) else { return row }
            var row = row
            if controls.allSatisfy({ row.accuracy.low > $0.high }) {
                row.verdict = .wins
            } else if controls.contains(where: { row.accuracy.high < $0.low }) {
                row.verdict = .loses
            } else {
                row.verdict = .ties
            }
            return row
        }
    }
}
