import Files
import FoundationEssentials
import Glibc

/// The program that draws the figures.
public enum Gnuplot {
    package static let program = DrawingProgram(name: "gnuplot", remedy: "apt-get install gnuplot-nox")

    /// Draws a script into a file, which appears complete or not at all.
    ///
    /// The script comes by standard input and the picture by standard output: no path is part of the script.
    ///
    /// - Parameter path: ends in `.svg`, `.png` or `.pdf`.
    /// - Throws: ``FigureError``, or `FileError` where the file cannot be written.
    static func draw(_ script: GnuplotScript, to path: String) throws {
        guard let format = FigureFormat(path: path) else { throw FigureError.unknownFormat(path: path) }
        try AtomicFile.write(picture(of: script, format), to: path)
    }

    static func picture(of script: GnuplotScript, _ format: FigureFormat) throws -> [UInt8] {
        // Without -d it would run the initialisation files of the system and the user first.
        try program.picture(["-d", "-"], input: script.text(format: format))
    }

    /// - Throws: ``FigureError/programMissing(name:remedy:)``.
    public static func requireInstalled() throws(FigureError) { try program.requireInstalled() }
}

/// File types of a figure.
public enum FigureFormat: String, Sendable, CaseIterable {
    case svg, png, pdf

    /// Those that every command writes; figures of the paper are written as PDF too.
    public static let usual = [svg, png]

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
    /// - Parameter path: ends in `.svg`, `.png` or `.pdf`.
    /// - Throws: ``FigureError``: there is no data, gnuplot is missing or fails, or the file type is unknown; `FileError`: the
    ///   file cannot be written. No partial file is left.
    public func write(to path: String) throws {
        if isEmpty { throw FigureError.nothingToDraw(name) }
        try Gnuplot.draw(script, to: path)
    }

    /// The contents of the file.
    ///
    /// - Throws: ``FigureError``.
    public func picture(_ format: FigureFormat) throws -> [UInt8] {
        if isEmpty { throw FigureError.nothingToDraw(name) }
        return try Gnuplot.picture(of: script, format)
    }
}
