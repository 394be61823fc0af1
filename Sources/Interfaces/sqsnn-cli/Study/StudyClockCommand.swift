import Campaigns
import CommandParsing
import Compute
import Figures
import Files
import FoundationEssentials
import Studies

/// `sqsnn study clock`: can classical neurons make the spike trains of one memory qubit?
struct StudyClockCommand: Command {
    static let description = CommandDescription(
        name: "clock", summary: "Fit spike trains that no finite classical neuron makes exactly.",
        discussion: """
            A neuron with one memory qubit that a spike puts back has intervals between spikes that oscillate at an angle that is no \
            rational part of pi, for ever; no neuron with finitely many classical states has. Intervals of that law are drawn, and fitted: \
            by classical neurons with 1 to 16 states, a free instrument, circuits of the catalogue by their angles, circuits with a \
            memory that is dephased, relaxes, or is a device's. Each fit is judged on other intervals by what it misses of the law's own \
            likelihood. Fits that are done are kept in the folder --output; the same command goes on. docs/studies/clock.md has the \
            proof and the answer.
            """,
        examples: [
            Example("sqsnn study clock --scale smoke", "The answer, roughly, in seconds."),
            Example("sqsnn study clock", "Everything."),
        ])
    static let arguments: [ArgumentDescription] = [
        .option(
            name: "scale", value: "smoke|full", help: "How much is fitted, and how hard.", default: "full"),
        .option(
            name: "intervals", value: "COUNT", help: "Intervals that are fitted, and others that judge.",
            default: "100000; smoke: 20000"),
        .option(
            name: "seeds", value: "COUNT", help: "Data sets, from 1 on.", default: "3; smoke: 1"),
        .option(
            name: "threads", value: "K", help: "Fits at a time; without effect on the result.",
            default: "one for each core"),
        .option(
            name: "output", value: "DIR", help: "Folder of the study.",
            default: "runs/clock-study, or runs/clock-study-smoke"),
        .flag(name: "json", help: "Print one JSON object: rows and crossings."),
    ]

    private enum Scale: String, CaseIterable { case smoke, full }

    private let study: ClockStudy
    private let threads: Int
    private let output: String
    private let isJSON: Bool

    init(_ arguments: ParsedArguments) throws {
        let isSmoke = try arguments.choice("scale", of: Scale.self) == .smoke
        study = ClockStudy(
            subjects: isSmoke ? ClockStudy.smoke : ClockStudy.full,
            intervalCount: try arguments.integer("intervals", in: 1000...10_000_000)
                ?? (isSmoke ? 20_000 : 100_000),
            seedCount: try arguments.integer("seeds", in: 1...1000) ?? (isSmoke ? 1 : 3), isSmoke: isSmoke)
        threads =
            try arguments.integer("threads", in: 1...1024) ?? ProcessInfo.processInfo.activeProcessorCount
        output =
            try arguments.folder("output") ?? (isSmoke ? "runs/clock-study-smoke" : "runs/clock-study")
        isJSON = arguments.flag("json")
    }

    func run(_ terminal: Terminal) async throws {
        let outcome = try await Interrupt.whileListening { try fit(terminal) }
        let results = outcome.results.compactMap(\.self)
        if results.count + outcome.failures.count < outcome.results.count {
            terminal.write(
                "Stopped after \(results.count) of \(outcome.results.count) fits; the same command goes on.")
        }
        let report = ClockReport(study, results)
        report.lines.forEach(terminal.write)
        for figure in [ClockFigures.states(study, report), ClockFigures.noise(study, report)] {
            FigureFiles.draw(figure, folder: output, command: "sqsnn study clock", terminal)
        }
        if isJSON { try terminal.writeJSON(report) }
        if let error = outcome.error { throw error }
    }

    private func fit(_ terminal: Terminal) throws -> Campaign<ClockCell>.Outcome {
        let campaign = study.campaign
        try campaign.check(output)
        terminal.write("Inputs: \(try campaign.inputsDigest())")
        return try campaign.run(
            in: output, title: "clock study", unit: "fits", threads: threads, terminal,
            note: { "\($0.subject) misses \(String(printf: "%.5f", $0.heldOutMissed)) nats" }
        ) { try $0.result() }
    }
}

/// The figures of `sqsnn study clock`.
private enum ClockFigures {
    /// Nats that are drawn at least: what is below is noise of the data.
    private static let bottom = 1e-5

    private static func point(_ x: Double, _ row: ClockReport.Row) -> CurveFigure.Point {
        let value = max(row.heldOutMissed, bottom)
        return CurveFigure.Point(
            x: x, y: value,
            band: max(
                row.heldOutMissed - row.halfWidth, bottom)...max(
                    row.heldOutMissed + row.halfWidth, value))
    }

    /// What is missed by the number of classical states, with lines for qubits.
    static func states(_ study: ClockStudy, _ report: ClockReport) -> CurveFigure {
        var classical: [CurveFigure.Point] = []
        var circuits: [CurveFigure.Curve] = []
        let counts = study.subjects.compactMap { if case .states(let count) = $0 { count } else { nil } }
        for subject in study.subjects {
            guard let row = report.rows.first(where: { $0.subject == subject.name }) else { continue }
            switch subject {
            case .states(let count): classical.append(point(Double(count), row))
            case .circuit(let name):
                circuits.append(
                    CurveFigure.Curve(
                        name: "\(name), 1 qubit",
                        points: [counts.min() ?? 1, counts.max() ?? 16].map { point(Double($0), row) }))
            default: break
            }
        }
        return CurveFigure(
            name: "states",
            title: "Spike trains of a quantum clock, fitted to \(study.intervalCount) intervals",
            xLabel: "hidden states of the classical neuron",
            yLabel: "missed on other intervals (nats a spike); bars: 95 % together; below 1e-5 at 1e-5",
            intervals: .bars, logarithmic: [.y], bottom: bottom / 2, top: 1,
            curves: [CurveFigure.Curve(name: "classical states", points: classical)] + circuits)
    }

    /// What a qubit misses by how long its memory lasts, with lines for classical neurons.
    static func noise(_ study: ClockStudy, _ report: ClockReport) -> CurveFigure {
        var curves: [CurveFigure.Curve] = []
        for onlyDephases in [false, true] {
            let points = study.subjects.compactMap { subject -> CurveFigure.Point? in
                guard case .relaxing(let steps, onlyDephases) = subject,
                    let row = report.rows.first(where: { $0.subject == subject.name })
                else { return nil }
                return point(steps, row)
            }.sorted { $0.x < $1.x }
            if !points.isEmpty {
                curves.append(
                    CurveFigure.Curve(name: onlyDephases ? "T2, T1 infinite" : "T1 = T2", points: points))
            }
        }
        let ends = curves.flatMap(\.points).map(\.x)
        for count in [2, 4, 8] {
            guard let row = report.rows.first(where: { $0.subject == ClockCell.Subject.states(count).name }),
                let first = ends.min(), let last = ends.max()
            else { continue }
            curves.append(
                CurveFigure.Curve(
                    name: "\(count) classical states", points: [first, last].map { point($0, row) }))
        }
        return CurveFigure(
            name: "noise", title: "The same with a memory that fades (exchange, fitted anew)",
            xLabel: "T1, T2 of the memory (steps)",
            yLabel: "missed on other intervals (nats a spike); bars: 95 % together", intervals: .bars,
            logarithmic: [.x, .y], bottom: bottom / 2, top: 1, curves: curves)
    }
}
