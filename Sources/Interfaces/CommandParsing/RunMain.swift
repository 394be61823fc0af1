import Files
import Glibc

/// Parses the words of a call, runs the command that they name, and returns the exit code.
///
/// Errors become one line on standard error: a `DescribedError` ends with the code of its
/// category (usage 2 with a pointer to the help, bad input 3, failure 1), any other error with 1. A command
/// that stopped early because of a signal (``Interrupt``) ends with 128 plus the signal, as a shell expects. Where standard
/// output cannot be written, that is the error; if its reader has gone (`| head`), the call ends quietly with 128 plus the
/// number of SIGPIPE, which ends it where that signal is not ignored.
///
/// With `--json`, lines for people go to standard error, whatever the command: standard output carries JSON alone.
///
/// - Parameters:
///   - root: the command group that the executable stands for.
///   - version: what `--version` prints after the name.
///   - words: the arguments without the name of the executable.
public func runMain(
    root: any Command.Type, version: String, words: [String] = Array(CommandLine.arguments.dropFirst()),
    terminal: Terminal = .standard
) async -> Int32 {
    var path = CommandPath(root)
    let status = await run(words, root: root, version: version, path: &path, terminal: terminal)
    guard let error = terminal.outputError, status == 0 else { return status }
    return error == .readerGone ? 128 + SIGPIPE : report(error, in: path, to: terminal)
}

private func run(
    _ words: [String], root: any Command.Type, version: String, path: inout CommandPath, terminal: Terminal
) async -> Int32 {
    do {
        switch try ArgumentParser.parse(words, root: root) {
        case .help(let helped):
            path = helped
            terminal.writeText(HelpText(path: helped).text)
        case .version:
            terminal.write("\(root.description.name) \(version)")
        case .run(let called, let arguments):
            path = called
            let isJSON = called.last.arguments.contains { $0.name == "json" } && arguments.flag("json")
            try await called.last.init(arguments).run(terminal.keepingOutput(forJSON: isJSON))
        }
        return Interrupt.signal.map { 128 + $0 } ?? 0
    } catch let misplaced as MisplacedWord {
        return report(misplaced.error, in: misplaced.path, to: terminal)
    } catch {
        return report(error, in: path, to: terminal)
    }
}

private func report(_ error: any Error, in path: CommandPath, to terminal: Terminal) -> Int32 {
    let described = error as? any DescribedError
    let text = described?.description ?? String(describing: error)
    let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
    terminal.writeError("\(path.text): \(line)")
    if described?.category == .usage { terminal.writeError("See '\(path.text) --help'.") }
    return switch described?.category {
    case .usage: 2
    case .badInput: 3
    case .failure, nil: 1
    }
}
