import Files

/// A figure that could not be drawn.
public enum FigureError: DescribedError, Hashable {
    case programMissing(name: String, remedy: String)
    case programFailed(name: String, reason: String)
    case unknownFormat(path: String)
    case nothingToDraw(String)
    /// A recording without events, by its title.
    case noEvents(String)
    /// A recording whose pictures would be larger than anyone looks at.
    case recordingTooLarge(found: String, expected: String, remedy: String)

    public var category: ErrorCategory {
        switch self {
        case .unknownFormat: .usage
        case .noEvents, .recordingTooLarge: .badInput
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
            "\(path): found an unknown file type, expected a name that ends in .svg, .png or .pdf"
        case .noEvents(let title): "\(title): found no events, so there is nothing to draw"
        case .recordingTooLarge(let found, let expected, let remedy):
            "the pictures of the recording: found \(found), expected \(expected); \(remedy)"
        case .nothingToDraw(let figure):
            "the \(figure) figure has no data yet; finish an epoch, or measure a point, first"
        }
    }
}
