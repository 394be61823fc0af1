import Files

/// What stopped a study.
public enum StudyError: DescribedError, Equatable {
    case unknownTask(String)
    case unknownModel(String, reason: String)
    case malformed(String, place: String, problem: String)
    case otherSettings(String, differences: [String])

    public var category: ErrorCategory {
        switch self {
        case .unknownTask, .unknownModel, .otherSettings: .usage
        case .malformed: .badInput
        }
    }

    public var description: String {
        switch self {
        case .unknownTask(let name):
            "no task is called '\(name)'; known are delay-K, parity-W, parity-running, recall-K, recall-on-go-K and "
                + "order, with K from 1 (recall: 0) and W from 2 to \(TemporalTask.spans.upperBound)"
        case .unknownModel(let name, let reason):
            "model '\(name)': \(reason); expected last-spike-feedback, memoryless, a circuit of the catalogue, or one "
                + "with M memory qubits as NAME@M"
        case .malformed(let path, let place, let problem):
            "\(path): \(place.isEmpty ? "" : place + ": ")\(problem); remove the file to train its cells again"
        case .otherSettings(let path, let differences):
            "\(path): the cells there were trained with other settings (\(differences.joined(separator: "; "))); "
                + "leave these options out, or choose another --output"
        }
    }
}
