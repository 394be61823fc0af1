import Compute
import Files

extension SpikeSurrogate {
    /// The words of files and command lines.
    public static let names = ["arctan", "fast-sigmoid", "sigmoid"]

    public var name: String {
        switch self {
        case .arctan: "arctan"
        case .fastSigmoid: "fast-sigmoid"
        case .sigmoid: "sigmoid"
        }
    }

    /// The surrogate of a word.
    ///
    /// - Parameter width: α or k; nil for snnTorch's.
    /// - Throws: ``NeuronError/input(place:problem:)``.
    public static func named(_ name: String, width: Double? = nil) throws(NeuronError) -> SpikeSurrogate {
        let surrogate: SpikeSurrogate
        switch name {
        case "arctan": surrogate = width.map { .arctan(alpha: $0) } ?? .arctan()
        case "fast-sigmoid": surrogate = width.map { .fastSigmoid(slope: $0) } ?? .fastSigmoid()
        case "sigmoid": surrogate = width.map { .sigmoid(slope: $0) } ?? .sigmoid()
        default:
            throw .input(
                place: "spike_surrogate",
                problem: "found '\(name)', expected one of \(names.joined(separator: ", "))"
                    + spellingHint(name, among: names))
        }
        try surrogate.checkWidth()
        return surrogate
    }

    func checkWidth() throws(NeuronError) {
        guard (1e-3...1e3).contains(width) else {
            throw .input(
                place: "surrogate_width", problem: "found \(width), expected a number from 0.001 to 1000")
        }
    }
}
