import Files

extension SearchReport {
    /// A table of the best trials of each subject, what failed, and the best options.
    ///
    /// - Parameters:
    ///   - count: rows of each table.
    ///   - folder: of the search.
    public func lines(best count: Int, in folder: String) -> [String] {
        subjects.flatMap {
            $0.lines(best: count, in: folder, validation: validation, seeds: seeds) + [""]
        }.dropLast()
    }

    /// The trials as comma-separated values (RFC 4180): a row for each rung that a trial was in, or one for a trial that was in
    /// none.
    public var table: [String] {
        let options = Set(subjects.flatMap { $0.trials.flatMap(\.options.keys) }).sorted()
        let heading = [
            "subject", "trial", "rung", "epochs", "limit", "accuracy", "standard_deviation", "parameters",
            "spikes_per_step", "seconds", "failure",
        ]
        let rows = subjects.flatMap { subject in
            subject.trials.sorted { $0.trial < $1.trial }.flatMap { trial in
                let values = options.map { trial.options[$0] ?? "" }
                let name = [subject.name, "\(trial.trial)"]
                guard !trial.rungs.isEmpty else {
                    return [name + ["", "", "", "", "", "", "", "", trial.failure ?? ""] + values]
                }
                return trial.rungs.enumerated().map { index, score in
                    name + ["\(index + 1)"] + score.cells + values
                }
            }
        }
        return ([heading + options] + rows).map(CSV.row)
    }
}

extension SearchReport.Subject {
    fileprivate func lines(best count: Int, in folder: String, validation: Int, seeds: Int) -> [String] {
        let options = Set(trials.flatMap(\.options.keys)).sorted()
        let shown = trials.prefix(count).filter { $0.failure == nil }
        let spread = seeds == 1 ? "" : " ± deviation over \(seeds) seeds"
        let rows = shown.map { trial -> [String] in
            let score = trial.rungs.last
            return [
                "\(trial.trial)", "\(score?.epochs ?? 0)", score?.limit.map(String.init) ?? "all",
                score?.text ?? "", "\(score?.parameters ?? 0)",
            ] + options.map { trial.options[$0] ?? "" }
        }
        let heading = ["trial", "epochs", "images", "accuracy (%)", "parameters"] + options
        let failures = trials.filter { $0.failure != nil }
        return [
            "\(name): the best of \(trials.count) trials, by accuracy\(spread) on \(validation) training images held out"
        ]
            + (rows.isEmpty ? [] : TextTable.numberLines([heading] + rows))
            + (failures.isEmpty
                ? []
                : [
                    "came to nothing: "
                        + failures.prefix(3).map { "trial \($0.trial) (\($0.failure ?? ""))" }
                        .joined(separator: "; ")
                        + (failures.count > 3 ? "; and \(failures.count - 3) more" : "")
                ])
            + (best.map { ["best: \($0.command)", "recipe: \(folder)/\($0.recipe)"] } ?? ["best: none"])
    }
}

extension SearchScore {
    fileprivate var text: String {
        guard let accuracy else { return "" }
        return String(printf: "%.2f", 100 * accuracy)
            + (standardDeviation.map { String(printf: " ± %.2f", 100 * $0) } ?? "")
    }

    /// From `epochs` to `failure`, for the table of comma-separated values.
    fileprivate var cells: [String] {
        func text(_ number: Double?) -> String { number.map { String(printf: "%.6g", $0) } ?? "" }
        return [
            "\(epochs)", limit.map(String.init) ?? "", text(accuracy), text(standardDeviation),
            parameters.map(String.init) ?? "", text(spikesPerStep), text(seconds), failure ?? "",
        ]
    }
}
