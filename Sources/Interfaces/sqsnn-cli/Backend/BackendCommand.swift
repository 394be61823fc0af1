import CommandParsing

/// `sqsnn backend`: where circuits can be run.
struct BackendCommand: CommandGroup {
    static let description = CommandDescription(
        name: "backend", summary: "See which backends run circuits, and check one of them.",
        discussion: """
            A backend is a simulator, or a device behind a queue: 'ideal' and 'noisy:DEVICE' are built in, the others go through \
            Qiskit, which Scripts/install-bridge installs. DEVICE is a name or file as for --noise.
            """,
        examples: [
            Example("sqsnn backend list", "What there is, and what is missing."),
            Example("sqsnn backend check aer", "Runs a small known circuit with Qiskit Aer."),
        ],
        subcommands: [BackendListCommand.self, BackendCheckCommand.self])
}
