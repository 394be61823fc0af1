import Benchmarks
import CommandParsing
import Figures

/// `sqsnn bench density`: the cost of a step against the density of the input.
struct BenchDensityCommand: Command {
    static let description = CommandDescription(
        name: "density", summary: "Time a step at input densities from 0.5 to 50 per cent.",
        discussion: """
            Times the sums over the input synapses in both directions, an inference step and a training step at each \
            density: cost should follow the spikes, not the neurons.
            """,
        examples: [
            Example("sqsnn bench density", "The table."),
            Example(
                "sqsnn bench density --densities 0.01,0.5 --figures .",
                "Two points, drawn into density.svg and density.png."),
        ])
    private static let own: Set = ["density"]
    static let arguments: [ArgumentDescription] =
        BenchOptions.arguments(without: own) + [
            .option(
                name: "densities", value: "P[,P…]", help: "Densities, ascending, 0 to 1.",
                default: DensitySweep.standardDensities.map { "\($0)" }.joined(separator: ",")),
            .option(
                name: "figures", value: "DIR", help: "Folder for a figure, SVG and PNG.", default: "no figure"
            ),
            .flag(name: "json", help: "Print one JSON object: points with minimum and median seconds."),
        ]

    private let workload: Workload
    private let densities: [Double]
    private let folder: String?
    private let isJSON: Bool

    init(_ arguments: ParsedArguments) throws {
        workload = try BenchOptions.workload(arguments, without: Self.own)
        densities = try arguments.differentNumbers("densities") ?? DensitySweep.standardDensities
        let isAscending = zip(densities, densities.dropFirst()).allSatisfy { $0 < $1 }
        guard isAscending, densities.allSatisfy((0...1).contains) else {
            throw UsageError.invalidValue(
                argument: "--densities", found: arguments.string("densities", default: ""),
                expected: "ascending numbers from 0 to 1 with commas between")
        }
        folder = try arguments.folder("figures")
        isJSON = arguments.flag("json")
    }

    func run(_ terminal: Terminal) async throws {
        try FigureFiles.prepare(folder)
        let sweep = try await DensitySweep.measure(workload, densities: densities) { density in
            if terminal.isErrorInteractive { terminal.writeError("Measuring density \(density) …") }
        }
        if isJSON { try terminal.writeJSON(sweep) } else { sweep.lines.forEach(terminal.write) }
        try FigureFiles.draw([figure(sweep)], folder: folder, terminal)
    }

    private func figure(_ sweep: DensitySweep) -> CurveFigure {
        func curve(_ name: String, _ timing: KeyPath<DensitySweep.Point, Timing>) -> CurveFigure.Curve {
            CurveFigure.Curve(
                name: name,
                points: sweep.points.map {
                    CurveFigure.Point(x: 100 * $0.density, y: 1000 * $0[keyPath: timing].minimum)
                })
        }
        return CurveFigure(
            name: "density",
            title: "Least time of a batch of \(workload.batchSize) against input spikes, "
                + "\(workload.inputCount)-\(workload.hiddenCount)-\(workload.outputCount)",
            xLabel: "density of the input (%)", yLabel: "least time of a batch (ms)",
            curves: [
                curve("training step", \.trainingStep), curve("inference step", \.inferenceStep),
                curve("currents forward", \.currentsForward), curve("currents backward", \.currentsBackward),
            ])
    }
}
