import Compute
import Files

extension BenchmarkTable {
    /// The table as lines of text.
    public var lines: [String] {
        let heading =
            "\(workload.title), \(Quantity.threads(workload.threadCount)), \(InstructionSet.current.name)"
        return [heading, ""] + TextTable.lines(scenarioCells) + [""] + TextTable.lines(limitCells)
    }

    private var scenarioCells: [[String]] {
        let header = [
            "scenario", "median", "minimum", "rate", "of limit", "allocations", "peak memory", "goal",
        ]
        return [header] + rows.map(\.cells)
    }

    private var limitCells: [[String]] {
        let all = "\(workload.threadCount) threads"
        let header = ["limit, additions/s", "working set", "1 thread", all]
        let registers = [
            "in registers", "", Quantity.text(roofline.registers.oneThread),
            Quantity.text(roofline.registers.allThreads),
        ]
        let streams = [
            "three arrays updated, elements/s",
            Quantity.text(Double(OptimizerScenario.workingSetBytes(workload))) + "B",
            Quantity.text(roofline.streams.oneThread), Quantity.text(roofline.streams.allThreads),
        ]
        return [header, registers]
            + roofline.levels.flatMap { level in
                [
                    ("random rows", level.random), ("sequential rows", level.sequential),
                    ("random 16-bit rows", level.randomFixed),
                ].map { rows, rate in
                    [
                        "\(level.name), \(rows)",
                        Quantity.text(Double(level.workingSetBytes)) + "B",
                        Quantity.text(rate.oneThread), Quantity.text(rate.allThreads),
                    ]
                }
            } + [streams]
    }
}

extension BenchmarkTable.Row {
    fileprivate var cells: [String] {
        switch outcome {
        case .skipped(let reason): return [name.rawValue, "skipped: \(reason)"]
        case .measured(let measurement):
            return measurement.cells(name.rawValue, unit: name.unit) + [
                measurement.fractionOfLimit.map(Quantity.percent) ?? "–", measurement.allocationsText,
                measurement.peakMemoryText, name.goal.text(isMet: meetsGoal),
            ]
        }
    }
}
