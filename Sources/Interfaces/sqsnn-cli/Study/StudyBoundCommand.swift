import CommandParsing
import QuantumCircuits
import Reproduction

/// `sqsnn study bound`: the likelihood bound and the estimates of its gradient, exactly.
struct StudyBoundCommand: Command {
    static let description = CommandDescription(
        name: "bound", summary: "Sum the likelihood bound and its gradients over all histories.",
        discussion: """
            The paper's log-loss (14), its bound (15), and what the local estimates of the bound's gradient come to on average: outputs (20), \
            hidden neurons (23), angles by shifts (25). On random networks of two hidden neurons, small enough to sum over all histories, \
            in double precision; the gradients they are held against are central differences of the bound. Nothing is trained, and nothing \
            left to chance.
            """,
        examples: [
            Example("sqsnn study bound", "The default circuit."),
            Example(
                "sqsnn study bound --ansatz memory-controlled --networks 20", "Another one, more networks."),
        ])
    static let arguments: [ArgumentDescription] = [
        .option(
            name: "ansatz", value: "NAME|FILE", help: "Circuit of the neurons, with one input-output qubit.",
            default: "exchange"),
        .option(name: "networks", value: "N", help: "Random networks, 1 to 1000.", default: "8"),
        .flag(name: "json", help: "Print one JSON object: the numbers."),
    ]

    private let study: BoundStudy
    private let isJSON: Bool

    init(_ arguments: ParsedArguments) throws {
        study = try BoundStudy(
            circuit: Ansatz.load(arguments.string("ansatz", default: "exchange")).circuit(),
            networkCount: arguments.integer("networks", in: 1...1000) ?? 8)
        isJSON = arguments.flag("json")
    }

    func run(_ terminal: Terminal) async throws {
        let report = try study.report()
        report.lines.forEach(terminal.write)
        if isJSON { try terminal.writeJSON(report) }
    }
}
