import Files

/// What cannot be done for want of memory.
public enum MemoryError: DescribedError, Equatable {
    /// What needs the memory, how much of it and how much there is, in bytes, and what would need less.
    case insufficient(purpose: String, needed: Int, available: Int, remedy: String)

    public var category: ErrorCategory { .failure }

    public var description: String {
        switch self {
        case .insufficient(let purpose, let needed, let available, let remedy):
            "\(purpose) needs \(Self.megabytes(needed)) MB of memory, \(available / 1_000_000) MB are available; "
                + remedy
        }
    }

    private static func megabytes(_ bytes: Int) -> String {
        bytes == Int.max ? "more than \(bytes / 1_000_000)" : "\(bytes / 1_000_000)"
    }
}
