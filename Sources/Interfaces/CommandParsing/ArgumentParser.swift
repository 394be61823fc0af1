import Files

/// What a list of words asks for.
enum ParsedCall {
    case help(CommandPath)
    case version
    case run(CommandPath, ParsedArguments)
}

/// A usage error and the command in which it was made, for the pointer to that command's help.
struct MisplacedWord: Error {
    let path: CommandPath
    let error: UsageError
}

/// The commands from the root to the one that is called.
struct CommandPath: Sendable {
    let commands: [any Command.Type]

    init(_ root: any Command.Type) { commands = [root] }
    private init(commands: [any Command.Type]) { self.commands = commands }

    func appending(_ command: any Command.Type) -> CommandPath { CommandPath(commands: commands + [command]) }

    var last: any Command.Type { commands[commands.count - 1] }
    /// The words to type, as `sqsnn neuron trace`.
    var text: String { commands.map { $0.description.name }.joined(separator: " ") }
}

/// Sorts the words of a call: first the subcommands, then options and positionals in any order.
///
/// A command with subcommands that is no ``CommandGroup`` runs itself where no subcommand is named.
///
/// `--` ends the options. A value that follows its option in a word of its own may start with one dash (a
/// negative number) but not with two: `--epochs --json` misses the value of `--epochs`. Write
/// `--name=--value` for such a value.
enum ArgumentParser {
    static func parse(_ words: [String], root: any Command.Type) throws(MisplacedWord) -> ParsedCall {
        // As in other tools: `help neuron trace` is `neuron trace --help`, and `version` is `--version`.
        if words == ["version"] { return .version }
        let isHelp = words.first == "help"
        var path = CommandPath(root)
        var rest = isHelp ? words[1...] : words[...]
        while !path.last.description.subcommands.isEmpty {
            let subcommands = path.last.description.subcommands
            if !(path.last is any CommandGroup.Type), rest.first.map({ $0.hasPrefix("-") }) ?? true { break }
            guard let word = rest.popFirst(), !Self.isHelp(word) else { return .help(path) }
            if word == "--version" { return .version }
            let names = subcommands.map { $0.description.name }
            if word.hasPrefix("-") {
                let nearest = nearestWord(to: word, among: ["--help", "--version"])
                throw MisplacedWord(path: path, error: .unknownOption(found: word, nearest: nearest))
            }
            guard let index = names.firstIndex(of: word) else {
                let nearest = nearestWord(to: word, among: names)
                throw MisplacedWord(
                    path: path, error: .unknownCommand(found: word, nearest: nearest, expected: names))
            }
            path = path.appending(subcommands[index])
        }
        if isHelp {
            guard let extra = rest.first else { return .help(path) }
            throw MisplacedWord(path: path, error: .unexpectedArgument(extra))
        }
        let options = rest.prefix { $0 != "--" }
        if options.contains(where: Self.isHelp) { return .help(path) }
        do {
            return .run(path, try sort(rest, by: path.last.arguments))
        } catch {
            throw MisplacedWord(path: path, error: error)
        }
    }

    /// Sorts the words of one command.
    static func sort(_ words: ArraySlice<String>, by declarations: [ArgumentDescription]) throws(UsageError)
        -> ParsedArguments
    {
        var values: [String: [String]] = [:]
        var positionals: [String] = []
        var rest = words
        while let word = rest.popFirst() {
            if word == "--" {
                positionals += rest
                break
            }
            guard isOption(word) else {
                positionals.append(word)
                continue
            }
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(
                String.init)
            let attached = parts.count == 2 ? parts[1] : nil
            let declaration = try declaration(of: parts[0], among: declarations)
            let isRepeated = values[declaration.name] != nil
            switch declaration {
            case .option(let name, let placeholder, _, _, _):
                guard let value = attached ?? rest.popFirst(where: { !$0.hasPrefix("--") }) else {
                    throw .missingValue(option: parts[0], placeholder: placeholder)
                }
                values[name] = [value]
            case .flag(let name, _), .positional(let name, _, _, _, _):
                if let attached { throw .unexpectedValue(flag: parts[0], found: attached) }
                values[name] = []
            }
            if isRepeated { throw .repeatedOption(parts[0]) }
        }
        try assign(positionals[...], to: declarations, in: &values)
        return ParsedArguments(declarations: declarations, values: values)
    }

    private static func declaration(of option: String, among declarations: [ArgumentDescription])
        throws(UsageError) -> ArgumentDescription
    {
        let named = declarations.filter { !$0.isPositional }
        if let match = named.first(where: { $0.displayName == option }) { return match }
        throw .unknownOption(
            found: option, nearest: nearestWord(to: option, among: named.map(\.displayName) + ["--help"]))
    }

    private static func assign(
        _ words: ArraySlice<String>, to declarations: [ArgumentDescription],
        in values: inout [String: [String]]
    ) throws(UsageError) {
        var rest = words
        for case .positional(let name, _, let isOptional, let isRepeating, _) in declarations {
            let taken = Array(rest.prefix(isRepeating ? rest.count : 1))
            rest = rest.dropFirst(taken.count)
            if !taken.isEmpty {
                values[name] = taken
            } else if !isOptional {
                throw .missingArgument(name.uppercased())
            }
        }
        if let extra = rest.first { throw .unexpectedArgument(extra) }
    }

    private static func isHelp(_ word: String) -> Bool { word == "--help" || word == "-h" }

    /// A dash alone names a stream by custom, and a negative number is a value.
    private static func isOption(_ word: String) -> Bool {
        word.hasPrefix("-") && word != "-" && Double(word) == nil
    }
}

extension ArraySlice where Element == String {
    /// Takes the first word if it satisfies a condition.
    fileprivate mutating func popFirst(where condition: (String) -> Bool) -> String? {
        guard let first, condition(first) else { return nil }
        return popFirst()
    }
}
