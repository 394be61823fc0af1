import CommandParsing
import QuantumBackends

/// `sqsnn backend list`: the backends, and what keeps some from being used.
struct BackendListCommand: Command {
    static let description = CommandDescription(
        name: "list", summary: "List the backends, and say what is missing for the others.",
        discussion: """
            Asks the bridge to Qiskit for the versions of its packages. Whether they work, and whether a device of IBM \
            accepts your account, 'sqsnn backend check' finds out.
            """,
        examples: [
            Example("sqsnn backend list", "One line a backend."),
            Example("sqsnn backend list --json", "The same for programs."),
        ])
    static let arguments: [ArgumentDescription] = [
        .flag(name: "json", help: "Print one JSON object: backends.")
    ]

    private let isJSON: Bool

    init(_ arguments: ParsedArguments) throws { isJSON = arguments.flag("json") }

    func run(_ terminal: Terminal) async throws {
        let entries = BackendCatalogue.entries()
        if isJSON { return try terminal.writeJSON(["backends": entries]) }
        let width = entries.map(\.name.count).max() ?? 0
        for entry in entries {
            let name = entry.name + String(repeating: " ", count: width - entry.name.count)
            terminal.write("\(name)  \(entry.isAvailable ? "available" : "missing  ")  \(entry.summary)")
        }
        if let versions = entries.compactMap(\.versions).first {
            let text = versions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            terminal.write("Bridge: " + text.joined(separator: ", "))
        } else if let problem = entries.compactMap(\.problem).first {
            terminal.write("Bridge: \(problem)")
        }
    }
}
