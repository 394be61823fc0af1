import Files

/// What is wrong with a job journal.
public enum JournalError: DescribedError, Equatable {
    /// The file is there already, and was not asked to be gone on with.
    case exists(path: String)
    case cannotOpen(path: String, reason: String)
    case cannotWrite(path: String, reason: String)
    /// Another process has it open.
    case busy(path: String)
    /// A line that is not as it was written, from 1.
    case corrupt(path: String, line: Int, problem: String)
    /// The journal of other work.
    case mismatch(path: String, problem: String)

    public var category: ErrorCategory {
        switch self {
        case .exists: .usage
        case .cannotOpen, .corrupt, .mismatch: .badInput
        case .cannotWrite, .busy: .failure
        }
    }

    public var description: String {
        switch self {
        case .exists(let path):
            "\(path): the journal is there already; go on with it with --resume, or choose another file"
        case .cannotOpen(let path, let reason):
            "\(path): cannot be opened (\(reason)); choose a file in a folder that can be written to"
        case .cannotWrite(let path, let reason):
            "\(path): cannot be written (\(reason)); what was written before is kept: make space and go on with --resume"
        case .busy(let path):
            "\(path): another process is using the journal; wait for it, or end it"
        case .corrupt(let path, let line, let problem):
            "\(path): line \(line): \(problem); the file was changed or damaged after it was written: restore it from a copy"
        case .mismatch(let path, let problem): "\(path): \(problem)"
        }
    }
}
