import CommandParsing
import Compute
import EventRecordings
import Figures
import Files
import FoundationEssentials
import Glibc

/// `sqsnn data compare`: in what recordings of one kind differ from those of another.
struct DataCompareCommand: Command {
    static let description = CommandDescription(
        name: "compare", summary: "Compare recordings of one kind with those of another.",
        discussion: """
            Rates, polarities, spread and intervals of the recordings of two folders, and how far their distributions are from each other: \
            real ones and simulated ones, those of two sensors, or before and after a change.
            """,
        examples: [
            Example(
                "sqsnn data compare mnist-dvs mnist-dvs-simulated/Train/0 --transforms polarity=swapped --limit 20",
                "a set bit is an OFF event of the real ones")
        ])

    static let arguments: [ArgumentDescription] = [
        .positional(name: "first", help: "Folder of recordings, or a recording."),
        .positional(name: "second", help: "Another one."),
        .option(
            name: "transforms", value: "NAME=VALUE[,…]",
            help: "Changes to the recordings of FIRST, see 'sqsnn data convert'."),
        .option(
            name: "limit", value: "N", help: "Recordings of each folder at most, evenly from all.",
            default: "200"),
        .option(name: "figures", value: "DIR", help: "Folder of the figure."),
        .flag(name: "json", help: "Print one JSON object on one line."),
    ]

    private let paths: [String]
    private let transforms: EventPipeline
    private let limit: Int
    private let figures: String?
    private let isJSON: Bool

    init(_ arguments: ParsedArguments) throws {
        paths = [try arguments.positional("first"), try arguments.positional("second")]
        transforms = try EventPipeline(arguments.list("transforms", { $0 }) ?? [])
        limit = try arguments.integer("limit", in: 1...Int.max) ?? 200
        figures = try arguments.folder("figures")
        isJSON = arguments.flag("json")
    }

    func run(_ terminal: Terminal) async throws {
        try FigureFiles.prepare(figures)
        let parallelism = Parallelism(threadCount: ProcessInfo.processInfo.activeProcessorCount)
        let statistics = try zip(paths, [transforms, EventPipeline()]).map { path, transforms in
            try EventStatistics.reading(path, transforms: transforms, limit: limit, parallelism: parallelism)
        }
        let comparison = EventComparison(statistics[0], statistics[1])
        if isJSON {
            try terminal.writeJSON(comparison)
        } else {
            comparison.lines.forEach(terminal.write)
        }
        try FigureFiles.draw([Self.figure(comparison, paths)], folder: figures, terminal)
    }

    private static func figure(_ comparison: EventComparison, _ paths: [String]) -> PanelFigure {
        let panels = comparison.distributions.map { distribution in
            // Intervals and counts are spread over decades.
            let isLogarithmic = (distribution.places.first ?? 0) >= 0
            let curves = zip(paths, [distribution.first, distribution.second]).map { path, shares in
                PanelFigure.Curve(
                    name: path.count > 30 ? "…\(path.suffix(30))" : path,
                    points: zip(distribution.places, shares).filter { !isLogarithmic || $0.0 > 0 }.map {
                        PanelFigure.Point(x: isLogarithmic ? log10($0) : $0, y: $1)
                    })
            }
            return PanelFigure.Panel(
                heading: "\(distribution.name), distance \(String(printf: "%.3f", distribution.distance))",
                xLabel: (isLogarithmic ? "log10 " : "") + (distribution.unit ?? "events"), highest: 1,
                curves: curves)
        }
        return PanelFigure(
            name: "event-comparison", title: "Recordings compared", panels: panels,
            notes: ["a curve: the share up to x", "distance: the largest of two curves"])
    }
}
