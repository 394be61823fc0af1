import Diagnostics

/// What is wrong with a network, or with what it is given.
public enum NetworkError: DescribedError, Equatable {
    /// A graph that cannot be run: where, and why.
    case graph(place: String, problem: String)
    /// A graph file that cannot be read or understood.
    case file(path: String, problem: String)
    case raster(found: String, expected: String)
    case input(Int, expected: Int)

    public var category: ErrorCategory {
        switch self {
        case .graph, .raster, .input: .usage
        case .file: .badInput
        }
    }

    public var description: String {
        switch self {
        case .graph(let place, let problem): "\(place): \(problem)"
        case .file(let path, let problem): "\(path): \(problem)"
        case .raster(let found, let expected):
            "raster: found \(found), expected \(expected) and at least one step; "
                + "encode the input for this network"
        case .input(let number, let count):
            "spikes: found input \(number), expected 0 to \(count - 1); number the inputs as the network does"
        }
    }
}
