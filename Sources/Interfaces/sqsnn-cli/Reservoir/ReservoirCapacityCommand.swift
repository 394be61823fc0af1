import CommandParsing
import Figures
import Files
import Glibc
import Reservoirs

/// `sqsnn reservoir capacity`: how much of the past inputs a linear read-out recovers.
struct ReservoirCapacityCommand: Command {
    static let description = CommandDescription(
        name: "capacity", summary: "Measure the memory capacity of reservoirs.",
        discussion: """
            Independent neurons with random angles get the same random input u, uniform in 0 to 1, each channel \
            embedding q = bias + weight u by the current z = (2/pi) asin sqrt(q), so that a bare qubit would fire with \
            probability q. Features are firing probabilities averaged over the neuron's own spikes, or estimated from \
            --shots runs. A linear read-out, trained by ridge regression, is asked for the input k steps ago; MC_k is \
            the squared correlation of its answer with the truth on test steps (linear memory capacity), 1 at best.

            Chance gives MC_k = 1/n on average with n test steps, and passes the threshold 15.14/n once in 10,000 \
            times; what does not pass counts as 0 in the sums. 'past' sums k = 1 to K, 'quadratic' the capacities for \
            all products of two inputs up to lag K (Legendre polynomials of degree 2). ± is one standard error over \
            the seeds.
            """,
        examples: [
            Example("sqsnn reservoir capacity", "The whole catalogue."),
            Example(
                "sqsnn reservoir capacity exchange --memory-qubits 1,2,3 --figures .",
                "What more memory qubits add, drawn into capacity.svg and capacity.png."),
            Example(
                "sqsnn reservoir capacity exchange --shots 100 --seeds 2",
                "The same read from a hundred runs at a time."),
        ])
    static let arguments: [ArgumentDescription] =
        [.option(name: "lags", value: "K", help: "Largest lag.", default: "20")] + ReservoirOptions.steps
        + ReservoirOptions.arguments
        + [
            .option(
                name: "figures", value: "DIR", help: "Folder for a figure, SVG and PNG.", default: "no figure"
            ),
            .flag(
                name: "json",
                help: "Print one JSON object: schedule, and circuits with capacities and totals."),
            NeuronSelection.positional,
        ]

    private let options: ReservoirOptions
    private let schedule: ReservoirSchedule
    private let lagCount: Int
    private let folder: String?
    private let isJSON: Bool

    init(_ arguments: ParsedArguments) throws {
        options = try ReservoirOptions(arguments)
        schedule = try ReservoirOptions.schedule(arguments)
        lagCount = try arguments.integer("lags", in: MemoryCapacity.lagCounts) ?? 20
        folder = try arguments.folder("figures")
        isJSON = arguments.flag("json")
    }

    private struct Answer: Encodable {
        let schedule: ReservoirSchedule
        let shots: Int?
        let noise: String?
        let ridge: Double
        let settings: [ReservoirSettings]
        let circuits: [CapacityReport]
    }

    func run(_ terminal: Terminal) async throws {
        try FigureFiles.prepare(folder)
        func capacity(
            _ reservoir: Reservoir, _ settings: ReservoirSettings, _ seed: UInt64
        ) throws -> MemoryCapacity {
            try MemoryCapacity(
                of: reservoir, lagCount: lagCount, schedule: schedule, shots: options.shots,
                ridge: settings.ridge, seed: seed, parallelism: options.parallelism)
        }
        if !isJSON { try options.writeInputs("capacity \(lagCount) \(schedule)", terminal) }
        let measured = try options.map(terminal, capacity) { try -capacity($0, $1, $2).pastTotal }
        let reports = measured.map {
            (
                label: $0.label,
                report: CapacityReport(
                    name: $0.neuron.name, memoryQubits: $0.neuron.model.memoryQubits,
                    featureCount: $0.featureCount, $0.values)
            )
        }
        if isJSON {
            try terminal.writeJSON(
                Answer(
                    schedule: schedule, shots: options.shots, noise: options.selection.noiseName,
                    ridge: options.settings.ridge, settings: measured.map(\.settings),
                    circuits: reports.map(\.report)))
        } else {
            let chance = String(printf: "%.2g", reports.first?.report.threshold ?? 0)
            options.write(
                table(reports), measured, ending: "; chance passes \(chance) once in 10,000 times", terminal)
        }
        try FigureFiles.draw([figure(reports)], folder: folder, terminal)
    }

    private func table(_ reports: [(label: String, report: CapacityReport)]) -> [[String]] {
        // One seed has no error.
        let errorHeading = reports.allSatisfy { $0.report.pastTotal.standardError != nil } ? ["±"] : []
        let heading =
            ["circuit", "MC 0", "MC 1", "MC 2", "MC 5", "MC 10", "past"] + errorHeading + ["quadratic"]
            + errorHeading
        let rows = reports.map { label, report in
            func capacity(_ lag: Int) -> String {
                lag < report.linear.count ? String(printf: "%.3f", report.linear[lag].mean) : "-"
            }
            return [label] + [0, 1, 2, 5, 10].map(capacity) + ReservoirOptions.cells(report.pastTotal)
                + ReservoirOptions.cells(report.quadraticTotal)
        }
        return [heading] + rows
    }

    private func figure(_ reports: [(label: String, report: CapacityReport)]) -> PanelFigure {
        let curves = reports.map { label, report in
            PanelFigure.Curve(
                name: label,
                points: report.linear.enumerated().map {
                    PanelFigure.Point(x: Double($0), y: $1.mean, deviation: $1.standardError)
                })
        }
        let hasBand = curves.contains { $0.points.contains { ($0.deviation ?? 0) > 0 } }
        return PanelFigure(
            name: "capacity", title: "Linear memory capacity: recall of the input k steps ago",
            panels: [
                PanelFigure.Panel(
                    heading: "squared correlation", xLabel: "k (steps)", highest: 1.02, curves: curves),
                PanelFigure.Panel(
                    heading: "the same, logarithmic", xLabel: "k (steps)", logarithmicFrom: 1e-3,
                    highest: 1.5,
                    curves: curves + [threshold(reports)].compactMap(\.self)),
            ],
            notes: options.reading + (hasBand ? ["band: ± one standard error"] : []))
    }

    private func threshold(_ reports: [(label: String, report: CapacityReport)]) -> PanelFigure.Curve? {
        reports.first.map { first in
            PanelFigure.Curve(
                name: "chance, 1 in 10,000",
                points: [0, lagCount].map { PanelFigure.Point(x: Double($0), y: first.report.threshold) },
                isDashed: true)
        }
    }
}
