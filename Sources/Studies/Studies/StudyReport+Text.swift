import Files
import Foundation

extension StudyReport {
    /// The tables as text: accuracies with their intervals' half widths and verdicts, then spikes a trial.
    public var lines: [String] {
        let models = distinct(rows.map(\.model))
        return [
            "Accuracy in per cent (± half of the 95 % interval); + wins, = ties, - loses against the controls"
        ]
            + table(models) { row in
                let half = 50 * (row.accuracy.high - row.accuracy.low)
                return String(format: "%.1f ±%.1f", 100 * row.accuracy.mean, half) + " "
                    + (row.verdict?.sign ?? " ")
            } + [
                "",
                "Spikes of the population in a trial; above the budget, fewer trials could be answered",
            ]
            + table(models) { String(format: "%.1f  ", $0.spikesPerTrial.mean) }
            + ["", "Neurons, parameters"] + sizes(models)
    }

    /// One line for each task and budget, one column for each model.
    private func table(_ models: [String], _ text: (Row) -> String) -> [String] {
        let keys = distinct(rows.map { Key(task: $0.task, spikeBudget: $0.spikeBudget) })
        let body = keys.map { key in
            [key.task, Self.text(budget: key.spikeBudget)]
                + models.map { model in
                    rows.first {
                        $0.model == model && $0.task == key.task && $0.spikeBudget == key.spikeBudget
                    }
                    .map(text) ?? ""
                }
        }
        return TextTable.numberLines([["task", "budget"] + models] + body)
    }

    private struct Key: Hashable {
        let task: String
        let spikeBudget: Double?
    }

    /// Sizes depend on the task only through its channels.
    private func sizes(_ models: [String]) -> [String] {
        let tasks = distinct(rows.map(\.task))
        let body = tasks.map { task in
            [task]
                + models.map { model in
                    rows.first { $0.model == model && $0.task == task }
                        .map { "\($0.neuronCount), \($0.parameterCount)" } ?? ""
                }
        }
        return TextTable.numberLines([["task"] + models] + body)
    }

    /// A budget as the command takes it.
    public static func text(budget: Double?) -> String {
        budget.map { String(format: "%g", $0) } ?? "none"
    }

    private func distinct<Value: Hashable>(_ values: [Value]) -> [Value] {
        var seen: Set<Value> = []
        return values.filter { seen.insert($0).inserted }
    }
}
