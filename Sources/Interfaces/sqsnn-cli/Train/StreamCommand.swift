import CommandParsing
import EventRecordings
import Files
import Glibc
import Learning
import Runs
import TrainingOptions

/// `sqsnn stream RUN [FILE]`: a trained network follows events as they come.
struct StreamCommand: Command {
    static let description = CommandDescription(
        name: "stream", summary: "Let a trained network follow events as they come.",
        discussion: """
            Reads the events of a recording, from a file or a pipe, through the transforms of the run, updates the \
            network after each step, and prints what it says, as CSV: the class, as in an evaluation the one with \
            the most spikes of its outputs, here in a window of the last steps, and the probabilities of all \
            classes, the softmax of their spike rates by which the run was trained. The network is not reset.

            A step is a span of time, which ends with the first event after it, or a number of events. Where the \
            network is slower than the events, the reader waits, and so does whoever writes into the pipe: nothing \
            is lost. With --live at most K steps wait; more are dropped as a whole, and counted.

            At the end, also after Ctrl-C, standard error has counts, and the latency: from the arrival of the event \
            that ends a step until its line is out.
            """,
        examples: [
            Example("sqsnn stream runs/n-mnist-sqs-1 00004.bin --every 15ms", "a file, as fast as it goes"),
            Example(
                "camera | sqsnn stream RUN - --format aedat-2 --every 500events --live 4",
                "a pipe; four steps behind at most"),
            Example("sqsnn stream runs/n-mnist-sqs-1 00004.bin --pace --every 15ms", "as if it happened now"),
        ])
    static let arguments: [ArgumentDescription] = [
        .positional(name: "run", help: "Folder of the run."),
        .positional(name: "file", help: "Recording; '-', the default, is standard input.", optional: true),
        .option(
            name: "every", value: "SPAN|Nevents", help: "A step, as 25ms or 500events.",
            default: "the run's, if it was trained with a span as --bins"),
        .option(
            name: "window", value: "W", help: "Steps that the class is told from.",
            default: "as many as the run was trained on"),
        .flag(name: "pace", help: "Take events at their times, as if they happened now."),
        .option(
            name: "live", value: "K", help: "Fall behind by at most K steps, then drop steps.",
            default: "drop none"),
        EventInputOptions.format("Of the recording."),
        .option(name: "seed", value: "S", help: "Seed of the random numbers.", default: "the run's own"),
        .option(
            name: "sample", value: "I",
            help: "Number in the random streams, as of the sample in 'sqsnn eval'.", default: "0"),
        .flag(name: "json", help: "Print a JSON object a step instead of CSV."),
    ]

    private let folder: RunFolder
    private let settings: EventStream.Settings
    private let isJSON: Bool

    init(_ arguments: ParsedArguments) throws {
        folder = RunFolder(path: try arguments.positional("run"))
        var settings = EventStream.Settings(path: arguments.string("file", default: InputFile.standardInput))
        if let text = arguments.string("every") {
            guard let length = EventStepper.Length(text) else {
                throw UsageError.invalidValue(
                    argument: "--every", found: text,
                    expected: "a span of time as 25ms, or a number of events as 500events")
            }
            settings.length = length
        }
        let windows = StreamedClassifier.windows
        settings.window = try arguments.integer("window", in: windows)
        settings.isPaced = arguments.flag("pace")
        settings.liveLimit = try arguments.integer("live", in: EventStream.liveLimits)
        settings.format = try arguments.choice("format", of: EventFormat.self)
        settings.seed = try arguments.integer("seed", in: 0...Int.max).map(UInt64.init)
        settings.sample = try arguments.integer("sample", in: 0...Int(Int32.max)) ?? 0
        self.settings = settings
        isJSON = arguments.flag("json")
    }

    struct Line: Encodable {
        let step: Int
        /// Where the step ends, since the first event.
        let timeUs: Int64
        let events: Int
        let label: Int
        let className: String
        let rates: [Double]
        let probabilities: [Double]

        enum CodingKeys: String, CodingKey {
            case step, timeUs, events, className, rates, probabilities
            case label = "class"
        }
    }

    func run(_ terminal: Terminal) async throws {
        let stream = try EventStream(folder, settings)
        terminal.writeError("steps of \(stream.length), a window of \(stream.window) steps")
        if !isJSON { terminal.write(Self.heading(stream.classNames)) }
        let outcome = await Interrupt.whileListening {
            stream.run(isStopped: { Interrupt.isRequested || terminal.outputError != nil }) { answer in
                try write(answer, stream.classNames, terminal)
            }
        }
        for line in Self.summary(outcome) { terminal.writeError(line) }
        if let error = outcome.error { throw error }
    }

    private func write(_ answer: EventStream.Answer, _ classNames: [String], _ terminal: Terminal) throws {
        let (step, decision) = (answer.step, answer.decision)
        let name = classNames[decision.label]
        if isJSON {
            return try terminal.writeJSON(
                Line(
                    step: step.number, timeUs: step.end, events: step.eventCount, label: decision.label,
                    className: name, rates: decision.rates, probabilities: decision.probabilities))
        }
        terminal.write(
            CSV.row(
                [
                    "\(step.number)", String(printf: "%.3f", Double(step.end) / 1000), "\(step.eventCount)",
                    "\(decision.label)", name,
                ]
                    + decision.probabilities.map { String(printf: "%.4f", $0) }))
    }

    private static func heading(_ classNames: [String]) -> String {
        CSV.row(
            ["step", "time_ms", "events", "class", "class_name"]
                + classNames.indices.map { "probability_\($0)" })
    }

    private static func summary(_ outcome: EventStream.Outcome) -> [String] {
        func text(_ number: Double) -> String { String(printf: "%.3g", number) }
        let rate = String(printf: "%.0f", Double(outcome.readCount) / max(outcome.seconds, 1e-9))
        let taken =
            "\(outcome.stepCount) steps of \(outcome.eventCount) events; \(outcome.readCount) events read in "
            + "\(text(outcome.seconds)) s, \(rate) a second"
        let latency =
            "latency: median \(text(outcome.medianLatency)) ms, 99 % \(text(outcome.highLatency)) ms, "
            + "worst \(text(outcome.worstLatency)) ms"
        return [taken] + (outcome.stepCount > 0 ? [latency] : [])
            + (outcome.droppedSteps > 0
                ? [
                    "dropped: \(outcome.droppedSteps) steps of \(outcome.droppedEvents) events, for which the network had no time"
                ]
                : [])
            + (outcome.lateCount > 0
                ? ["late: \(outcome.lateCount) events that came after their step was over, in no step"] : [])
    }
}
