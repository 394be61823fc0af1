/// A completion script for bash, generated from the declarations.
///
/// Offers subcommands, options, and the alternatives of options such as `svg|png`; file names otherwise.
public enum BashCompletion {
    public static func script(for root: any Command.Type) -> String {
        let name = root.description.name
        let cases = entries(of: CommandPath(root))
        return """
            # bash completion for \(name); load it with: source <(\(name) completion bash)
            _\(name)() {
                local word="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}" path="\(name)" index
                COMPREPLY=()
                for ((index = 1; index < COMP_CWORD; index++)); do
                    case "$path ${COMP_WORDS[index]}" in
                        \(cases.filter { $0.path != name }.map { "'\($0.path)'" }.joined(separator: " | ")))
                            path="$path ${COMP_WORDS[index]}" ;;
                    esac
                done
                case "$path $previous" in
            \(cases.flatMap(\.valueCases).map { "        " + $0 }.joined(separator: "\n"))
                esac
                case "$path" in
            \(cases.map(\.wordCase).map { "        " + $0 }.joined(separator: "\n"))
                esac
            }
            complete -o default -F _\(name) \(name)
            """
    }

    private struct Entry {
        let path: String
        /// Subcommands, options, and suggestions for positionals.
        let words: [String]
        let options: [ArgumentDescription]

        var wordCase: String {
            "'\(path)') COMPREPLY=($(compgen -W \"\(words.joined(separator: " "))\" -- \"$word\")) ;;"
        }

        /// After an option with a value: its alternatives, or nothing, which lets bash offer file names.
        var valueCases: [String] {
            options.compactMap { option in
                guard case .option = option else { return nil }
                let start = "'\(path) \(option.displayName)')"
                guard !option.alternatives.isEmpty else { return "\(start) return ;;" }
                let words = option.alternatives.joined(separator: " ")
                return "\(start) COMPREPLY=($(compgen -W \"\(words)\" -- \"$word\")); return ;;"
            }
        }
    }

    private static func entries(of path: CommandPath) -> [Entry] {
        let subcommands = path.last.description.subcommands
        let options = path.last.arguments.filter { !$0.isPositional }
        let positionals = path.last.arguments.filter(\.isPositional)
        let words =
            subcommands.map { $0.description.name } + positionals.flatMap(\.alternatives)
            + options.map(\.displayName) + ["--help"]
        let ofRoot = path.commands.count == 1 ? ["--version", "help", "version"] : []
        return [Entry(path: path.text, words: words + ofRoot, options: options)]
            + subcommands.flatMap { entries(of: path.appending($0)) }
    }
}
