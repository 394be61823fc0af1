import Files
import Glibc
import Synchronization

/// Where a command writes. A value, so that a test can pass one that collects the text.
///
/// Text may come from files of strangers. What would act on a terminal, an escape sequence or a mark that turns the direction
/// of writing, is spelled out (`\u{1B}`), so that no file moves the cursor or forges a line.
public struct Terminal: Sendable {
    /// Whether standard output is a terminal rather than a file or a pipe.
    public let isInteractive: Bool
    /// Whether standard error is one; progress is shown there.
    public let isErrorInteractive: Bool
    /// Columns of the terminal; 80 when there is none.
    public let width: Int
    private let output: @Sendable (String) throws(OutputError) -> Void
    private let error: @Sendable (String) -> Void
    private let failure = OutputFailure()
    private var hasLinesOnError = false

    /// - Parameters:
    ///   - output: takes the text of standard output, line ends included.
    ///   - error: takes the text of standard error.
    public init(
        isInteractive: Bool = false, isErrorInteractive: Bool = false, width: Int = 80,
        output: @escaping @Sendable (String) throws(OutputError) -> Void,
        error: @escaping @Sendable (String) -> Void
    ) {
        self.isInteractive = isInteractive
        self.isErrorInteractive = isErrorInteractive
        self.width = width
        self.output = output
        self.error = error
    }

    /// The streams of this process, unbuffered: a line is out when the call returns.
    public static var standard: Terminal {
        Terminal(
            isInteractive: isatty(STDOUT_FILENO) == 1, isErrorInteractive: isatty(STDERR_FILENO) == 1,
            width: columns(),
            output: { text throws(OutputError) in try writeAll(text, to: STDOUT_FILENO) },
            error: { text in
                // There is no other place to say that standard error cannot be written.
                try? writeAll(text, to: STDERR_FILENO)
            })
    }

    /// What standard output could not take, if anything: the call has failed then, and nothing more is written there.
    public var outputError: OutputError? { failure.first.withLock { $0 } }

    /// The same terminal with the lines for people on standard error, so that standard output carries JSON alone.
    ///
    /// - Parameter isJSON: false for the terminal as it is.
    public func keepingOutput(forJSON isJSON: Bool) -> Terminal {
        var other = self
        other.hasLinesOnError = isJSON
        return other
    }

    /// Writes one line to standard output.
    public func write(_ line: String) { writeLines(line.visible + "\n") }

    /// Writes lines that the tool itself has set, such as a drawing or a program, to standard output.
    public func writeText(_ lines: String) { writeLines(lines.visibleLines + "\n") }

    /// Shows lines in place of what stands on a terminal.
    public func show(_ lines: [String]) {
        writeOutput("\u{1B}[H\u{1B}[2J" + lines.map { $0.visible + "\n" }.joined())
    }

    private func writeLines(_ text: String) {
        if hasLinesOnError { error(text) } else { writeOutput(text) }
    }

    /// Writes one line to standard error.
    public func writeError(_ line: String) { error(line.visible + "\n") }

    /// Writes text as it is, with the tool's own escape sequences, to standard error, without ending the line.
    ///
    /// - Parameter text: what comes from elsewhere in it must have been made visible.
    func writeErrorSequence(_ text: String) { error(text) }

    /// Writes a value as one line of JSON.
    ///
    /// - Throws: `EncodingError` for numbers that are not finite.
    public func writeJSON(_ value: some Encodable) throws {
        writeOutput(String(decoding: try JSONDocument.encode(value), as: UTF8.self).visibleJSON + "\n")
    }

    /// Commands go on where standard output fails, for what they do beside it is not lost; ``runMain`` tells of it.
    private func writeOutput(_ text: String) {
        failure.first.withLock { failure in
            guard failure == nil else { return }
            do throws(OutputError) { try output(text) } catch { failure = error }
        }
    }
}

/// Standard output that takes no more.
public enum OutputError: DescribedError, Hashable {
    /// The other end of the pipe is closed, as after `| head`: no error of anyone.
    case readerGone
    case cannotWrite(reason: String)

    public var category: ErrorCategory { .failure }

    public var description: String {
        switch self {
        case .readerGone: "standard output: its reader has gone"
        case .cannotWrite(let reason): "cannot write standard output: \(reason)"
        }
    }
}

/// The first failure of a terminal and its copies.
private final class OutputFailure: Sendable {
    let first = Mutex<OutputError?>(nil)
}

/// Columns of the terminal behind standard error or standard output.
private func columns() -> Int {
    for descriptor in [STDERR_FILENO, STDOUT_FILENO] {
        var size = winsize()
        if ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
    }
    return 80
}

/// Writes all of a text, going on after interruptions.
private func writeAll(_ text: String, to descriptor: Int32) throws(OutputError) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
        let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        if count < 0 && errno == EINTR { continue }
        if count < 0 && errno == EPIPE { throw .readerGone }
        guard count > 0 else { throw .cannotWrite(reason: String(cString: strerror(errno))) }
        rest = rest.dropFirst(count)
    }
}
