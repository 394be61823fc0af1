import Files
import SpikeTrains

/// What is wrong with a network, or with what it is given.
public enum NetworkError: DescribedError, Equatable {
    /// A graph that cannot be run: where, and why.
    case graph(place: String, problem: String)
    /// A graph file that cannot be read or understood.
    case file(path: String, problem: String)
    case raster(found: String, expected: String)
    case input(Int, expected: Int)
    /// Inputs that give something else than spikes, where only those are taken.
    case signal(InputSignal)
    /// A number by which parameters are drawn.
    case initialization(name: String, found: Double, expected: ClosedRange<Double>)
    /// Number of a repetition, which addresses random numbers.
    case repetition(Int)
    /// A name that no population has.
    case population(String, known: [String])

    public var category: ErrorCategory {
        switch self {
        case .graph, .raster, .input, .signal, .initialization, .repetition, .population: .usage
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
        case .signal(let found):
            "input: found \(found.rawValue), expected spikes; take a network whose inputs give spikes"
        case .initialization(let name, let found, let expected):
            "\(name): found \(found), expected \(expected.lowerBound) to \(expected.upperBound)"
        case .population(let name, let known):
            "population '\(name)': there is none of that name; expected one of \(known.joined(separator: ", "))"
                + spellingHint(name, among: known)
        case .repetition(let number):
            "repetition: found \(number), expected \(Self.repetitions.lowerBound) to \(Self.repetitions.upperBound - 1)"
        }
    }

    /// Repetitions of the same input under the same seed.
    static let repetitions = 0..<65536
}
