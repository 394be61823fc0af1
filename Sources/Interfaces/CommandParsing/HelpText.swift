/// The text of `--help`, made from the declarations alone. Always 80 columns wide, so that documentation can
/// quote it.
struct HelpText {
    let path: CommandPath
    static let width = 80

    var text: String {
        let description = path.last.description
        var sections = [description.summary, usage]
        sections += wrappedParagraphs(description.discussion)
        sections.append(
            table("Commands:", description.subcommands.map { ($0.description.name, $0.description.summary) }))
        sections.append(table("Arguments:", positionals.map { ($0.displayName, $0.helpLine) }))
        sections.append(table("Options:", options.map { ($0.spelling, $0.helpLine) } + standardOptions))
        sections.append(examples)
        sections.append("Exit codes: 0 success, 1 failure, 2 wrong usage, 3 bad input, 130 interrupted.")
        if !description.subcommands.isEmpty {
            sections.append("See '\(path.text) COMMAND --help' for more about a command.")
        }
        return sections.filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    private var positionals: [ArgumentDescription] { path.last.arguments.filter(\.isPositional) }
    private var options: [ArgumentDescription] { path.last.arguments.filter { !$0.isPositional } }

    private var standardOptions: [(String, String)] {
        if path.commands.count > 1 { return [("--help", "Show this text.")] }
        return [
            ("--help", "Show this text; 'help COMMAND' that of a command."),
            ("--version", "Show the version; also 'version'."),
        ]
    }

    private var usage: String {
        let start = "Usage: \(path.text)"
        let group = wrap(["COMMAND", "[--help]"], first: start, indentation: start.count + 1)
        if path.last is any CommandGroup.Type { return group }
        let own = wrap(
            options.map { "[\($0.spelling)]" } + positionals.map(\.synopsis), first: start,
            indentation: start.count + 1)
        guard !path.last.description.subcommands.isEmpty else { return own }
        return own + "\n" + group.replacing("Usage:", with: "      ", maxReplacements: 1)
    }

    private var examples: String {
        let examples = path.last.description.examples
        guard !examples.isEmpty else { return "" }
        let lines = examples.map { example in
            "  \(example.command)\n" + wrap(words(example.explanation), first: "     ", indentation: 6)
        }
        return "Examples:\n" + lines.joined(separator: "\n")
    }

    private func wrappedParagraphs(_ text: String) -> [String] {
        var paragraphs: [[Substring]] = [[]]
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.allSatisfy(\.isWhitespace) {
                paragraphs.append([])
            } else {
                paragraphs[paragraphs.count - 1].append(line)
            }
        }
        return paragraphs.filter { !$0.isEmpty }.map {
            wrap(words($0.joined(separator: " ")), first: "", indentation: 0)
        }
    }

    /// Two columns; a name too long for its column stands on a line of its own.
    private func table(_ title: String, _ rows: [(name: String, help: String)]) -> String {
        guard !rows.isEmpty else { return "" }
        let column = min(26, rows.map(\.name.count).max() ?? 0)
        let lines = rows.map { row in
            if row.name.count > column {
                return "  \(row.name)\n"
                    + wrap(
                        words(row.help), first: String(repeating: " ", count: column + 3),
                        indentation: column + 4)
            }
            let padding = String(repeating: " ", count: column - row.name.count + 1)
            return wrap(words(row.help), first: "  \(row.name)\(padding)", indentation: column + 4)
        }
        return "\(title)\n" + lines.joined(separator: "\n")
    }

    private func words(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }

    /// Sets words after `first`, each after one space, and goes on at `indentation` in the next lines.
    private func wrap(_ words: [String], first: String, indentation: Int) -> String {
        var lines = [first]
        var isLineEmpty = first.allSatisfy(\.isWhitespace)
        for word in words {
            let separator = lines[lines.count - 1].isEmpty ? "" : " "
            if !isLineEmpty, lines[lines.count - 1].count + separator.count + word.count > Self.width {
                lines.append(String(repeating: " ", count: indentation) + word)
            } else {
                lines[lines.count - 1] += separator + word
            }
            isLineEmpty = false
        }
        return lines.joined(separator: "\n")
    }
}

extension ArgumentDescription {
    /// `--steps COUNT`, `--json`, `FILE`.
    var spelling: String {
        if case .option(_, let value, _, _, _) = self { "\(displayName) \(value)" } else { displayName }
    }

    /// A positional in the usage line: `FILE`, `[FILE]`, `FILE …`.
    var synopsis: String {
        guard case .positional(_, _, let isOptional, let isRepeating, _) = self else { return spelling }
        let word = isRepeating ? "\(displayName)..." : displayName
        return isOptional ? "[\(word)]" : word
    }

    var helpLine: String {
        switch self {
        case .flag(_, let help), .positional(_, let help, _, _, _), .option(_, _, let help, nil, _): help
        case .option(_, _, let help, let standard?, _): "\(help) Default: \(standard)."
        }
    }
}
