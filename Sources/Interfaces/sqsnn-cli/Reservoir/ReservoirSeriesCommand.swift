import CommandParsing
import Reservoirs
import SpikeDatasets

/// `sqsnn reservoir series`: what reservoirs are given, for other programs.
struct ReservoirSeriesCommand: Command {
    /// Tasks of reservoirs.
    enum Task: String, CaseIterable {
        case capacity, narma
        case mackeyGlass = "mackey-glass"
        case classify
    }

    static let description = CommandDescription(
        name: "series", summary: "Print what reservoirs are given, for other programs.",
        discussion: """
            One JSON object: of capacity and narma inputs and, of narma, targets of every seed; of mackey-glass the points of \
            14 series; of classify the labelled series of japanese-vowels, as their files have them, [input][step].
            """,
        examples: [Example("sqsnn reservoir series narma --seeds 1", "Inputs and targets of seed 1.")])
    static let arguments: [ArgumentDescription] =
        [
            .positional(name: "task", help: Task.allCases.map(\.rawValue).joined(separator: ", ") + "."),
            .option(name: "seeds", value: "COUNT", help: "Inputs drawn.", default: "5"),
            .option(name: "seed", value: "SEED", help: "The first seed.", default: "1"),
        ] + ReservoirOptions.steps

    private let task: Task
    private let seeds: ClosedRange<UInt64>
    private let schedule: ReservoirSchedule

    init(_ arguments: ParsedArguments) throws {
        let name = try arguments.positional("task")
        guard let task = Task(rawValue: name) else {
            throw UsageError.invalidValue(
                argument: "TASK", found: name,
                expected: "one of \(Task.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        self.task = task
        seeds = try ReservoirOptions.seeds(arguments)
        schedule = try ReservoirOptions.schedule(arguments)
    }

    private struct Drawn: Encodable {
        struct Series: Encodable {
            let seed: UInt64
            let inputs: [Double]
            var targets: [Double]?
        }

        let schedule: ReservoirSchedule
        let series: [Series]
    }

    private struct Points: Encodable {
        let delay: Int
        let values: [Double]
    }

    private struct Labelled: Encodable {
        struct Series: Encodable {
            let label: Int
            let values: [[Double]]

            init(_ sample: SeriesClassification.Sample) { (label, values) = (sample.label, sample.values) }
        }

        let training: [Series]
        let test: [Series]
    }

    func run(_ terminal: Terminal) async throws {
        switch task {
        case .capacity:
            let series = seeds.map {
                Drawn.Series(
                    seed: $0, inputs: MemoryCapacity.inputs(stepCount: schedule.stepCount, seed: $0))
            }
            try terminal.writeJSON(Drawn(schedule: schedule, series: series))
        case .narma:
            let series = try seeds.map { seed in
                let task = try NARMA(stepCount: schedule.stepCount, seed: seed)
                return Drawn.Series(seed: seed, inputs: task.inputs, targets: task.targets)
            }
            try terminal.writeJSON(Drawn(schedule: schedule, series: series))
        case .mackeyGlass:
            let count = MackeyGlass.pointCount(repetitions: MackeyGlass.repetitions.upperBound)
            try terminal.writeJSON(
                MackeyGlass.series.map { Points(delay: $0.delay, values: $0.values(count: count)) })
        case .classify:
            let task = try SeriesClassification(try DatasetCatalog.entry(named: "japanese-vowels"))
            try terminal.writeJSON(
                Labelled(
                    training: task.training.map(Labelled.Series.init),
                    test: task.test.map(Labelled.Series.init)))
        }
    }
}
