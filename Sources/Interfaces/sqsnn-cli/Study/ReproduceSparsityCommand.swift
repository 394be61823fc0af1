import CommandParsing
import Figures
import Files
import Learning
import Reproduction
import Runs
import SpikeDatasets
import Studies
import TrainingOptions

/// `sqsnn reproduce fig2d`
struct ReproduceFig2dCommand: Command {
    static let description = CommandDescription(
        name: "fig2d", summary: "Fig. 2(d): accuracy against spikes a step, for a range of λ.",
        discussion: """
            \(SparsityFigure.hiddenCount) hidden SQS neurons, and LIF and QLIF networks with as many parameters, each by the best recipe that \
            'sqsnn search' found for it without the regulariser (Examples/searches/events.json, events-80.json), \
            trained with regulariser (3) at a range of strengths λ. The recordings of the paper, MNIST-DVS, cannot be had: \
            simulated ones stand for them, which 'sqsnn data simulate-dvs' makes, and real ones of N-MNIST are beside, of which there may be \
            only a part. Ctrl-C stops, the same command goes on.
            """,
        examples: [
            Example("sqsnn reproduce fig2d", "The figure, its numbers as CSV and JSON; hours of two cores."),
            Example(
                "sqsnn reproduce fig2d --datasets n-mnist --seeds 2 --strengths 0,0.003 --epochs 3 --output runs/quick",
                "Roughly, in a minute."),
        ])

    private static let output = "runs/fig2d"

    static let arguments: [ArgumentDescription] =
        [
            .option(
                name: "datasets", value: "NAME[,NAME…]", help: "Data sets.",
                default: SparsityFigure.datasets.joined(separator: ","), suggestions: DatasetCatalog.names),
            .option(
                name: "strengths", value: "LAMBDA[,…]", help: "Strengths λ of the regulariser; 0 for none.",
                default: SparsityFigure.strengths.map { String(printf: "%g", $0) }.joined(separator: ", ")),
            .option(
                name: "setting", value: SparsityFigure.Steps.allCases.map(\.rawValue).joined(separator: "|"),
                help: "T = 80 as in the paper, or T = 20 and 26×26 pixels as in its program.",
                default: "paper"
            ),
        ] + ComparisonOptions.shortening(of: "recordings")
        + ComparisonOptions.arguments(seeds: "\(SparsityFigure.seedCount)", output: output)

    private let comparison: Comparison
    private let strengths: [Double]
    private let steps: SparsityFigure.Steps
    private let options: ComparisonOptions

    init(_ arguments: ParsedArguments) throws {
        options = try ComparisonOptions(arguments, output: Self.output)
        let datasets =
            try arguments.list("datasets") { try DatasetCatalog.entry(named: $0).name }
            ?? SparsityFigure.datasets
        strengths =
            try arguments.list("strengths") { word in
                guard let strength = Double(word), Recipe.regularizations.contains(strength) else {
                    throw UsageError.invalidValue(
                        argument: "--strengths", found: word, expected: "numbers of at least 0")
                }
                return strength
            } ?? SparsityFigure.strengths
        steps = try arguments.choice("setting", of: SparsityFigure.Steps.self) ?? .paper
        comparison = try Comparison(
            name: "fig2d",
            entries: SparsityFigure.entries(
                strengths, datasets: datasets, steps: steps,
                changes: ComparisonOptions.changes(arguments)),
            datasets: ComparisonOptions.datasets(datasets),
            seedCount: options.seedCount ?? SparsityFigure.seedCount,
            repetitions: options.repetitions ?? ComparisonOptions.repetitionCount
        ) { try RunOptions(named: $0).configuration() }
    }

    func run(_ terminal: Terminal) async throws {
        try await options.run(
            comparison, command: "sqsnn reproduce fig2d", formats: FigureFormat.allCases, terminal,
            summary: { SparsityReport($0, strengths: strengths).lines }
        ) { [figure($0)] }
    }

    private func figure(_ report: ComparisonReport) -> TradeOffFigure {
        let sparsity = SparsityReport(report, strengths: strengths)
        var subjects: [String] = []
        for point in sparsity.points.flatMap(\.points) where !subjects.contains(point.model) {
            subjects.append(point.model)
        }
        let panels = sparsity.points.map { dataset, points in
            TradeOffFigure.Panel(
                heading: "\(report.measured.rawValue) accuracy (%), \(dataset)",
                curves: subjects.map { subject in
                    points.filter { $0.model == subject }.map {
                        TradeOffFigure.Point(
                            x: $0.spikes.mean, y: 100 * $0.accuracy.mean, xError: $0.spikes.deviation,
                            yError: 100 * $0.accuracy.deviation, isOnFront: $0.isOnFront)
                    }
                })
        }
        return TradeOffFigure(
            name: report.name, title: "Fig. 2(d): accuracy and spikes, \(report.seeds) runs",
            subjects: subjects,
            xLabel: "spikes a step, whole network", panels: panels,
            notes: [
                "a point: a strength λ", "bars: standard deviation of the runs", "ring: on the Pareto front",
            ])
    }
}
