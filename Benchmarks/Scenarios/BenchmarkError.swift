import Files

/// What stops a benchmark.
public enum BenchmarkError: DescribedError, Equatable {
    case channels(ansatz: String, found: Int)
    case noPeakMemory

    public var category: ErrorCategory {
        switch self {
        case .channels: .usage
        case .noPeakMemory: .failure
        }
    }

    public var description: String {
        switch self {
        case .channels(let ansatz, let found):
            "--ansatz: '\(ansatz)' has \(found) input-output qubits, expected 1; "
                + "choose a circuit with one input-output qubit"
        case .noPeakMemory:
            "/proc/self: the largest resident memory cannot be reset or read, expected a Linux kernel that lets a "
                + "process do so; run outside of the sandbox"
        }
    }
}
