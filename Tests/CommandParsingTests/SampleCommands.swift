import Files
import Synchronization

@testable import CommandParsing

/// A small tool with every kind of argument.
struct SampleRoot: CommandGroup {
    static let description = CommandDescription(
        name: "tool", summary: "A tool for tests.", subcommands: [SampleMeasure.self, SampleStore.self])
}

enum SampleShape: String, CaseIterable {
    case square, circle
}

struct SampleMeasure: Command {
    static let description = CommandDescription(
        name: "measure", summary: "Measure files.",
        discussion: """
            Reads each file and prints its length. A long first paragraph shows that lines are wrapped at eighty \
            columns wherever a word would cross.

            A second paragraph.
            """,
        examples: [Example("tool measure --steps 3 a b", "Measures two files in three steps.")])
    static let arguments: [ArgumentDescription] = [
        .option(name: "steps", value: "COUNT", help: "Steps to take.", default: "5"),
        .option(name: "rate", value: "NUMBER", help: "Learning rate."),
        .option(name: "shape", value: "square|circle", help: "Shape of the ruler.", default: "square"),
        .flag(name: "json", help: "Print one JSON object."),
        .positional(name: "file", help: "File to measure."),
        .positional(name: "more", help: "Further files.", optional: true, repeating: true),
    ]

    let line: String

    init(_ arguments: ParsedArguments) throws {
        let steps = try arguments.integer("steps", in: 1...4096) ?? 5
        let rate = try arguments.number("rate", in: 0...1)
        let shape = try arguments.choice("shape", of: SampleShape.self) ?? .square
        let files = [try arguments.positional("file")] + arguments.positionals("more")
        line = "\(steps) \(rate.map { "\($0)" } ?? "-") \(shape) \(arguments.flag("json")) \(files)"
    }

    func run(_ terminal: Terminal) async throws { terminal.write(line) }
}

struct SampleStore: CommandGroup {
    static let description = CommandDescription(
        name: "store", summary: "Keep things.", subcommands: [SampleFailing.self, SampleReport.self])
}

/// Works alone, and has a subcommand.
struct SampleReport: Command {
    static let description = CommandDescription(
        name: "report", summary: "Report.", subcommands: [SampleFailing.self])
    static let arguments: [ArgumentDescription] = [.flag(name: "json", help: "Print one JSON object.")]
    let isJSON: Bool

    init(_ arguments: ParsedArguments) throws { isJSON = arguments.flag("json") }
    func run(_ terminal: Terminal) async throws { terminal.write("report \(isJSON)") }
}

/// Fails in the way that its argument names.
struct SampleFailing: Command {
    static let description = CommandDescription(name: "fail", summary: "Fail.")
    static let arguments: [ArgumentDescription] = [.positional(name: "way", help: "How to fail.")]
    let way: String

    init(_ arguments: ParsedArguments) throws { way = try arguments.positional("way") }

    func run(_ terminal: Terminal) async throws {
        switch way {
        case "input": throw SampleError.input
        case "failure": throw SampleError.failure
        case "usage": throw SampleError.usage
        default: throw PlainError()
        }
    }
}

struct PlainError: Error, CustomStringConvertible {
    let description = "something\nbroke"
}

/// Collects what a command writes.
final class Recording: Sendable {
    let output = Mutex("")
    let error = Mutex("")

    func terminal(isErrorInteractive: Bool = false, width: Int = 80) -> Terminal {
        Terminal(
            isErrorInteractive: isErrorInteractive, width: width,
            output: { text in self.output.withLock { $0 += text } },
            error: { text in self.error.withLock { $0 += text } })
    }
}

/// What a call of the sample tool gives.
func runSample(_ words: String...) async -> (status: Int32, output: String, error: String) {
    let recording = Recording()
    let status = await runMain(
        root: SampleRoot.self, version: "1.2.3", words: words, terminal: recording.terminal())
    return (status, recording.output.withLock { $0 }, recording.error.withLock { $0 })
}

enum SampleError: String, DescribedError {
    case input, failure, usage

    var category: ErrorCategory {
        switch self {
        case .input: .badInput
        case .failure: .failure
        case .usage: .usage
        }
    }

    var description: String { "a \(rawValue) error" }
}
