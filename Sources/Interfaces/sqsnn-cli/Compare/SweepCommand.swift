import CommandParsing
import Figures
import Runs
import SpikeDatasets
import Studies
import TrainingOptions

/// `sqsnn sweep`: options in all combinations, or at random.
struct SweepCommand: Command {
    static let description = CommandDescription(
        name: "sweep", summary: "Train with every combination of some options, and tabulate.",
        discussion: """
            A file says which options of 'sqsnn train' are fixed, which take every value of a list (grid) and which are drawn at random (free, \
            trials). Each combination is trained on each data set with several seeds and measured on test images, or with the option validation on \
            training images that are held out, which is what choices are made by; 'sqsnn search' finds the best at less cost. Every run is kept in the folder: \
            Ctrl-C stops, the same command goes on, and other values, seeds and data sets can be added.
            """,
        examples: [
            Example(
                "sqsnn sweep Examples/sweeps/width.json", "Accuracy and spikes against the number of neurons."
            ),
            Example("sqsnn report runs/sweep", "The sweep as a page."),
        ])
    static let arguments: [ArgumentDescription] =
        [
            .positional(
                name: "file", help: "Options, values, data sets, seeds, in JSON; '-' for standard input.")
        ]
        + ComparisonOptions.arguments(seeds: "those of FILE, or \(seedCount)", output: defaultOutput)

    private static let (seedCount, defaultOutput) = (3, "runs/sweep")

    private let file: SweepFile
    private let comparison: Comparison
    private let options: ComparisonOptions

    init(_ arguments: ParsedArguments) throws {
        options = try ComparisonOptions(arguments, output: Self.defaultOutput)
        let path = try arguments.positional("file")
        file = try SweepFile.load(path)
        do {
            comparison = try Comparison(
                name: "sweep", entries: file.entries,
                datasets: ComparisonOptions.datasets(file.datasets ?? ["fashion-mnist"]),
                seedCount: options.seedCount ?? file.seeds ?? Self.seedCount,
                repetitions: options.repetitions ?? file.repetitions ?? ComparisonOptions.repetitionCount,
                comparesPairs: false
            ) { try RunOptions(named: $0).configuration() }
        } catch {
            throw ComparisonError.file(path, problem: "\(error)")
        }
    }

    func run(_ terminal: Terminal) async throws {
        try await options.run(comparison, command: "sqsnn sweep", terminal) { report in
            report.datasets.compactMap { figure(report, dataset: $0.name) }
        }
    }

    /// Accuracy against the option with the most numbers, a curve for each combination of the others; nil where no option is a number, and where
    /// several are random.
    private func figure(_ report: ComparisonReport, dataset: String) -> CurveFigure? {
        let points = file.points
        guard (file.free ?? [:]).count <= 1 else { return nil }
        func numbers(_ name: String) -> Set<Double> {
            Set(points.compactMap { $0.values[name]?.number })
        }
        let names = (points.first?.values.keys.sorted() ?? []).filter { name in
            points.allSatisfy { $0.values[name]?.number != nil }
        }
        guard let axis = names.max(by: { numbers($0).count < numbers($1).count }) else { return nil }
        var curves: [(name: String, points: [CurveFigure.Point])] = []
        for point in points {
            guard let x = point.values[axis]?.number,
                let row = report.rows.first(where: { $0.dataset == dataset && $0.model == point.name }),
                let mean = row.accuracy.mean
            else { continue }
            let name = SweepFile.Point(values: point.values.filter { $0.key != axis }).name
            let deviation = row.accuracy.standardDeviation
            let drawn = CurveFigure.Point(
                x: x, y: 100 * mean, band: deviation.map { 100 * (mean - $0)...100 * (mean + $0) })
            if let index = curves.firstIndex(where: { $0.name == name }) {
                curves[index].points.append(drawn)
            } else {
                curves.append((name, [drawn]))
            }
        }
        let all = curves.flatMap(\.points)
        return CurveFigure(
            name: report.datasets.count == 1 ? report.name : "\(report.name)-\(dataset)",
            title: "\(dataset): accuracy against \(axis)", xLabel: axis,
            yLabel: "\(report.measured.rawValue) accuracy (%), mean of \(report.seeds) runs, bars: deviation",
            intervals: .bars, logarithmic: Self.isWide(all.map(\.x)) ? [.x] : [],
            bottom: max((all.map { $0.band?.lowerBound ?? $0.y }.min() ?? 0).rounded(.down) - 1, 0),
            curves: curves.map { curve in
                CurveFigure.Curve(
                    name: curve.name.isEmpty ? "all" : curve.name, points: curve.points.sorted { $0.x < $1.x }
                )
            })
    }

    /// Whether numbers are better drawn by their ratios.
    private static func isWide(_ numbers: [Double]) -> Bool {
        guard let least = numbers.min(), let greatest = numbers.max(), least > 0 else { return false }
        return greatest / least > 20
    }
}

extension OptionValue {
    /// nil of words and truths.
    fileprivate var number: Double? {
        if case .number(let number) = self { number } else { nil }
    }
}
