import Files

/// What is wrong with a search or its folder.
public enum SearchError: DescribedError, Equatable {
    /// A file that is no space, or whose options cannot be.
    case space(String, problem: String)
    /// The folder of a search with another space.
    case otherSearch(String, differences: [String])
    /// A folder with results whose space is gone.
    case noSpace(String)
    /// A copy of a space that is none.
    case damaged(String, problem: String)
    /// Images of a data set that are too few.
    case images(dataset: String, problem: String)

    public var category: ErrorCategory {
        switch self {
        case .otherSearch: .usage
        case .space, .noSpace, .damaged, .images: .badInput
        }
    }

    public var description: String {
        switch self {
        case .space(let path, let problem): "\(path): \(problem)"
        case .otherSearch(let folder, let differences):
            "\(folder): found another search (\(differences.joined(separator: "; "))); choose another --output"
        case .noSpace(let folder):
            "\(folder): found a campaign, but no \(SearchFolder.spaceName) that says what was searched; restore it from a "
                + "copy, or choose another --output"
        case .damaged(let path, let problem):
            "\(path): \(problem); the file is damaged: restore it from a copy, or choose another --output"
        case .images(let dataset, let problem): "\(dataset): \(problem)"
        }
    }
}
