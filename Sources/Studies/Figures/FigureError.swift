import Files

/// A figure that could not be drawn.
public enum FigureError: DescribedError, Hashable {
    case programMissing(name: String, remedy: String)
    case programFailed(name: String, reason: String)
    case unknownFormat(path: String)
    case nothingToDraw(String)

    public var category: ErrorCategory {
        switch self {
        case .unknownFormat: .usage
        case .programMissing, .programFailed, .nothingToDraw: .failure
        }
    }

    public var description: String {
        switch self {
        case .programMissing(let name, let remedy):
            "the program '\(name)' is not on the search path; install it: \(remedy)"
        case .programFailed(let name, let reason):
            "the program '\(name)' failed: \(reason)"
        case .unknownFormat(let path):
            "\(path): found an unknown file type, expected a name that ends in .svg or .png"
        case .nothingToDraw(let figure):
            "the \(figure) figure has no data yet; finish an epoch, or measure a point, first"
        }
    }
}
