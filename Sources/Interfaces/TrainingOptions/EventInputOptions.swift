import CommandParsing
import EventRecordings
import SpikeDatasets

/// The options that say how samples over time become spikes.
package enum EventInputOptions {
    /// - Parameter subject: what the help begins with.
    package static func format(_ subject: String) -> ArgumentDescription {
        .option(
            name: "format", value: "NAME",
            help: "\(subject) \(EventFormat.allCases.map(\.rawValue).joined(separator: ", ")).",
            default: "what its first bytes and its name say")
    }

    package static let arguments: [ArgumentDescription] = [
        .option(
            name: "bins", value: "time|events|SPAN",
            help:
                "Recordings, sounds, series: a step is as long a part of the sample as every other, has as many events, or "
                + "takes a span of time, as 25ms.", default: "time"),
        .option(
            name: "transforms", value: "NAME=VALUE[,…]",
            help:
                "Recordings, sounds, series: what is done to the events first, see 'sqsnn data convert'; none for nothing.",
            default: "none"),
        .option(
            name: "sound", value: "NAME=VALUE[,…]",
            help:
                "Sounds: channels (bands), lowest and highest (Hz), depth (dB), rate (spikes a second and 6 dB).",
            default: SoundEncoding().description.replacing(",", with: ", ")),
        .option(
            name: "series", value: "population=N|delta=STEP|currents",
            help:
                "Series: N inputs a dimension, of which the nearest spikes; or ON and OFF events at steps, parts of the range; or "
                + "the numbers themselves, scaled.",
            default: "population=8"),
    ]

    /// - Throws: `UsageError` for options of other data than the data set has, and for values that cannot be.
    package static func input(
        _ arguments: ParsedArguments, of entry: CatalogEntry, over given: EventInput? = nil
    ) throws -> EventInput? {
        guard entry.isTemporal else {
            for option in Self.arguments where arguments.isGiven(option.name) {
                throw UsageError.contradiction(
                    "--\(option.name) beside data set \(entry.name), whose samples are images")
            }
            return nil
        }
        var input = given ?? EventInput()
        if let transforms = try transforms(arguments) { input.transforms = transforms }
        if let bins: EventBinning.Division = try value(
            "bins", arguments, expected: "time, events, or a span of time as 25ms")
        {
            input.bins = bins
        }
        if let sound: SoundEncoding = try value(
            "sound", arguments, expected: soundForm)
        {
            input.sound = sound
        }
        if let series: SeriesEncoding = try value(
            "series", arguments, expected: seriesForm)
        {
            input.series = series
        }
        return input
    }

    package static var soundForm: String { "settings as \(SoundEncoding()), each once" }
    package static let seriesForm = "population=N, delta=STEP or currents"

    /// - Returns: nil where none are named.
    package static func transforms(_ arguments: ParsedArguments) throws -> EventPipeline? {
        try arguments.list("transforms", { $0 }).map {
            $0 == ["none"] ? EventPipeline() : try EventPipeline($0)
        }
    }

    package static func value<Value: LosslessStringConvertible>(
        _ name: String, _ arguments: ParsedArguments, expected: String
    ) throws(UsageError) -> Value? {
        guard let text = arguments.string(name) else { return nil }
        guard let value = Value(text) else {
            throw .invalidValue(argument: "--\(name)", found: text, expected: expected)
        }
        return value
    }
}
