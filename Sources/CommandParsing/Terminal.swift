import Diagnostics
import Foundation

/// Where a command writes. A value, so that a test can pass one that collects the text.
public struct Terminal: Sendable {
    /// Whether standard output is a terminal rather than a file or a pipe.
    public let isInteractive: Bool
    /// Whether standard error is one; progress is shown there.
    public let isErrorInteractive: Bool
    /// Columns of the terminal; 80 when there is none.
    public let width: Int
    private let output: @Sendable (String) -> Void
    private let error: @Sendable (String) -> Void

    /// - Parameters:
    ///   - output: takes the text of standard output, line ends included.
    ///   - error: takes the text of standard error.
    public init(
        isInteractive: Bool = false, isErrorInteractive: Bool = false, width: Int = 80,
        output: @escaping @Sendable (String) -> Void, error: @escaping @Sendable (String) -> Void
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
            width: columns(), output: { writeAll($0, to: STDOUT_FILENO) },
            error: { writeAll($0, to: STDERR_FILENO) })
    }

    /// Writes one line (or several) to standard output.
    public func write(_ line: String) { output(line + "\n") }

    /// Writes one line (or several) to standard error.
    public func writeError(_ line: String) { error(line + "\n") }

    /// Writes text to standard error without ending the line.
    func writeErrorText(_ text: String) { error(text) }

    /// Writes a value as one line of JSON.
    ///
    /// - Throws: `EncodingError` for numbers that are not finite.
    public func writeJSON(_ value: some Encodable) throws {
        write(String(decoding: try JSONDocument.encode(value), as: UTF8.self))
    }
}

/// Columns of the terminal behind standard error or standard output.
private func columns() -> Int {
    for descriptor in [STDERR_FILENO, STDOUT_FILENO] {
        var size = winsize()
        if ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
    }
    return 80
}

/// Writes all of a text, going on after interruptions; a reader that has gone away is no error of ours.
private func writeAll(_ text: String, to descriptor: Int32) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
        let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { return }
        rest = rest.dropFirst(count)
    }
}
