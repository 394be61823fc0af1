import CommandParsing

/// `sqsnn completion bash`: completion for the shell, from the same declarations as `--help`.
struct CompletionCommand: Command {
    enum Shell: String, CaseIterable {
        case bash
    }

    static let description = CommandDescription(
        name: "completion",
        summary: "Print a completion script for the shell.",
        examples: [
            Example("source <(sqsnn completion bash)", "Turns completion on in this shell."),
            Example(
                "sqsnn completion bash > ~/.local/share/bash-completion/completions/sqsnn",
                "Turns it on in every new shell."),
        ])

    static let arguments: [ArgumentDescription] = [
        .positional(name: "shell", help: "The shell: bash.")
    ]

    init(_ arguments: ParsedArguments) throws {
        _ = try arguments.positional("shell")
        _ = try arguments.choice("shell", of: Shell.self)
    }

    func run(_ terminal: Terminal) async throws {
        terminal.writeText(BashCompletion.script(for: SQSNNCommand.self))
    }
}
