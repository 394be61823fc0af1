import Files
import Learning

extension ComparisonReport {
    /// The tables as text.
    public var lines: [String] {
        let notes = datasets.map {
            "\($0.name): measured on \($0.images) "
                + (measured == .test ? "test images" : "training images that were held out") + "; \($0.note)"
        }
        let results = [
            "",
            "Accuracy in single-shot passes (%, of each run the mean of \(repetitions)), spikes, seconds an epoch on one thread: mean ± "
                + "deviation over the runs",
        ]
        let costs = [
            "", "An inference: trainable numbers, synaptic operations as NeuroBench counts them, shots",
        ]
        return notes + results + table(Self.resultHeading, rows, \.dataset, resultCells) + incompleteLines
            + costs + table(Self.costHeading, rows, \.dataset, costCells) + differenceLines + sourceLines
    }

    /// A line for each data set, and below it those of what was found there.
    private func table<Item>(
        _ heading: [String], _ items: [Item], _ dataset: (Item) -> String, _ cells: (Item) -> [String]
    ) -> [String] {
        let body = datasets.flatMap { known in
            [[known.name]]
                + items.filter { dataset($0) == known.name }.map { item in
                    let cells = cells(item)
                    return ["  " + cells[0]] + cells.dropFirst()
                }
        }
        return TextTable.numberLines([heading] + body)
    }

    private static let resultHeading = [
        "model", "runs", "accuracy", "least", "greatest", "spikes a step", "a neuron and step", "s an epoch",
    ]

    private func resultCells(_ row: Row) -> [String] {
        [
            row.title, "\(row.seeds.count)" + (row.isComplete ? "" : "†"),
            Self.text(row.accuracy, "%.2f", times: 100), Self.text(row.accuracy.least, "%.2f", times: 100),
            Self.text(row.accuracy.greatest, "%.2f", times: 100), Self.text(row.spikesPerStep, "%.1f"),
            Self.text(row.spikesPerNeuronPerStep, "%.4f"), Self.text(row.secondsPerEpoch.mean, "%.1f"),
        ]
    }

    /// What is not in the numbers.
    private var incompleteLines: [String] {
        rows.filter { !$0.isComplete }.map { row in
            let reasons =
                row.diverged.map { "seed \($0.seed) diverged in epoch \($0.epoch)" }
                + row.failed.map { "seed \($0) failed" }
            return "† \(row.title) on \(row.dataset): numbers of \(row.seeds.count) of \(seeds) runs; "
                + reasons.joined(separator: ", ")
        }
    }

    private static let costHeading = [
        "model", "parameters", "target", "neurons", "steps", "dense", "effective ACs", "effective MACs",
        "shots",
    ]

    private func costCells(_ row: Row) -> [String] {
        [
            row.title, Self.text(row.parameters), Self.text(row.parameterTarget), Self.text(row.neurons),
            Self.text(row.steps), Self.text(row.operations?.dense, "%.0f"),
            Self.text(row.operations?.effectiveACs.mean, "%.0f"),
            Self.text(row.operations?.effectiveMACs.mean, "%.0f"),
            row.shots == 0 ? "exact" : Self.text(row.shots),
        ]
    }

    private var differenceLines: [String] {
        guard !differences.isEmpty else { return [] }
        let heading = ["models", "points", "95 % interval", "seeds", "p", "Holm's p"]
        return ["", "Differences of accuracy"] + table(heading, differences, \.dataset, differenceCells)
            + methods
    }

    private func differenceCells(_ difference: Difference) -> [String] {
        let accuracy = difference.accuracy
        return [
            "\(difference.first) − \(difference.second)" + (difference.group.map { ", \($0)" } ?? ""),
            accuracy.mean.isFinite ? String(printf: "%+.2f", 100 * accuracy.mean) : "",
            accuracy.count > 1
                ? String(printf: "%+.2f to %+.2f", 100 * accuracy.low, 100 * accuracy.high) : "",
            "\(accuracy.count)", Self.text(difference.p), Self.text(difference.correctedP),
        ]
    }

    private var sourceLines: [String] {
        let sources = rows.compactMap { row in row.source.map { "\(row.title) on \(row.dataset): \($0)" } }
        return sources.isEmpty ? [] : ["", "Where the options come from"] + sources
    }

    private static func text(_ number: Int?) -> String { number.map { "\($0)" } ?? "" }

    private static func text(_ number: Double?, _ format: String, times factor: Double = 1) -> String {
        number.map { String(printf: format, factor * $0) } ?? ""
    }

    private static func text(_ spread: Spread, _ format: String, times factor: Double = 1) -> String {
        text(spread.mean, format, times: factor)
            + (spread.standardDeviation.map { " ± " + text($0, format, times: factor) } ?? "")
    }
}
