import Files

/// What can be wrong with spike trains and their fits.
public enum SpikeFitError: DescribedError, Equatable {
    /// Numbers that are no law of intervals.
    case law(String)
    /// A train, or a model, that does not fit what is asked of it.
    case train(String)
    /// A file that is none: its path, the line from 1 (0 where none is meant), what is wrong.
    case file(path: String, line: Int, problem: String)

    public var category: ErrorCategory {
        switch self {
        case .law, .train, .file: .badInput
        }
    }

    public var description: String {
        switch self {
        case .law(let problem): "law of intervals: \(problem)"
        case .train(let problem): "spike train: \(problem)"
        case .file(let path, let line, let problem):
            "\(path): " + (line > 0 ? "line \(line): " : "") + problem
        }
    }
}
