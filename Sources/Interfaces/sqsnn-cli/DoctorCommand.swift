import CommandParsing
import Health

/// `sqsnn doctor [RUN]`: is this installation, or this run, in order?
struct DoctorCommand: Command {
    static let description = CommandDescription(
        name: "doctor",
        summary: "Check the installation, or the folder of a run.",
        discussion: """
            Each line is ok, warning (work is possible, something is limited) or missing (something needed is \
            absent), and says what to do about it. The exit code is 0 when nothing is missing, else 1.
            """,
        examples: [
            Example("sqsnn doctor", "Checks toolchain, processor, memory, libraries, gnuplot, data sets."),
            Example("sqsnn doctor --json", "Prints the same as one JSON object."),
            Example("sqsnn doctor runs/first", "Checks that a run is complete and its checkpoint readable."),
        ])

    static let arguments: [ArgumentDescription] = [
        .flag(
            name: "json", help: "Print one JSON object: findings with check, status, found, remedy; usable."),
        .positional(name: "run", help: "Folder of a run.", optional: true),
    ]

    let run: String?
    let printsJSON: Bool

    init(_ arguments: ParsedArguments) throws {
        run = arguments.string("run")
        printsJSON = arguments.flag("json")
    }

    func run(_ terminal: Terminal) async throws {
        let diagnosis = run.map { RunCheck(folder: $0).diagnosis } ?? InstallationCheck().diagnosis
        if printsJSON {
            try terminal.writeJSON(diagnosis)
        } else {
            diagnosis.lines.forEach(terminal.write)
        }
        if !diagnosis.usable { throw NotUsable(diagnosis) }
    }
}
