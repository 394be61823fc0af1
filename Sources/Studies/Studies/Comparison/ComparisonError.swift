import Files

/// What is wrong with a comparison, or its folder.
public enum ComparisonError: DescribedError, Equatable {
    /// What cannot be compared, as a whole.
    case comparison(String)
    /// An entry that cannot be, by its name.
    case entry(String, problem: String)
    /// A file that describes no comparison.
    case file(String, problem: String)
    /// Data that are not here.
    case data(String)
    /// A folder in which an entry's name stands for other settings.
    case otherComparison(String, entry: String, differences: [String])
    /// A file of the folder that is damaged.
    case damaged(String, problem: String)

    public var category: ErrorCategory {
        switch self {
        case .comparison, .entry, .otherComparison: .usage
        case .file, .data, .damaged: .badInput
        }
    }

    public var description: String {
        switch self {
        case .comparison(let problem), .data(let problem): problem
        case .entry(let name, let problem): "entry '\(name)': \(problem)"
        case .file(let path, let problem): "\(path): \(problem)"
        case .otherComparison(let path, let entry, let differences):
            "\(path): found another comparison, in which '\(entry)' has other settings ("
                + differences.prefix(3).joined(separator: "; ") + (differences.count > 3 ? "; …" : "")
                + "); choose another --output, or another name"
        case .damaged(let path, let problem):
            "\(path): \(problem); the file is damaged: restore it from a copy, or choose another --output"
        }
    }
}
