import Diagnostics

/// What stops a benchmark.
public enum BenchmarkError: DescribedError, Equatable {
    case channels(ansatz: String, found: Int)
    case childFailed(arguments: String, status: Int32, message: String)
    case childOutput(arguments: String, problem: String)
    case noPeakMemory

    public var category: ErrorCategory {
        switch self {
        case .channels: .usage
        case .childFailed, .childOutput, .noPeakMemory: .failure
        }
    }

    public var description: String {
        switch self {
        case .channels(let ansatz, let found):
            "--ansatz: '\(ansatz)' has \(found) input-output qubits, expected 1; "
                + "choose a circuit with one input-output qubit"
        case .childFailed(let arguments, let status, let message):
            "'sqsnn \(arguments)' ended with code \(status): \(message); run it alone to see why"
        case .childOutput(let arguments, let problem):
            "'sqsnn \(arguments)' printed something else than its JSON object (\(problem)); run it alone to see"
        case .noPeakMemory:
            "/proc/self: the largest resident memory cannot be reset or read, expected a Linux kernel that lets a "
                + "process do so; run outside of the sandbox"
        }
    }
}
