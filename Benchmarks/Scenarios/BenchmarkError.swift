import Files

/// What stops a benchmark.
public enum BenchmarkError: DescribedError, Equatable {
    case noPeakMemory

    public var category: ErrorCategory {
        switch self {
        case .noPeakMemory: .failure
        }
    }

    public var description: String {
        switch self {
        case .noPeakMemory:
            "/proc/self: the largest resident memory cannot be reset or read, expected a Linux kernel that lets a "
                + "process do so; run outside of the sandbox"
        }
    }
}
