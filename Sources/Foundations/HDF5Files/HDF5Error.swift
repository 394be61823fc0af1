import Files

/// What can go wrong between an HDF5 file and its numbers.
public enum HDF5Error: DescribedError, Equatable {
    /// The operating system refuses to read a file, or it is a damaged gzip file.
    case unreadable(FileError)
    /// One of the arrays of a file, or ``wholeFile``.
    case damaged(path: String, name: String, ArrayFault)
    /// The system makes no process for the library.
    case notStarted(path: String, reason: String)
    /// This program lacks the library.
    case builtWithout(path: String)

    /// In the place of an array's name.
    public static let wholeFile = "the file"

    public var category: ErrorCategory {
        switch self {
        case .unreadable(let error): error.category
        case .damaged: .badInput
        case .notStarted, .builtWithout: .failure
        }
    }

    public var description: String {
        switch self {
        case .unreadable(let error): error.description
        case .damaged(let path, let name, let fault): "\(path): \(name) \(fault)"
        case .notStarted(let path, let reason):
            "\(path): no process can be started that reads or makes it (\(reason)); end some, and try again"
        case .builtWithout(let path):
            "\(path): this program was built without HDF5, which reads and writes such files; build it anew with the "
                + "package trait HDF5, which is on by default"
        }
    }
}
