import Files
import Runs
import SpikeDatasets
import Studies

/// Fig. 2(d) of arXiv:2506.21324: accuracy against spikes a step for a range of λ, the strength of regulariser (3), 256 hidden neurons.
///
/// The paper's recordings are MNIST-DVS; here simulated ones stand for them (`SimulatedRecordings`), and real ones of N-MNIST beside.
public struct SparsityFigure: Sendable {
    public static let datasets = [SimulatedRecordings.dataset, "n-mnist"]
    public static let hiddenCount = 256
    public static let seedCount = 5
    /// λ; the first stands for none.
    public static let strengths = [0, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1]

    /// What a step is, on each data set; of N-MNIST T is 20 always.
    public enum Steps: String, Sendable, CaseIterable {
        /// T = 80, as the paper says.
        case paper
        /// T = 20, as the authors' program has it.
        case program

        var count: Int { self == .paper ? 80 : 20 }

        /// Options of `sqsnn train` for a data set.
        func options(_ dataset: String) -> [String: String] {
            switch (dataset, self) {
            // The two seconds of a recording, and the middle of the sensor, which the digits do not leave.
            case (SimulatedRecordings.dataset, .paper):
                ["steps": "80", "bins": "25ms", "transforms": "crop=40x40,polarity=on"]
            // Half a second; the program takes the pixels from 48 on.
            case (SimulatedRecordings.dataset, .program):
                ["steps": "20", "bins": "25ms", "transforms": "crop=26x26+48+48,polarity=on"]
            // A third of a second.
            case ("n-mnist", _): ["steps": "20"]
            default: ["steps": "\(count)"]
            }
        }
    }

    /// The models, the one first that the others are matched to.
    private static let models: [(name: String, options: [String: String])] = [
        ("SQSNN", ["model": "sqs"]), ("SNN", ["model": "lif"]),
        // The paper's u of LIF neurons can be negative; a rival for which the regulariser can save spikes.
        ("SNN, clipped", ["model": "lif", "regularized": "clipped"]),
        ("QLIF-SNN", ["model": "qlif"]),
    ]

    static func group(_ strength: Double) -> String { "λ = \(String(printf: "%g", strength))" }

    /// The models of the figure, at each strength, on some data sets.
    ///
    /// - Parameter changes: options of `sqsnn train` that are the same for all, in place of the recipes'.
    public static func entries(
        _ strengths: [Double], datasets: [String], steps: Steps, changes: [String: String] = [:]
    ) -> [ComparisonEntry] {
        datasets.flatMap { dataset in
            strengths.flatMap { strength in
                models.map { model in
                    let recipe = RivalRecipe.ofEvents(model.options["model", default: ""], dataset: dataset)
                    var options = recipe.options.merging(steps.options(dataset)) { $1 }
                    options.merge(model.options) { $1 }
                    options["regularization"] = "\(strength)"
                    let isFirst = model.name == models[0].name
                    if isFirst { options["hidden"] = "\(hiddenCount)" }
                    options.merge(changes) { $1 }
                    return ComparisonEntry(
                        model.name, options: options, group: group(strength), datasets: [dataset],
                        match: isFirst ? nil : .entry(models[0].name), source: recipe.source)
                }
            }
        }
    }
}

/// Accuracy against spikes a step, of each model and strength.
public struct SparsityReport: Sendable {
    public struct Point: Sendable {
        public let model: String
        public let strength: Double
        /// Mean and sample standard deviation over the runs, 0…1.
        public let accuracy: (mean: Double, deviation: Double)
        /// Of the whole network.
        public let spikes: (mean: Double, deviation: Double)
        /// Whether no other one of the data set has at least its accuracy with at most its spikes.
        public let isOnFront: Bool
    }

    /// Data set by data set, model by model, in the order of the strengths.
    public let points: [(dataset: String, points: [Point])]

    public init(_ report: ComparisonReport, strengths: [Double]) {
        points = report.datasets.map { dataset in
            let rows = report.rows.filter { $0.dataset == dataset.name }
            let means = rows.compactMap { row in
                row.accuracy.mean.flatMap { accuracy in row.spikesPerStep.mean.map { (accuracy, $0) } }
            }
            var models: [String] = []
            for row in rows where !models.contains(row.model) { models.append(row.model) }
            let points = models.flatMap { model in
                strengths.compactMap { strength -> Point? in
                    guard
                        let row = rows.first(where: {
                            $0.model == model && $0.group == SparsityFigure.group(strength)
                        }), let accuracy = row.accuracy.mean, let spikes = row.spikesPerStep.mean
                    else { return nil }
                    return Point(
                        model: model, strength: strength,
                        accuracy: (accuracy, row.accuracy.standardDeviation ?? 0),
                        spikes: (spikes, row.spikesPerStep.standardDeviation ?? 0),
                        isOnFront: !means.contains {
                            $0.0 >= accuracy && $0.1 <= spikes && ($0.0 > accuracy || $0.1 < spikes)
                        })
                }
            }
            return (dataset.name, points)
        }
    }

    /// Of each model: the largest factor by which spikes fall at a loss of accuracy of at most so much.
    ///
    /// - Parameter loss: from the accuracy at the first strength, 0…1.
    public func saving(_ points: [Point], loss: Double) -> (factor: Double, strength: Double)? {
        guard let first = points.first else { return nil }
        return points.filter { $0.accuracy.mean >= first.accuracy.mean - loss && $0.spikes.mean > 0 }
            .map { (first.spikes.mean / $0.spikes.mean, $0.strength) }.max { $0.0 < $1.0 }
    }

    /// Tables as text.
    public var lines: [String] {
        let heading = ["model", "λ", "accuracy (%)", "spikes a step", "on the front"]
        let tables = points.flatMap { dataset, points in
            ["", "Accuracy against spikes a step on \(dataset), mean ± deviation over the runs"]
                + TextTable.numberLines(
                    [heading]
                        + points.map { point in
                            [
                                point.model, String(printf: "%g", point.strength),
                                String(
                                    printf: "%.2f ± %.2f", 100 * point.accuracy.mean,
                                    100 * point.accuracy.deviation),
                                String(printf: "%.2f ± %.2f", point.spikes.mean, point.spikes.deviation),
                                point.isOnFront ? "yes" : "",
                            ]
                        })
        }
        let savings = points.flatMap { dataset, points in
            Dictionary(grouping: points, by: \.model).sorted { $0.key < $1.key }.compactMap { model, points in
                saving(points, loss: 0.02).map {
                    let spikes = String(printf: "%.1f times fewer spikes at λ = %g", $0.factor, $0.strength)
                    return "\(model) on \(dataset): \(spikes), for 2 points of accuracy or less"
                }
            }
        }
        return tables + [""] + savings
    }
}
