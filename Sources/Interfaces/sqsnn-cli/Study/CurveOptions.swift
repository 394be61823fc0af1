import CommandParsing
import Compute
import Figures
import Files
import FoundationEssentials
import Reproduction
import SpikeDatasets

/// What commands that compare learning curves have in common: options, progress, table, figure.
struct CurveOptions {
    static func arguments(iterations: Int, seeds: Int, output: String) -> [ArgumentDescription] {
        [
            .option(name: "seeds", value: "N", help: "Seeds of each curve, 2 to 1000.", default: "\(seeds)"),
            .option(
                name: "iterations", value: "N", help: "Iterations, 1 to 100000.", default: "\(iterations)"),
            .option(
                name: "threads", value: "K", help: "Seeds trained at a time; without effect on the result.",
                default: "one for each core"),
            .option(name: "output", value: "DIR", help: "Folder of the figure.", default: output),
            .flag(name: "json", help: "Print one JSON object: the curves."),
        ]
    }

    /// What messages call the command.
    private let command: String
    private let title: String
    private let study: CurveStudy
    private let threads: Int
    private let isJSON: Bool
    private let formats: [FigureFormat]

    /// - Parameters:
    ///   - name: of the figure and its files.
    ///   - iterations, seeds: where the user does not say.
    ///   - formats: of the figure.
    init(
        _ arguments: ParsedArguments, command: String, name: String, title: String, curves: [LearningCurve],
        iterations: Int, seeds: Int, output: String, formats: [FigureFormat] = FigureFormat.usual
    ) throws {
        self.formats = formats
        self.command = command
        self.title = title
        study = CurveStudy(
            name: name, curves: curves,
            seedCount: try arguments.integer("seeds", in: 2...1000) ?? seeds,
            iterationCount: try arguments.integer("iterations", in: 1...100_000) ?? iterations,
            path: try arguments.folder("output") ?? output)
        threads =
            try arguments.integer("threads", in: 1...1024) ?? ProcessInfo.processInfo.activeProcessorCount
        isJSON = arguments.flag("json")
    }

    func run(_ terminal: Terminal) async throws {
        // Before anything is loaded, so that a recorded run can be compared where the data are not.
        terminal.write("\(title): \(study.seeds.count) seeds, \(study.iterationCount) iterations")
        terminal.write("Inputs: \(try study.inputsDigest())")
        let data = try await DatasetCatalog.loadImages("usps-1v7").labelled
        let report = try await Interrupt.whileListening {
            let bar = ProgressBar(
                study.name, total: study.curves.count * study.seeds.count * study.iterationCount,
                unit: "iterations", completed: try study.finishedIterations(data: data), terminal: terminal)
            defer { bar.finish() }
            return try study.run(data: data, parallelism: Parallelism(threadCount: threads)) { count, cell in
                bar.update(completed: count, note: cell)
                return !Interrupt.isRequested
            }
        }
        guard let report else {
            terminal.write("Stopped. The same command goes on.")
            return
        }
        lines(report).forEach(terminal.write)
        terminal.write(
            "In brackets: 95 % over \(report.seeds) seeds. images ±: what the choice of \(report.testImages) test images adds."
        )
        // The runs are safe; the same command draws the figure later.
        FigureFiles.draw(
            curves(report), folder: study.path, formats: formats, command: command, terminal)
        terminal.write("Numbers: \(study.path)/\(study.name).csv")
        if isJSON { try terminal.writeJSON(report) }
    }

    private func lines(_ report: CurveStudy.Report) -> [String] {
        let heading = [
            "curve", "after \(study.iterationCount) (%)", "images ±", "best (%)", "at", "shots an iteration",
            "time an iteration",
        ]
        let rows: [[String]] = report.curves.compactMap { curve in
            let best = curve.accuracy.enumerated().max { $0.element.mean < $1.element.mean }
            guard let last = curve.accuracy.last, let best else { return nil }
            return [
                curve.name,
                String(printf: "%.2f (%.2f–%.2f)", 100 * last.mean, 100 * last.low, 100 * last.high),
                String(printf: "%.1f", 100 * curve.halfWidthOfTestImages),
                String(printf: "%.2f", 100 * best.element.mean), "\(best.offset)",
                curve.estimator == nil || curve.estimator == "exact" ? "none" : "\(curve.shotsPerIteration)",
                String(printf: "%.1f ms", 1000 * curve.secondsPerIteration),
            ]
        }
        return TextTable.numberLines([heading] + rows)
    }

    private func curves(_ report: CurveStudy.Report) -> CurveFigure {
        CurveFigure(
            name: study.name, title: title, xLabel: "iteration",
            yLabel: "test accuracy (%), mean of \(report.seeds) seeds, band: its 95 % interval", bottom: 40,
            top: 100,
            curves: report.curves.map { curve in
                CurveFigure.Curve(
                    name: curve.name,
                    points: curve.accuracy.enumerated().map { iteration, accuracy in
                        CurveFigure.Point(
                            x: Double(iteration), y: 100 * accuracy.mean,
                            band: 100 * accuracy.low...100 * accuracy.high)
                    })
            })
    }
}
