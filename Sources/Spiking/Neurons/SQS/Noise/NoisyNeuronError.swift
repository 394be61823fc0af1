import Files

/// What keeps noisy neurons from being simulated.
public enum NoisyNeuronError: DescribedError, Equatable {
    /// A population whose maps take too much memory, in bytes.
    case memory(circuit: String, neuronCount: Int, bytes: Int, limit: Int)

    public var category: ErrorCategory { .usage }

    public var description: String {
        switch self {
        case .memory(let circuit, let neuronCount, let bytes, let limit):
            "circuit '\(circuit)' with noise: the maps of \(neuronCount) neurons take \(Self.mebibytes(bytes)) MiB, "
                + "expected at most \(Self.mebibytes(limit)) MiB; take fewer qubits or neurons, or leave out the noise"
        }
    }

    private static func mebibytes(_ bytes: Int) -> Int { (bytes + (1 << 20) - 1) >> 20 }
}
