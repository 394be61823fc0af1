import CommandParsing
import Files
import Networks

/// `--record`: what is kept of a run beside its spikes.
enum RecordOption {
    static func argument(_ help: String) -> ArgumentDescription {
        .option(
            name: "record", value: "WHAT[,…]", help: help, default: "nothing",
            suggestions: Activity.Quantity.allCases.map(\.rawValue))
    }

    static func quantities(_ arguments: ParsedArguments) throws -> Set<Activity.Quantity> {
        Set(
            try arguments.list("record") { word in
                guard let quantity = Activity.Quantity(rawValue: word) else {
                    let words = Activity.Quantity.allCases.map(\.rawValue)
                    throw UsageError.invalidValue(
                        argument: "--record", found: word,
                        expected: words.joined(separator: ", ") + " with commas between"
                            + spellingHint(word, among: words))
                }
                return quantity
            } ?? [])
    }
}
