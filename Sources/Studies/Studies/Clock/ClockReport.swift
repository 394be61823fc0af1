import Compute
import Files
import Glibc

/// What every fit of the clock study misses, and how much noise makes a qubit as good as so many classical states.
public struct ClockReport: Sendable, Codable {
    public struct Row: Sendable, Codable {
        public let subject: String
        public let freeCount: Int
        /// Data sets.
        public let seedCount: Int
        /// Nats a spike, mean over the data sets.
        public let trainingMissed: Double
        public let heldOutMissed: Double
        /// Half of the interval of ``heldOutMissed``; all intervals of the report hold together with 95 %.
        public let halfWidth: Double
        /// Of independent intervals, what is missed of the law itself.
        public let lawMissed: Double?
        /// Of a construction.
        public let distance: Double?
        /// Of the first data set.
        public let parameters: [Double]
        public let seconds: Double
    }

    /// Where a curve of noise meets what classical neurons miss.
    public struct Crossing: Sendable, Codable {
        public let noise: String
        public let stateCount: Int
        /// In the unit of the noise: steps, or strength. nil where the curve does not meet it.
        public let value: Double?
    }

    public let intervalCount: Int
    public let rows: [Row]
    public let crossings: [Crossing]

    public init(_ study: ClockStudy, _ results: [ClockResult]) {
        intervalCount = study.intervalCount
        let groups = Dictionary(grouping: results, by: \.subject)
        let found = study.subjects.compactMap { groups[$0.name] }
        // Of the normal law: the intervals are many.
        let width = StudentLaw.quantile(tail: 0.05 / Double(max(found.count, 1)), freedom: 100_000)
        rows = found.map { results in
            let count = Double(results.count)
            let variance = results.reduce(0) { $0 + $1.standardError * $1.standardError }
            let laws = results.compactMap(\.lawMissed)
            return Row(
                subject: results[0].subject, freeCount: results[0].freeCount, seedCount: results.count,
                trainingMissed: results.reduce(0) { $0 + $1.trainingMissed } / count,
                heldOutMissed: results.reduce(0) { $0 + $1.heldOutMissed } / count,
                halfWidth: width * variance.squareRoot() / count,
                lawMissed: laws.isEmpty ? nil : SampleStatistics.mean(of: laws),
                distance: results[0].distance, parameters: results[0].parameters,
                seconds: results.reduce(0) { $0 + $1.seconds } / count)
        }
        let missed = Dictionary(rows.map { ($0.subject, $0.heldOutMissed) }) { first, _ in first }
        crossings = Self.series(study).flatMap { series in
            let points = series.subjects.compactMap { value, subject in
                missed[subject.name].map { (value: value, missed: $0) }
            }.sorted { $0.value < $1.value }
            return [2, 4, 8].compactMap { count -> Crossing? in
                guard let level = missed[ClockCell.Subject.states(count).name], points.count > 1 else {
                    return nil
                }
                return Crossing(
                    noise: series.name, stateCount: count, value: Self.crossing(points, level: level))
            }
        }
    }

    /// The subjects of one kind of noise by its size.
    static func series(_ study: ClockStudy) -> [(
        name: String, subjects: [(value: Double, subject: ClockCell.Subject)]
    )] {
        var series: [String: [(value: Double, subject: ClockCell.Subject)]] = [:]
        for subject in study.subjects {
            switch subject {
            case .relaxing(let steps, let onlyDephases):
                series[onlyDephases ? "T2 (steps), T1 infinite" : "T1 = T2 (steps)", default: []]
                    .append((steps, subject))
            case .dephased(let strength, false):
                series["strength of dephasing", default: []].append((strength, subject))
            case .dephased(let strength, true):
                series["strength of dephasing, best basis", default: []].append((strength, subject))
            default: break
            }
        }
        return series.map { ($0.key, $0.value.sorted { $0.value < $1.value }) }.sorted { $0.name < $1.name }
    }

    /// Where the curve meets the level, linear in the logarithms.
    private static func crossing(_ points: [(value: Double, missed: Double)], level: Double) -> Double? {
        for (left, right) in zip(points, points.dropFirst())
        where left.missed > 0 && right.missed > 0 && (left.missed - level) * (right.missed - level) <= 0 {
            let share = log(level / left.missed) / log(right.missed / left.missed)
            return left.value * pow(right.value / left.value, share)
        }
        return nil
    }
}

extension ClockReport {
    public var lines: [String] {
        func text(_ value: Double?) -> String { value.map { String(printf: "%.6f", $0) } ?? "" }
        let seeds = rows.map(\.seedCount).max() ?? 0
        return [
            "Nats a spike that each model misses of the law's own likelihood, \(intervalCount) intervals fitted, as many others judged,",
            "mean of \(seeds) data set\(seeds == 1 ? "" : "s"); the \(rows.count) intervals (±) hold together with 95 %",
        ]
            + TextTable.numberLines(
                [["model", "numbers", "fitted", "judged", "±", "of the law", "distance", "s"]]
                    + rows.map { row in
                        [
                            row.subject, row.freeCount == 0 ? "" : "\(row.freeCount)",
                            text(row.trainingMissed), text(row.heldOutMissed), text(row.halfWidth),
                            text(row.lawMissed), row.distance.map { String(printf: "%.1e", $0) } ?? "",
                            String(printf: "%.1f", row.seconds),
                        ]
                    })
            + angleLines
            + (crossings.isEmpty
                ? []
                : ["", "Noise at which the qubit misses as much as classical neurons"]
                    + TextTable.numberLines(
                        [["noise", "as 2 states", "as 4 states", "as 8 states"]]
                            + crossings.map(\.noise).distinct.map { noise in
                                [noise]
                                    + [2, 4, 8].map { count in
                                        crossings.first { $0.noise == noise && $0.stateCount == count }?
                                            .value.map { String(printf: "%.3g", $0) } ?? "-"
                                    }
                            }))
    }

    /// Angles, and the rotation of the current, of circuits.
    private var angleLines: [String] {
        let circuits = rows.filter { !$0.subject.contains("states") && $0.subject != "free instrument" }
        guard !circuits.isEmpty else { return [] }
        return [
            "",
            "Angles, and last the rotation of the current (radians; data set 1; a basis that is found before it)",
        ]
            + TextTable.numberLines(
                circuits.map { row in
                    [row.subject] + row.parameters.map { String(printf: "%.9f", $0) }
                })
    }
}
