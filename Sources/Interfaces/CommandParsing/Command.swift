/// One command of the tool. The parser, `--help` and the shell completions all come from these
/// declarations, so that none of them can contradict another.
///
/// ```swift
/// struct TraceCommand: Command {
///     static let description = CommandDescription(name: "trace", summary: "Run one neuron on given currents.")
///     static let arguments: [ArgumentDescription] = [.positional(name: "file", help: "neuron-trace file")]
///     let file: String
///     init(_ arguments: ParsedArguments) throws { file = try arguments.positional("file") }
///     func run(_ terminal: Terminal) async throws { terminal.write(file) }
/// }
/// ```
public protocol Command: Sendable {
    static var description: CommandDescription { get }
    /// Every flag, option and positional, in the order of the help text; `--help` is added to each command.
    static var arguments: [ArgumentDescription] { get }
    /// Reads the typed values; a wrong one throws a ``UsageError``.
    init(_ arguments: ParsedArguments) throws
    /// Does the work. All output goes through `terminal`.
    func run(_ terminal: Terminal) async throws
}

extension Command {
    public static var arguments: [ArgumentDescription] { [] }
}

/// A command that only holds subcommands; called without one it prints its help.
///
/// A command that has subcommands and also work of its own is a plain ``Command`` without positionals.
public protocol CommandGroup: Command {
    init()
}

extension CommandGroup {
    public init(_ arguments: ParsedArguments) throws { self.init() }
    public func run(_ terminal: Terminal) async throws {}
}

/// What a command is called, and what its help text says beside its arguments.
public struct CommandDescription: Sendable {
    public let name: String
    /// One line, ending in a full stop.
    public let summary: String
    /// Paragraphs separated by empty lines; the help text wraps them.
    public let discussion: String
    public let examples: [Example]
    public let subcommands: [any Command.Type]

    public init(
        name: String, summary: String, discussion: String = "", examples: [Example] = [],
        subcommands: [any Command.Type] = []
    ) {
        self.name = name
        self.summary = summary
        self.discussion = discussion
        self.examples = examples
        self.subcommands = subcommands
    }
}

/// A call that works as it stands, and what it does.
public struct Example: Sendable {
    public let command: String
    public let explanation: String

    public init(_ command: String, _ explanation: String) {
        self.command = command
        self.explanation = explanation
    }
}
