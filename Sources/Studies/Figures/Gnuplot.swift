import Files
import Foundation

/// The program that draws the figures.
public enum Gnuplot {
    private static let name = "gnuplot"
    static let remedy = "apt-get install gnuplot-nox"
    static let timeLimit = Duration.seconds(60)

    /// Version of the installed program, as `gnuplot 5.4 patchlevel 4`; `nil` when there is none.
    public static var version: String? {
        guard let program = SystemProgram(named: name),
            let result = try? program.run(["--version"], timeLimit: .seconds(10)), result.status == 0
        else { return nil }
        return result.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Draws a script into a file, which appears complete or not at all.
    ///
    /// The script comes by standard input and the picture by standard output: no path is part of the script.
    ///
    /// - Parameter path: ends in `.svg` or `.png`.
    /// - Throws: ``ReportError``, or `FileError` where the file cannot be written.
    static func draw(_ script: GnuplotScript, to path: String) throws {
        guard let format = FigureFormat(path: path) else { throw ReportError.unknownFormat(path: path) }
        // Without -d it would run the initialisation files of the system and the user first.
        let result = try installed().run(
            ["-d", "-"], input: script.text(format: format), timeLimit: timeLimit)
        guard let status = result.status else {
            throw ReportError.programFailed(name: name, reason: "no end after \(timeLimit)")
        }
        guard status == 0, !result.bytes.isEmpty else {
            let lines = result.messages.split(whereSeparator: \.isNewline)
            throw ReportError.programFailed(name: name, reason: lines.last.map(String.init) ?? "no picture")
        }
        try AtomicFile.write(result.bytes, to: path)
    }

    /// - Throws: ``ReportError/programMissing(name:remedy:)``.
    public static func requireInstalled() throws(ReportError) { _ = try installed() }

    private static func installed() throws(ReportError) -> SystemProgram {
        guard let program = SystemProgram(named: name) else {
            throw .programMissing(name: name, remedy: remedy)
        }
        return program
    }
}

/// File types of a figure.
public enum FigureFormat: String, Sendable, CaseIterable {
    case svg, png

    /// By the ending of a file name.
    init?(path: String) {
        self.init(rawValue: URL(filePath: path).pathExtension.lowercased())
    }
}

/// A figure that can be written to a file.
public protocol Figure: Sendable {
    /// The drawing, without terminal and output.
    var script: GnuplotScript { get }
    /// What the figure is called in messages.
    var name: String { get }
    /// Whether there is no data to draw.
    var isEmpty: Bool { get }
}

extension Figure {
    /// Draws the figure.
    ///
    /// - Parameter path: ends in `.svg` or `.png`.
    /// - Throws: ``ReportError``: there is no data, gnuplot is missing or fails, or the file type is unknown; `FileError`: the
    ///   file cannot be written. No partial file is left.
    public func write(to path: String) throws {
        if isEmpty { throw ReportError.nothingToDraw(name) }
        try Gnuplot.draw(script, to: path)
    }
}
