import Foundation

/// The program that draws the figures.
public enum Gnuplot {
    static let remedy = "apt-get install gnuplot-nox"
    static let timeLimit = Duration.seconds(60)

    /// Version of the installed program, as `gnuplot 5.4 patchlevel 4`; `nil` when there is none.
    public static var version: String? {
        guard let program = SystemProgram(named: "gnuplot"),
            let result = try? program.run(["--version"], timeLimit: .seconds(10)), result.status == 0
        else { return nil }
        return result.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Draws a script into a file, which appears complete or not at all.
    ///
    /// - Parameter path: ends in `.svg` or `.png`.
    /// - Throws: ``ReportError``.
    static func draw(_ script: GnuplotScript, to path: String) throws {
        guard let format = FigureFormat(path: path) else { throw ReportError.unknownFormat(path: path) }
        guard let program = SystemProgram(named: "gnuplot") else {
            throw ReportError.programMissing(name: "gnuplot", remedy: remedy)
        }
        let target = URL(filePath: path)
        let partial = target.deletingLastPathComponent()
            .appending(path: ".\(target.lastPathComponent).\(UUID().uuidString).partial")
        let scriptFile = FileManager.default.temporaryDirectory.appending(
            path: "sqsnn-\(UUID().uuidString).gp")
        defer {
            try? FileManager.default.removeItem(at: partial)
            try? FileManager.default.removeItem(at: scriptFile)
        }
        // gnuplot tells a folder it cannot write to only by an exit code; the system knows the reason.
        guard FileManager.default.createFile(atPath: partial.path, contents: nil) else {
            throw ReportError.cannotWrite(path: path, reason: String(cString: strerror(errno)))
        }
        let text = script.text(format: format, output: partial.path)
        try Data(text.utf8).write(to: scriptFile)
        let result = try program.run([scriptFile.path], timeLimit: timeLimit)
        guard let status = result.status else {
            throw ReportError.programFailed(name: "gnuplot", reason: "no end after \(timeLimit)")
        }
        let size = (try? FileManager.default.attributesOfItem(atPath: partial.path)[.size] as? Int) ?? 0
        guard status == 0, size > 0 else {
            let lines = result.output.split(whereSeparator: \.isNewline)
            throw ReportError.programFailed(
                name: "gnuplot", reason: lines.last.map(String.init) ?? "no picture")
        }
        guard rename(partial.path, path) == 0 else {
            throw ReportError.cannotWrite(path: path, reason: String(cString: strerror(errno)))
        }
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
    /// - Throws: ``ReportError``: there is no data, gnuplot is missing or fails, the file type is unknown, or the folder cannot
    ///   be written to. No partial file is left.
    public func write(to path: String) throws {
        if isEmpty { throw ReportError.nothingToDraw(name) }
        try Gnuplot.draw(script, to: path)
    }
}
