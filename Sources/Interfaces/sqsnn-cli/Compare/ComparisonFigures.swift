import Figures
import Studies

/// The figures of a comparison: a place a data set, a box a model, a row or column of panels a group.
enum ComparisonFigures {
    /// As Fig. 2(c) of the paper.
    static func accuracyAndSpikes(_ report: ComparisonReport, name: String, title: String) -> BoxFigure {
        figure(
            report, name: name, title: title, columnCount: 2,
            quantities: [
                Quantity(
                    heading: "\(report.measured.rawValue) accuracy (%)", factor: 100, startsAtZero: false
                ) { $0.accuracy },
                Quantity(heading: "spikes a step, whole network", startsAtZero: true) { $0.spikesPerStep },
            ])
    }

    /// As Fig. S2 of the paper.
    static func spikesPerNeuron(_ report: ComparisonReport, name: String, title: String) -> BoxFigure {
        figure(
            report, name: name, title: title, columnCount: max(groups(report).count, 1),
            quantities: [
                Quantity(heading: "spikes a neuron and step", startsAtZero: true) {
                    $0.spikesPerNeuronPerStep
                }
            ])
    }

    private struct Quantity {
        let heading: String
        var factor = 1.0
        let startsAtZero: Bool
        let spread: (ComparisonReport.Row) -> ComparisonReport.Spread
    }

    private static func groups(_ report: ComparisonReport) -> [String?] { distinct(report.rows.map(\.group)) }

    private static func distinct<Value: Hashable>(_ values: [Value]) -> [Value] {
        var seen: Set<Value> = []
        return values.filter { seen.insert($0).inserted }
    }

    private static func figure(
        _ report: ComparisonReport, name: String, title: String, columnCount: Int, quantities: [Quantity]
    ) -> BoxFigure {
        let models = distinct(report.rows.map(\.model))
        let panels = groups(report).flatMap { group in
            quantities.map { quantity in
                let rows = report.rows.filter { $0.group == group }
                let places = report.datasets.map(\.name).filter { name in rows.contains { $0.dataset == name }
                }
                let boxes = rows.compactMap { row -> BoxFigure.Box? in
                    guard let place = places.firstIndex(of: row.dataset),
                        let subject = models.firstIndex(of: row.model)
                    else { return nil }
                    return BoxFigure.Box(
                        subject: subject, place: place,
                        values: quantity.spread(row).values.map { quantity.factor * $0 })
                }
                return BoxFigure.Panel(
                    heading: quantity.heading + (group.map { ", \($0)" } ?? ""), places: places, boxes: boxes,
                    startsAtZero: quantity.startsAtZero)
            }
        }
        let splits = report.datasets.filter { !$0.note.hasPrefix("the published split") }.map {
            "\($0.name): not the published split"
        }
        let missing = report.rows.filter { !$0.isComplete }.map {
            "\($0.model), \($0.dataset): \($0.seeds.count) of \(report.seeds) runs"
        }
        return BoxFigure(
            name: name, title: title, subjects: models, panels: panels, columnCount: columnCount,
            notes: ["box: quartiles, line: median", "point: a run"] + splits + missing)
    }
}
