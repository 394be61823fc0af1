import CommandParsing
import Figures
import Files
import Glibc

/// A figure in several formats.
enum FigureFiles {
    /// Sees to it, before the work, that figures can be drawn and written after it: gnuplot is there, and so is the folder,
    /// which is made if its name is new.
    ///
    /// - Throws: `FigureError`, `FileError`.
    static func prepare(_ folder: String?) throws {
        guard let folder else { return }
        try Gnuplot.requireInstalled()
        try Folder.make(folder)
        guard access(folder, W_OK | X_OK) == 0 else {
            throw FileError.cannotWrite(path: folder, reason: String(cString: strerror(errno)))
        }
    }

    /// Draws figures that were asked for, after the numbers are out, and tells of them.
    ///
    /// - Parameter folder: nil for no figures.
    /// - Throws: `FigureError`, `FileError`.
    static func draw(
        _ figures: [any Figure], folder: String?, formats: [FigureFormat] = FigureFormat.usual,
        _ terminal: Terminal
    ) throws {
        guard let folder else { return }
        for path in try figures.flatMap({ try draw($0, folder: folder, formats: formats) }) {
            terminal.write("Figure: \(path)")
        }
    }

    /// - Returns: the files written.
    /// - Throws: `FigureError` where gnuplot is missing, `FileError` where a file cannot be written.
    static func draw(
        _ figure: some Figure, folder: String, formats: [FigureFormat] = FigureFormat.usual
    ) throws -> [String] {
        try formats.map { format in
            let path = "\(folder)/\(figure.name).\(format.rawValue)"
            try figure.write(to: path)
            return path
        }
    }

    /// Draws a figure whose absence is no failure, and says what was written or why nothing was.
    static func draw(
        _ figure: some Figure, folder: String, formats: [FigureFormat] = FigureFormat.usual,
        command: String, _ terminal: Terminal
    ) {
        do {
            for path in try draw(figure, folder: folder, formats: formats) {
                terminal.write("Figure: \(path)")
            }
        } catch {
            terminal.writeError("\(command): no figure: \(error)")
        }
    }
}
