import Files

/// The program that lays out graphs, `dot`.
package enum Graphviz {
    package static let program = DrawingProgram(name: "dot", remedy: "apt-get install graphviz")

    /// Draws a graph in dot's language; no path is part of it.
    ///
    /// - Throws: ``FigureError``, or `FileError` where the program does not start.
    static func svg(_ graph: String) throws -> [UInt8] { try program.picture(["-Tsvg"], input: graph) }
}
