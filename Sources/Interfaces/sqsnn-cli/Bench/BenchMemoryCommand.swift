import Benchmarks
import CommandParsing
import Figures
import Runs

/// `sqsnn bench memory`: the memory of training against the time steps.
struct BenchMemoryCommand: Command {
    private static let hidden = 256
    private static let own: Set = ["steps"]

    static let description = CommandDescription(
        name: "memory", summary: "Measure the peak memory of training against the time steps.",
        discussion: """
            Trains a few batches of random input at each number of steps and tells the largest resident memory of \
            the process; before each, the allocator gives back what it kept, and the kernel forgets the former peak.
            """,
        examples: [
            Example("sqsnn bench memory", "The table."),
            Example("sqsnn bench memory --steps 80 --json", "One point, for a program."),
        ])
    static let arguments: [ArgumentDescription] =
        BenchOptions.arguments(without: own, hidden: hidden) + [
            .option(
                name: "steps", value: "T[,T…]", help: "Time steps, ascending, 1 to 1000.",
                default: MemorySweep.standardStepCounts.map(String.init).joined(separator: ",")),
            .option(
                name: "figures", value: "DIR", help: "Folder for a figure, SVG and PNG.", default: "no figure"
            ),
            .flag(name: "json", help: "Print one JSON object: points with peak_memory_bytes."),
        ]

    private let workload: Workload
    private let stepCounts: [Int]
    private let folder: String?
    private let isJSON: Bool

    init(_ arguments: ParsedArguments) throws {
        workload = try BenchOptions.workload(arguments, hidden: Self.hidden, without: Self.own)
        stepCounts = try arguments.string("steps").map(Self.stepCounts) ?? MemorySweep.standardStepCounts
        folder = try arguments.folder("figures")
        isJSON = arguments.flag("json")
    }

    private static func stepCounts(_ text: String) throws -> [Int] {
        let counts = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
        guard counts.allSatisfy(Recipe.stepCounts.contains), zip(counts, counts.dropFirst()).allSatisfy(<)
        else {
            throw UsageError.invalidValue(
                argument: "--steps", found: text,
                expected: "ascending whole numbers from 1 to 1000 with commas between")
        }
        return counts
    }

    func run(_ terminal: Terminal) async throws {
        try FigureFiles.prepare(folder)
        let sweep = try MemorySweep.measure(workload, stepCounts: stepCounts)
        if isJSON { try terminal.writeJSON(sweep) } else { sweep.lines.forEach(terminal.write) }
        try FigureFiles.draw([figure(sweep)], folder: folder, terminal)
    }

    private func figure(_ sweep: MemorySweep) -> CurveFigure {
        let points = sweep.points.map {
            CurveFigure.Point(x: Double($0.stepCount), y: Double($0.peakBytes) / 1e6)
        }
        return CurveFigure(
            name: "memory",
            title: "Memory of training "
                + "\(workload.inputCount)-\(workload.hiddenCount)-\(workload.outputCount), "
                + "batch \(workload.batchSize)",
            xLabel: "time steps", yLabel: "largest resident memory (MB)",
            curves: [CurveFigure.Curve(name: "training", points: points)])
    }
}
