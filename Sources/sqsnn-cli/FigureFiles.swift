import CommandParsing
import Reports

/// A figure in every format.
enum FigureFiles {
    /// - Returns: the files written.
    /// - Throws: `ReportError` where gnuplot is missing or a file cannot be written.
    static func draw(_ figure: some Figure, folder: String) throws -> [String] {
        try FigureFormat.allCases.map { format in
            let path = "\(folder)/\(figure.name).\(format.rawValue)"
            try figure.write(to: path)
            return path
        }
    }

    /// Draws a figure whose absence is no failure, and says what was written or why nothing was.
    static func draw(_ figure: some Figure, folder: String, command: String, _ terminal: Terminal) {
        do {
            for path in try draw(figure, folder: folder) { terminal.write("Figure: \(path)") }
        } catch {
            terminal.writeError("\(command): no figure: \(error)")
        }
    }
}
