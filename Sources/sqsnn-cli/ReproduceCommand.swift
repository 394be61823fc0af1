import CommandParsing

/// `sqsnn reproduce`: figures of the paper.
struct ReproduceCommand: CommandGroup {
    static let description = CommandDescription(
        name: "reproduce", summary: "Reproduce a figure of the paper.",
        examples: [Example("sqsnn reproduce fig2b", "The local rule on a noisy device, with mitigation.")],
        subcommands: [ReproduceFig2aCommand.self, ReproduceFig2bCommand.self])
}

/// `sqsnn reproduce fig2a`
struct ReproduceFig2aCommand: Command {
    static let description = Figure2Options.description(.unmitigated)
    static let arguments = Figure2Options.arguments(.unmitigated)
    private let options: Figure2Options

    init(_ arguments: ParsedArguments) throws { options = try Figure2Options(.unmitigated, arguments) }
    func run(_ terminal: Terminal) async throws { try await options.run(terminal) }
}

/// `sqsnn reproduce fig2b`
struct ReproduceFig2bCommand: Command {
    static let description = Figure2Options.description(.mitigated)
    static let arguments = Figure2Options.arguments(.mitigated)
    private let options: Figure2Options

    init(_ arguments: ParsedArguments) throws { options = try Figure2Options(.mitigated, arguments) }
    func run(_ terminal: Terminal) async throws { try await options.run(terminal) }
}
