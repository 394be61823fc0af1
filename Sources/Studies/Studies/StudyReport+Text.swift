import Files

extension StudyReport {
    /// The tables as text: accuracies with their intervals' half widths and verdicts, wins, ties and losses of each pair, spikes a trial.
    public var lines: [String] {
        [
            "Accuracy in per cent (± half of the 95 % interval); + wins, = ties, - loses against all controls, by the",
            "\(comparisons.count) differences of the same seeds, whose intervals hold together with 95 %",
        ]
            + table { row in
                let half = 50 * (row.accuracy.high - row.accuracy.low)
                return String(printf: "%.1f ±%.1f", 100 * row.accuracy.mean, half) + " "
                    + (row.verdict?.sign ?? " ")
            }
            + (comparisons.isEmpty
                ? [] : ["", "Settings won, tied and lost against each control"] + tallies) + [
                "",
                "Spikes of the population in a trial; above the budget, fewer trials could be answered",
            ]
            + table { String(printf: "%.1f  ", $0.spikesPerTrial.mean) }
            + [
                "",
                "Loss in training over the last eighth of the updates, and in per cent of it how much it still fell from the "
                    + "eighth before",
            ]
            + table { row in
                guard row.trainingLosses.count > 1, let last = row.trainingLosses.last else { return "" }
                let before = row.trainingLosses[row.trainingLosses.count - 2]
                return String(printf: "%.3f, %.1f", last, 100 * (before - last) / max(last, 1e-12))
            }
            + ["", "Neurons, parameters"] + table { "\($0.neuronCount), \($0.parameterCount)" }
    }

    private var models: [String] { rows.map(\.model).distinct }

    /// One line for each setting, one column for each model.
    private func table(_ text: (Row) -> String) -> [String] {
        let body = rows.map(\.setting).distinct.map { setting in
            [setting.task, "\(setting.size)", Self.text(budget: setting.spikeBudget)]
                + models.map { model in
                    rows.first { $0.model == model && $0.setting == setting }.map(text) ?? ""
                }
        }
        return TextTable.numberLines([["task", "size", "budget"] + models] + body)
    }

    /// One line for each control, one column for each model beside it.
    private var tallies: [String] {
        let columns = comparisons.map(\.model).distinct
        let body = comparisons.map(\.control).distinct.map { control in
            [control]
                + columns.map { model in
                    let verdicts = comparisons.filter { $0.model == model && $0.control == control }
                        .map(\.verdict)
                    return [Verdict.wins, .ties, .loses].map { kind in
                        "\(verdicts.count { $0 == kind })"
                    }.joined(separator: " / ")
                }
        }
        return TextTable.numberLines([["against"] + columns] + body)
    }

    /// A budget as the command takes it.
    public static func text(budget: Double?) -> String {
        budget.map { String(printf: "%g", $0) } ?? "none"
    }
}

extension Sequence where Element: Hashable {
    /// Each element once, in the order in which they come.
    var distinct: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
