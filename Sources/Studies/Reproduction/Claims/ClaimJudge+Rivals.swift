import Files
import Learning
import Studies

extension ClaimJudge {
    /// Claims 8 and 9, of Fig. 2(c) and S2.
    func rivals() -> [Claim] {
        let report = results.comparison("fig2c")
        let groups = report.map(Self.groups)
        return [
            claim(
                "8a", "SQSNN is the most accurate on all sets", "Fig. 2(c)", of: "fig2c",
                groups.map {
                    Self.first("SQSNN", in: $0, \.accuracy, unit: 100, "%.1f %%", resolution: 0.005)
                }),
            claim(
                "8b", "Its runs hardly spread", "Fig. 2(c)", of: "fig2c",
                report.map { report in
                    let rows = report.rows.filter { $0.model == "SQSNN" }
                    let spreads = rows.map { row in (row, row.accuracy.standardDeviation) }
                    return (
                        spreads.map { row, spread in
                            "\(row.dataset), \(row.group ?? ""): "
                                + String(printf: "deviation %.2f points", 100 * (spread ?? .nan))
                        }.joined(separator: "; "),
                        spreads.map { row, spread in
                            row.accuracy.values.count > 2 ? spread.map { $0 < 0.01 } : nil
                        }
                    )
                }),
            claim(
                "8c", "QLIF-SNN has the fewest spikes", "Fig. 2(c)", of: "fig2c",
                groups.map {
                    Self.first("QLIF-SNN", in: $0, \.spikesPerStep, unit: -1, "%.0f", resolution: 1)
                }),
            claim(
                "9", "SNN fires most often a neuron and step, QLIF-SNN least, all well below 1", "Fig. S2",
                of: "fig2c", groups.map(Self.rates)),
        ]
    }

    /// Our finding: what the same networks do without quantum memory, by differences of the same seeds.
    func controls() -> [Claim] {
        let judged = results.comparison("controls").map { report -> (String, [Bool?]) in
            let differences = report.differences.filter { $0.first == "SQSNN" }
            let none = MeanInterval([0, 0])
            return (
                differences.map { difference in
                    "\(difference.dataset), SQSNN less \(difference.second): "
                        + String(
                            printf: "%+.2f points (%+.2f to %+.2f)", 100 * difference.accuracy.mean,
                            100 * difference.accuracy.low, 100 * difference.accuracy.high)
                }.joined(separator: "; "),
                differences.map { $0.accuracy.equals(none, within: Self.nothing) }
            )
        }
        return [
            claim(
                "8d", "Our finding: on images shown at constant rates quantum memory is worth nothing",
                "ours",
                of: "controls", judged)
        ]
    }

    /// A difference of accuracies that nobody would pay for.
    private static let nothing = 0.005

    /// Claim 10, of Fig. 2(d).
    func sparsity() -> [Claim] {
        let judged = results.comparison("fig2d").map { report -> (String, [Bool?]) in
            let strengths = Set(report.rows.compactMap(\.group)).compactMap {
                Double($0.drop { !$0.isNumber })
            }
            let fronts = SparsityReport(report, strengths: strengths.sorted()).points
            let texts = fronts.map { dataset, points in
                let counts = Dictionary(grouping: points.filter(\.isOnFront), by: \.model)
                    .sorted { $0.key < $1.key }
                return "\(dataset), on the front: "
                    + counts.map { "\($0.value.count) points of \($0.key)" }.joined(separator: ", ")
            }
            return (
                texts.joined(separator: "; "),
                fronts.map { _, points in
                    points.allSatisfy { ($0.model == "SQSNN") == $0.isOnFront }
                }
            )
        }
        return [
            claim(
                "10", "SQSNN is above SNN and QLIF-SNN over the whole range of spikes", "Fig. 2(d)",
                of: "fig2d", judged)
        ]
    }

    private typealias Group = (name: String, rows: [ComparisonReport.Row])

    /// The models that are compared with each other: those of a data set and a way of training.
    private static func groups(_ report: ComparisonReport) -> [Group] {
        var groups: [Group] = []
        for row in report.rows {
            let name = [row.dataset, row.group].compactMap(\.self).joined(separator: ", ")
            if let index = groups.firstIndex(where: { $0.name == name }) {
                groups[index].rows.append(row)
            } else {
                groups.append((name, [row]))
            }
        }
        return groups
    }

    /// Of each model of a group with numbers, the interval of their mean.
    private static func intervals(
        _ group: Group, _ value: KeyPath<ComparisonReport.Row, ComparisonReport.Spread>
    ) -> [(model: String, interval: MeanInterval)] {
        group.rows.filter { !$0[keyPath: value].values.isEmpty }
            .map { ($0.model, MeanInterval($0[keyPath: value].values)) }
    }

    /// In which groups a model has the largest value, or with a negative unit the least.
    private static func first(
        _ expected: String, in groups: [Group],
        _ value: KeyPath<ComparisonReport.Row, ComparisonReport.Spread>,
        unit: Double, _ format: String, resolution: Double
    ) -> (String, [Bool?]) {
        let all = groups.map { group in
            (group.name, intervals(group, value).sorted { unit * $0.interval.mean > unit * $1.interval.mean })
        }
        let texts = all.map { name, models in
            name + ": "
                + models.map { "\($0.model) " + String(printf: format, abs(unit) * $0.interval.mean) }
                .joined(separator: ", ")
        }
        let statements = all.map { _, models -> Bool? in
            guard let one = models.first(where: { $0.model == expected })?.interval else { return nil }
            let others = models.filter { $0.model != expected }.map(\.interval)
            let isFirst = others.map {
                unit > 0 ? $0.isBelow(one, resolution: resolution) : one.isBelow($0, resolution: resolution)
            }
            return isFirst.contains(false) ? false : isFirst.contains(nil) ? nil : true
        }
        return (texts.joined(separator: "; "), statements)
    }

    /// Whether spikes a neuron and step are ordered as the paper's.
    private static func rates(_ groups: [Group]) -> (String, [Bool?]) {
        let all = groups.map { group in
            (
                group.name,
                intervals(group, \.spikesPerNeuronPerStep).sorted { $0.interval.mean > $1.interval.mean }
            )
        }
        let texts = all.map { name, models in
            name + ": "
                + models.map { "\($0.model) " + String(printf: "%.3f", $0.interval.mean) }.joined(
                    separator: ", ")
        }
        let statements = all.map { _, models -> Bool? in
            let order = zip(models, models.dropFirst()).map {
                $1.interval.isBelow($0.interval, resolution: 0.01)
            }
            if order.contains(nil) { return nil }
            return models.first?.model == "SNN" && models.last?.model == "QLIF-SNN"
                && models.allSatisfy { $0.interval.mean < 0.5 }
        }
        return (texts.joined(separator: "; "), statements)
    }
}
