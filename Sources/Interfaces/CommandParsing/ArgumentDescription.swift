/// One argument of a command. Names are written without dashes.
public enum ArgumentDescription: Sendable, Hashable {
    /// `--name`, present or absent.
    case flag(name: String, help: String)

    /// `--name VALUE` or `--name=VALUE`.
    ///
    /// - `value`: the placeholder of the help text; alternatives as `svg|png` are offered by completion.
    /// - `suggestions`: further words that completion offers, as the names of a catalogue.
    /// - `default`: the text that help shows. The value itself belongs to the command, for it may depend on
    ///   other options (a recipe) or on the machine (its cores).
    case option(name: String, value: String, help: String, default: String? = nil, suggestions: [String] = [])

    /// A word without a name, by position. Only the last one may repeat; optional ones come after required ones.
    case positional(
        name: String, help: String, optional: Bool = false, repeating: Bool = false,
        suggestions: [String] = [])

    /// The name that the look-ups of ``ParsedArguments`` use.
    public var name: String {
        switch self {
        case .flag(let name, _), .option(let name, _, _, _, _), .positional(let name, _, _, _, _): name
        }
    }

    /// How messages and help call the argument: `--steps`, or `FILE` for a positional.
    public var displayName: String {
        if case .positional(let name, _, _, _, _) = self { name.uppercased() } else { "--\(name)" }
    }

    var isPositional: Bool {
        if case .positional = self { true } else { false }
    }

    /// The alternatives that the placeholder of an option spells out (`svg|png`), and the suggestions.
    var alternatives: [String] {
        switch self {
        case .flag: return []
        case .positional(_, _, _, _, let suggestions): return suggestions
        case .option(_, let value, _, _, let suggestions):
            let words = value.split(separator: "|").map(String.init)
            return (words.count > 1 ? words.filter { $0 != $0.uppercased() } : []) + suggestions
        }
    }
}
