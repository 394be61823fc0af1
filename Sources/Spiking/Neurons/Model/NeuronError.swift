import Files

/// What can be wrong with the inputs of a neuron.
public enum NeuronError: DescribedError, Equatable {
    /// An argument that does not fit: the place as in `currents[2][0]`, and what was found and expected.
    case input(place: String, problem: String)
    /// A neuron-trace file that cannot be run: its path, the place in it as in `cases[3].angles`, what is wrong.
    case trace(path: String, place: String, problem: String)
    /// An analysis that cannot be made as asked.
    case analysis(problem: String)
    /// A quantity that came out as no finite number.
    case notFinite(String)

    public var category: ErrorCategory {
        switch self {
        case .input, .trace: .badInput
        case .analysis: .usage
        case .notFinite: .failure
        }
    }

    public var description: String {
        switch self {
        case .input(let place, let problem): "\(place): \(problem)"
        case .trace(let path, let place, let problem):
            place.isEmpty ? "\(path): \(problem)" : "\(path): \(place): \(problem)"
        case .analysis(let problem): problem
        case .notFinite(let quantity):
            "\(quantity): came out as no finite number, which says nothing about the neuron; take smaller angles, currents or noise"
        }
    }
}

extension ClosedRange where Bound: BinaryFloatingPoint {
    /// Refuses a number out of the range.
    func check(_ value: Bound, _ place: String) throws(NeuronError) {
        guard contains(value) else {
            throw .input(
                place: place, problem: "found \(value), expected a number from \(lowerBound) to \(upperBound)"
            )
        }
    }
}
