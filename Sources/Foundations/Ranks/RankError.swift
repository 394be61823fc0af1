import Files

/// What keeps ranks from working together.
public enum RankError: DescribedError, Equatable {
    /// A launcher of MPI started several processes of a program that knows no MPI.
    case builtWithoutMPI(rankCount: Int)
    /// MPI reports an error.
    case communication(String)
    /// Ranks that do not fit together.
    case mismatch(rank: Int, problem: String)
    /// What cannot be done by several ranks.
    case notShared(String)

    public var category: ErrorCategory {
        switch self {
        case .builtWithoutMPI, .communication: .failure
        case .mismatch, .notShared: .usage
        }
    }

    public var description: String {
        switch self {
        case .builtWithoutMPI(let count):
            "started as \(count) processes of MPI, but built without it; run Scripts/build-mpi, and start what that makes"
        case .communication(let text):
            "MPI: \(text)"
        case .mismatch(let rank, let problem):
            "rank \(rank): \(problem)"
        case .notShared(let problem):
            problem
        }
    }
}
