import CommandParsing
import Compute
import EventRecordings
import Figures
import SQSNN
import TrainingOptions

/// The events of a file, or of a sample of a data set.
struct EventsToPreview: Preview {
    private enum Source {
        case file(String, EventFormat?)
        case sample(CatalogEntry, DataPreviewCommand.Part, Int)
    }

    private let source: Source
    private let input: EventInput
    private let seed: UInt64
    private let frame: TimeSpan
    private let slowness: Double
    private let figure: String?
    private let figures: String?

    init(file: String, _ arguments: ParsedArguments) throws {
        try DataPreviewCommand.refuse(
            ["part", "index", "sound", "series"], arguments, beside: "a recording; name a data set")
        try self.init(.file(file, arguments.choice("format", of: EventFormat.self)), arguments)
    }

    init(_ entry: CatalogEntry, _ arguments: ParsedArguments) throws {
        try DataPreviewCommand.refuse(
            ["format"], arguments, beside: "data set \(entry.name), whose format is known")
        try self.init(
            .sample(
                entry, arguments.choice("part", of: DataPreviewCommand.Part.self) ?? .test,
                arguments.integer("index", in: 0...Int.max) ?? 0), arguments)
    }

    private init(_ source: Source, _ arguments: ParsedArguments) throws {
        try DataPreviewCommand.refuse(
            ["count", "steps", "encoder"], arguments, beside: "events, which are no images")
        self.source = source
        input = EventInput(
            sound: try EventInputOptions.value("sound", arguments, expected: EventInputOptions.soundForm),
            series: try EventInputOptions.value("series", arguments, expected: EventInputOptions.seriesForm),
            transforms: try EventInputOptions.transforms(arguments) ?? EventPipeline())
        seed = UInt64(try arguments.integer("seed", in: 0...Int.max) ?? 0)
        let text = arguments.string("frame", default: "20ms")
        guard let frame = TimeSpan(text), frame.microseconds > 0 else {
            throw UsageError.invalidValue(
                argument: "--frame", found: text, expected: "a span of time as 20ms")
        }
        self.frame = frame
        slowness = try arguments.number("slow", in: 0.001...1000) ?? 1
        figure = try arguments.file("figure", ending: ".svg", ".png", ".html")
        figures = try arguments.folder("figures")
    }

    func show(_ terminal: Terminal) async throws {
        if figure.flatMap(EventPictures.Kind.init(ofFile:)) == .figure { try Gnuplot.requireInstalled() }
        try FigureFiles.prepare(figures)
        let preview = try preview()
        for line in preview.lines(width: terminal.width) { terminal.write(line) }
        var pages = 0
        if let figure, let kind = EventPictures.Kind(ofFile: figure) {
            try EventPictures.write(preview, slowness: slowness, kind, to: figure)
            terminal.write("Figure: \(figure)")
            pages += kind == .page ? 1 : 0
        }
        if let figures {
            for path in try EventPictures.write(preview, slowness: slowness, folder: figures) {
                terminal.write("Figure: \(path)")
            }
            pages += 1
        }
        if pages > 0, let omission = try EventPage(preview).omission {
            terminal.writeError("sqsnn data preview: \(omission); take a window of time for others")
        }
    }

    /// The transforms, for the title.
    private var changes: String {
        input.transforms.texts.isEmpty ? "" : ", " + input.transforms.texts.joined(separator: ",")
    }

    private func preview() throws -> EventPreview {
        switch source {
        case .file(let path, let format):
            let title = path == "-" ? "standard input" : path
            var recording = try EventRecording(reading: path, format: format)
            try input.transforms.apply(
                to: &recording, of: title, random: RandomStream(seed: seed, purpose: .augmentation))
            return try EventPreview(
                title: title + changes, recording, frameSpan: frame.microseconds)
        case .sample(let entry, let part, let index):
            let sample = try entry.sample(index, isTest: part == .test, input, seed: seed)
            return try EventPreview(
                title: "\(entry.name) \(index): \(entry.classNames[sample.label]) (class \(sample.label))"
                    + changes,
                sample.recording, frameSpan: frame.microseconds, layout: sample.isImage ? nil : .raster)
        }
    }
}
