import CommandParsing
import Compute
import EventRecordings
import TrainingOptions

/// `sqsnn data convert`: a recording into another format, through transforms on the way.
struct DataConvertCommand: Command {
    static let description = CommandDescription(
        name: "convert", summary: "Write a recording of an event camera in another format, or changed.",
        discussion: """
            Transforms are done one after the other, event by event:
            \(EventPipeline.kinds.map { "\($0.name)=\($0.form)" }.joined(separator: "; ")).
            """,
        examples: [
            Example("sqsnn data convert 00002.bin 00002.npy", "an array of records (x, y, t, p)"),
            Example(
                "sqsnn data convert all.aedat on.npy --transforms crop=64x64,downsample=2,polarity=on",
                "the middle of the sensor in quarter size, ON events alone"),
        ])
    static let arguments: [ArgumentDescription] = [
        .positional(name: "input", help: "Recording; '-' is standard input."),
        .positional(name: "output", help: "File that ends in .npy, .h5 or .aedat (AEDAT 2.0)."),
        EventInputOptions.format("Of the input."),
        .option(name: "transforms", value: "NAME=VALUE[,…]", help: "Changes, the first one first."),
        .option(name: "seed", value: "S", help: "Seed of the transforms by chance.", default: "0"),
    ]

    private let input: String
    private let output: String
    private let written: EventFileWriter.Format
    private let format: EventFormat?
    private let pipeline: EventPipeline
    private let seed: Int

    init(_ arguments: ParsedArguments) throws {
        input = try arguments.positional("input")
        output = try arguments.positional("output")
        guard let written = EventFileWriter.Format(ofFile: output) else {
            throw UsageError.invalidValue(
                argument: "OUTPUT", found: output, expected: "a file name that ends in .npy, .h5 or .aedat")
        }
        self.written = written
        format = try arguments.choice("format", of: EventFormat.self)
        pipeline = try EventPipeline(arguments.list("transforms", { $0 }) ?? [])
        seed = try arguments.integer("seed", in: 0...Int.max) ?? 0
    }

    func run(_ terminal: Terminal) async throws {
        var recording = try EventRecording(reading: input, format: format)
        let count = recording.events.count
        try pipeline.apply(
            to: &recording, of: input, random: RandomStream(seed: UInt64(seed), purpose: .augmentation))
        var writer = EventFileWriter(written, path: output, sensor: recording.sensor)
        try writer.write(recording.events)
        try writer.finish()
        terminal.write("\(count) events, \(recording.events.count) written to \(output)")
    }
}
