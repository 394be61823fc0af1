import Files

/// A name of a task or model that there is not.
public enum StudyError: DescribedError, Equatable {
    case unknownTask(String)
    case unknownModel(String, reason: String)

    public var category: ErrorCategory { .usage }

    public var description: String {
        switch self {
        case .unknownTask(let name):
            "no task is called '\(name)'; known are delay-K, parity-W, parity-running, recall-K, recall-on-go-K, "
                + "order, copy-K and match-K, with K from 1 (recall, match: 0) and W from 2 to \(TemporalTask.spans.upperBound)"
        case .unknownModel(let name, let reason):
            "model '\(name)': \(reason); expected last-spike-feedback[-K], hidden-bit, hidden-states-K, coherent-states-K, "
                + "memoryless, or a circuit of the catalogue, NAME or NAME@M with M memory qubits, with +dephased, "
                + "+dephased-DEGREES or +dephased-x where it is; and +credit behind any of them"
        }
    }
}
