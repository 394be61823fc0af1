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
}
