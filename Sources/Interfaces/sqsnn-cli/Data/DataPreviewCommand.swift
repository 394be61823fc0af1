import CommandParsing
import EventRecordings
import Figures
import Files
import SQSNN
import TrainingOptions

/// `sqsnn data preview`: images and the spikes that an encoder makes of them; recordings, sounds and series as events.
struct DataPreviewCommand: Command {
    static let description = CommandDescription(
        name: "preview", summary: "Draw what is in a data set or a recording.",
        discussion: """
            Of images: in shades of grey, beside each the spikes of its steps. With --figure it also writes an \
            SVG picture that adds the raster of all steps.

            Of a recording of an event camera, a file or a sample of a data set: frames, ON above OFF, and the \
            rate of events over time; of sounds and series, the raster of their events. --figures writes \
            animation.png (an APNG that plays in real time), frames.png, events.svg and events.png (pixels and \
            rate against time), rate.csv, and player.html, a page that plays the events in a browser, by itself; \
            --figure one of them. The page holds \(EventPage.largestCount) events at most, the first ones.
            """,
        examples: [
            Example("sqsnn data preview mnist --index 7 --count 2", "test images 7 and 8"),
            Example(
                "sqsnn data preview fashion-mnist --encoder latency --steps 8 --figure spikes.svg",
                "one spike a pixel, the brighter the earlier"),
            Example("sqsnn data preview n-mnist --index 3", "a recording of a data set"),
            Example(
                "sqsnn data preview all.aedat4 --transforms window=2s --figures pictures",
                "two seconds of a file"),
            Example("sqsnn data preview all.aedat --figure all.html", "a page to play it"),
        ])
    static let arguments: [ArgumentDescription] = [
        .positional(
            name: "name",
            help: "Data set, as in 'sqsnn data list'; else a recording ('-' is standard input).",
            suggestions: DatasetCatalog.names),
        .option(name: "part", value: "train|test", help: "Part of the data set.", default: "test"),
        .option(name: "index", value: "I", help: "First image, or the sample, counted from 0.", default: "0"),
        .option(name: "count", value: "N", help: "Images to draw.", default: "1"),
        .option(name: "steps", value: "T", help: "Time steps, of images.", default: "5"),
        .option(
            name: "encoder", value: "rate|latency", help: "How intensities become spikes.", default: "rate"),
        .option(
            name: "seed", value: "S", help: "Seed of the rate encoder, or of transforms by chance.",
            default: "0"),
        EventInputOptions.format("Of a recording."),
        .option(
            name: "transforms", value: "NAME=VALUE[,…]",
            help: "Events: what is done to them first, see 'sqsnn data convert'.", default: "none"),
        .option(
            name: "sound", value: "NAME=VALUE[,…]", help: "Sounds: see 'sqsnn train'.", default: "as there"),
        .option(
            name: "series", value: "population=N|delta=STEP", help: "Series: see 'sqsnn train'.",
            default: "as there"),
        .option(name: "frame", value: "SPAN", help: "Events: the time that a frame shows.", default: "20ms"),
        .option(
            name: "slow", value: "N", help: "Events: the animation takes N times as long, 0.001 to 1000.",
            default: "1"),
        .option(
            name: "figure", value: "FILE",
            help: "Write a picture: .svg, of events also .png (animation) or .html (page)."),
        .option(name: "figures", value: "DIR", help: "Events: write all pictures.", default: "none"),
    ]

    enum Part: String, CaseIterable { case train, test }

    private let subject: any Preview

    init(_ arguments: ParsedArguments) throws {
        let name = try arguments.positional("name")
        if !DatasetCatalog.names.contains(name) && InputFile.isMeant(name) {
            subject = try EventsToPreview(file: name, arguments)
        } else {
            let entry = try DatasetCatalog.entry(named: name)
            if entry.isTemporal {
                subject = try EventsToPreview(entry, arguments)
            } else {
                subject = try ImagesToPreview(entry, arguments)
            }
        }
    }

    func run(_ terminal: Terminal) async throws { try await subject.show(terminal) }

    /// - Throws: `UsageError` for options that are of something else than `subject`.
    static func refuse(_ names: [String], _ arguments: ParsedArguments, beside subject: String) throws {
        for name in names where arguments.isGiven(name) {
            throw UsageError.contradiction("--\(name) beside \(subject)")
        }
    }
}

/// What is shown.
protocol Preview: Sendable {
    func show(_ terminal: Terminal) async throws
}
