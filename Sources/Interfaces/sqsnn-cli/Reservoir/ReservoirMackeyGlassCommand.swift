import CommandParsing
import Compute
import Files
import Reservoirs

/// `sqsnn reservoir mackey-glass`: the error of reservoirs that go on with chaotic series by themselves.
struct ReservoirMackeyGlassCommand: Command {
    static let description = CommandDescription(
        name: "mackey-glass", summary: "Measure how reservoirs go on with chaotic series.",
        discussion: """
            NeuroBench's task of chaotic functions: 14 series of the Mackey-Glass equation with delays tau of 17 to 30, 75 points a \
            Lyapunov time. Ten Lyapunov times train a read-out to give the next point; over the next ten the reservoir is \
            given its own answers. The error is the symmetric mean absolute percentage error, the mean of 200 |p - x| / (|p| \
            + |x|): 200 is the worst. Every seed begins half a Lyapunov time later, with a reservoir of its own. Points \
            come in as shares of their range in the training; the first 45 train nothing.

            Two lines without a reservoir are of a linear read-out of the last points: the present one, and 45. The \
            columns 17 to 30 are the errors of single series. --trials judges settings by the part that trains alone, the \
            first half of it training and the second tested, one choice for all series. ± is one standard error over the seeds.
            """,
        examples: [
            Example("sqsnn reservoir mackey-glass exchange memoryless", "With and without a memory."),
            Example(
                "sqsnn reservoir mackey-glass exchange --neurons 200 --ridge 1e-6",
                "More neurons, and a read-out that is more cautious."),
        ])
    static let arguments: [ArgumentDescription] =
        ReservoirOptions.arguments + [
            .flag(name: "json", help: "Print one JSON object: errors, of each series and over all."),
            NeuronSelection.positional,
        ]

    /// Points that the two lines without a reservoir see.
    private static let pointCounts = [1, 45]

    private let options: ReservoirOptions
    private let isJSON: Bool

    init(_ arguments: ParsedArguments) throws {
        options = try ReservoirOptions(arguments, seedCounts: MackeyGlass.repetitions)
        isJSON = arguments.flag("json")
    }

    private struct Answer: Encodable {
        struct Series: Encodable {
            let delay: Int
            let lyapunovTime: Int
            /// In the order of the circuits.
            let errors: [SeedStatistics]
        }

        struct Points: Encodable {
            let count: Int
            let error: SeedStatistics
        }

        let shots: Int?
        let noise: String?
        let circuits: [ReservoirResult]
        let series: [Series]
        let points: [Points]
    }

    func run(_ terminal: Terminal) async throws {
        if !isJSON { try options.writeInputs("mackey-glass", terminal) }
        let values = MackeyGlass.series.map {
            $0.values(count: MackeyGlass.pointCount(repetitions: options.seedCount))
        }
        /// One for each series.
        func errors(
            _ span: MackeyGlass.Span, repetition: Int, _ error: @Sendable ([Double]) throws -> Double
        ) throws -> [Double] {
            try options.parallelism.map(values.count) { series, _ in
                Result { try error(MackeyGlass.window(of: values[series], repetition: repetition, span)) }
            }.map { try $0.get() }
        }
        func errors(
            _ reservoir: Reservoir, _ settings: ReservoirSettings, _ span: MackeyGlass.Span, repetition: Int
        ) throws -> [Double] {
            let shots = options.shots
            return try errors(span, repetition: repetition) {
                try MackeyGlass.error(of: reservoir, on: $0, span, shots: shots, ridge: settings.ridge)
            }
        }
        let measured = try options.map(terminal) { reservoir, settings, seed in
            try errors(reservoir, settings, .published, repetition: options.place(of: seed))
        } error: { reservoir, settings, seed in
            // The halves lie within what trains the first repetition.
            SampleStatistics.mean(of: try errors(reservoir, settings, .validation, repetition: 0))
        }
        let points = try Self.pointCounts.map { count in
            (
                count: count,
                values: try options.map { seed in
                    let ridge = options.settings.ridge
                    return try errors(.published, repetition: options.place(of: seed)) {
                        try MackeyGlass.errorOfPoints(count: count, on: $0, .published, ridge: ridge)
                    }
                }
            )
        }
        /// Of every series over the seeds.
        func statistics(_ values: [[Double]]) -> [SeedStatistics] {
            MackeyGlass.series.indices.map { series in SeedStatistics(values.map { $0[series] }) }
        }
        func overall(_ values: [[Double]]) -> SeedStatistics {
            SeedStatistics(values.map { SampleStatistics.mean(of: $0) })
        }
        if isJSON {
            let bySeries = measured.map { statistics($0.values) }
            return try terminal.writeJSON(
                Answer(
                    shots: options.shots, noise: options.selection.noiseName,
                    circuits: measured.map { ReservoirResult($0.mapped(SampleStatistics.mean)) },
                    series: MackeyGlass.series.enumerated().map { index, series in
                        Answer.Series(
                            delay: series.delay, lyapunovTime: series.lyapunovTime,
                            errors: bySeries.map { $0[index] })
                    },
                    points: points.map { Answer.Points(count: $0.count, error: overall($0.values)) }))
        }
        let rows =
            (measured.map { ($0.label, $0.values) }
            + points.map { ($0.count == 1 ? "present point alone" : "last \($0.count) points", $0.values) })
            .map { label, values in
                [label] + ReservoirOptions.cells(overall(values), digits: 2)
                    + statistics(values).map { String(printf: "%.1f", $0.mean) }
            }
        // One seed has no error.
        let heading =
            ["reservoir", "sMAPE"] + (options.seedCount > 1 ? ["±"] : [])
            + MackeyGlass.series.map { "\($0.delay)" }
        options.write([heading] + rows, measured, terminal)
    }
}
