import Files

/// What the local rule cannot do.
public enum LocalRuleError: DescribedError, Equatable {
    /// Neurons of a model that it does not know how to probe.
    case model(String, population: String? = nil)

    public var category: ErrorCategory { .usage }

    public var description: String {
        switch self {
        case .model(let kind, let population):
            "local rule: found \(kind) neurons\(population.map { " in population \($0)" } ?? ""), which have no angles to "
                + "probe; expected sqs, memoryless or last-spike-feedback, or surrogate gradients"
        }
    }
}
