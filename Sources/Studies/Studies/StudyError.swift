import Files

/// A name of a task or model that there is not, or a circuit that a study cannot take.
public enum StudyError: DescribedError, Equatable {
    case unknownTask(String)
    case unknownModel(String, reason: String)
    case severalChannels(circuit: String, count: Int)

    public var category: ErrorCategory { .usage }

    public var description: String {
        switch self {
        case .unknownTask(let name):
            "no task is called '\(name)'; known are delay-K, parity-W, parity-running, recall-K, recall-on-go-K, "
                + "order, copy-K and match-K, with K from 1 (recall, match: 0) and W from 2 to \(TemporalTask.spans.upperBound)"
        case .unknownModel(let name, let reason):
            "model '\(name)': \(reason); expected last-spike-feedback[-K], hidden-bit, hidden-states-K, coherent-states-K, "
                + "memoryless, or a circuit, NAME or NAME@M with M memory qubits of the catalogue or the path of a gate list, with +dephased, "
                + "+dephased-DEGREES or +dephased-x where it is; and +credit behind any of them"
        case .severalChannels(let circuit, let count):
            "circuit '\(circuit)' has \(count) input-output qubits; expected one with 1: histories of several are not summed here"
        }
    }
}
