import CommandParsing
import EventRecordings
import Runs
import SpikeDatasets

/// The options that say how recordings of events become spikes.
enum EventInputOptions {
    static let arguments: [ArgumentDescription] = [
        .option(
            name: "transforms", value: "NAME=VALUE[,…]",
            help: "Recordings of events: what is done to them first, see 'sqsnn data convert'.",
            default: "none"),
        .option(
            name: "bins", value: "time|events|SPAN",
            help:
                "Recordings of events: a step is as long a part of the recording as every other, has as many events, or "
                + "takes a span of time, as 25ms.", default: "time"),
    ]

    /// - Throws: `UsageError` for options beside a data set without recordings, and for values that cannot be.
    static func input(_ arguments: ParsedArguments, over configuration: RunConfiguration) throws
        -> EventInput?
    {
        guard try configuration.catalogEntry().holdsRecordings else {
            for option in Self.arguments where arguments.isGiven(option.name) {
                throw UsageError.contradiction(
                    "--\(option.name) beside data set \(configuration.dataset), which has no recordings of events"
                )
            }
            return nil
        }
        var input = configuration.input ?? EventInput()
        if let texts = try arguments.list("transforms", { $0 }) {
            input.transforms = texts == ["none"] ? EventPipeline() : try EventPipeline(texts)
        }
        if let text = arguments.string("bins") {
            guard let bins = EventBinning.Division(text) else {
                throw UsageError.invalidValue(
                    argument: "--bins", found: text, expected: "time, events, or a span of time as 25ms")
            }
            input.bins = bins
        }
        return input
    }
}
