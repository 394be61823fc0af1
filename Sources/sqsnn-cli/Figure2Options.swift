import CommandParsing
import Diagnostics
import Foundation
import Reports
import Reproduction
import SpikeDatasets
import SpikeLearning

/// Both panels of Fig. 2, which differ in the mitigation only.
struct Figure2Options {
    static func description(_ figure: Figure2) -> CommandDescription {
        let mitigation =
            figure == .mitigated
            ? "Every frequency is extrapolated to zero noise from circuits as they are and three times as long. "
            : ""
        return CommandDescription(
            name: figure.rawValue, summary: "\(figure.title).",
            discussion: """
                Test accuracy against iterations, USPS digits 1 against 7, 500 training and 125 test images: one layer of two \
                output neurons, T = 10, M_som = 1, M_p = 5 and several numbers of passes M and perturbations M_syn. \
                \(mitigation)An iteration is one update of all parameters from one batch of 100 images; an epoch has five. \
                Accuracy is that of \(LearningCurve.repetitions) single-shot passes; bands are 95 % intervals over the seeds. \
                References without noise: the ideal local rule, surrogate gradients. Every run is kept in the folder: Ctrl-C \
                stops, the same command goes on.
                """,
            examples: [
                Example("sqsnn reproduce \(figure.rawValue)", "The figure, its numbers as CSV and JSON."),
                Example(
                    "sqsnn reproduce \(figure.rawValue) --seeds 2 --iterations 10 --output runs/quick",
                    "Roughly, in seconds."),
            ])
    }

    static func arguments(_ figure: Figure2) -> [ArgumentDescription] {
        [
            .option(name: "seeds", value: "N", help: "Seeds of each curve, 2 to 1000.", default: "10"),
            .option(
                name: "iterations", value: "N", help: "Iterations, 1 to 100000.", default: "40"),
            .option(
                name: "device", value: "NAME|FILE", help: "Device whose noise the neurons have.",
                default: "eagle"),
            .option(
                name: "threads", value: "K", help: "Threads; without effect on the result.",
                default: "one for each core"),
            .option(
                name: "output", value: "DIR", help: "Folder of the figure.",
                default: "runs/\(figure.rawValue)"),
            .flag(name: "json", help: "Print one JSON object, on the last line: the curves."),
        ]
    }

    private let figure: Figure2
    private let study: CurveStudy
    private let threads: Int
    private let isJSON: Bool

    init(_ figure: Figure2, _ arguments: ParsedArguments) throws {
        self.figure = figure
        let device = try RunConfiguration.DeviceNoise(
            loading: arguments.string("device", default: "eagle"))
        study = CurveStudy(
            name: figure.rawValue, curves: try figure.curves(on: device),
            seedCount: try arguments.integer("seeds", in: 2...1000) ?? 10,
            iterationCount: try arguments.integer("iterations", in: 1...100_000) ?? 40,
            path: arguments.string("output", default: "runs/\(figure.rawValue)"))
        threads =
            try arguments.integer("threads", in: 1...1024) ?? ProcessInfo.processInfo.activeProcessorCount
        isJSON = arguments.flag("json")
    }

    func run(_ terminal: Terminal) async throws {
        let data = try await DatasetCatalog.loadImages("usps-1v7")
        let report = try await Interrupt.whileListening {
            let total = study.curves.count * study.seeds.count * study.iterationCount
            let bar = ProgressBar(figure.rawValue, total: total, unit: "iterations", terminal: terminal)
            defer { bar.finish() }
            return try study.run(data: data, threads: threads) { curve, seed, iteration in
                let place = study.curves.firstIndex(of: curve) ?? 0
                let runs = place * study.seeds.count + (study.seeds.firstIndex(of: seed) ?? 0)
                bar.update(
                    completed: runs * study.iterationCount + iteration, note: "\(curve.name), seed \(seed)")
                return !Interrupt.isRequested
            }
        }
        guard let report else {
            terminal.write("Stopped. The same command goes on.")
            return
        }
        lines(report).forEach(terminal.write)
        // The runs are safe; the same command draws the figure later.
        FigureFiles.draw(
            curves(report), folder: study.path, command: "sqsnn reproduce \(study.name)", terminal)
        terminal.write("Numbers: \(study.path)/\(study.name).csv")
        if isJSON { try terminal.writeJSON(report) }
    }

    private func lines(_ report: CurveStudy.Report) -> [String] {
        let heading = [
            "curve", "after \(study.iterationCount) (%)", "best (%)", "at", "ms an iteration",
            "shots an iteration",
        ]
        let rows: [[String]] = report.curves.compactMap { curve in
            let best = curve.accuracy.enumerated().max { $0.element.mean < $1.element.mean }
            guard let last = curve.accuracy.last, let best else { return nil }
            return [
                curve.name,
                String(format: "%.2f (%.2f–%.2f)", 100 * last.mean, 100 * last.low, 100 * last.high),
                String(format: "%.2f", 100 * best.element.mean), "\(best.offset)",
                String(format: "%.1f", 1000 * curve.secondsPerIteration), "\(curve.shotsPerIteration)",
            ]
        }
        return TextTable.numberLines([heading] + rows)
    }

    private func curves(_ report: CurveStudy.Report) -> CurveFigure {
        CurveFigure(
            name: study.name, title: self.figure.title, xLabel: "iteration",
            yLabel: "test accuracy (%), \(report.seeds) seeds", bottom: 40, top: 100,
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
