import QuantumCircuits
import Files

/// Why readout errors cannot be undone.
public enum ReadoutMitigationError: DescribedError, Equatable {
    case singular(channel: Int, determinant: Double)

    public var category: ErrorCategory { .badInput }

    public var description: String {
        switch self {
        case .singular(let channel, let determinant):
            "readout of channel \(channel): the confusion matrix has determinant \(determinant), expected at least "
                + "\(ReadoutMitigation.smallestDeterminant) in magnitude; what is read says nothing about the spike"
        }
    }
}
