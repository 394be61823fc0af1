import Files

/// What can be wrong with a circuit, or with the angles given to it.
public enum CircuitError: DescribedError, Equatable {
    /// A number of qubits that no circuit can have.
    case qubitCounts(circuit: String, io: Int, memory: Int)
    /// A gate that does not fit: its place in the list counted from 0, its kind, what is wrong.
    case gate(circuit: String, index: Int, kind: GateKind, problem: String)
    /// A declared number of angles that the gates do not agree with.
    case parameterCount(circuit: String, declared: Int, used: Int)
    /// The number of angles given is not the circuit's.
    case angleCount(circuit: String, found: Int, expected: Int)
    /// An angle that is no number, or beyond ``Circuit/angleRange``.
    case angle(circuit: String, index: Int, found: Double)
    /// A current that is no number, or beyond ``Circuit/currentRange``.
    case current(circuit: String, step: Int, channel: Int, found: Double)
    /// A name that is neither in the catalogue nor a file.
    case unknownAnsatz(String)
    /// A gate list made for other numbers of qubits than asked for.
    case fixedSize(circuit: String, io: Int, memory: Int, askedIO: Int, askedMemory: Int)
    /// A scale factor that circuits are not folded to.
    case foldingScale(Double)
    /// A gate-list file that cannot be read or understood.
    case file(path: String, problem: String)

    public var category: ErrorCategory {
        switch self {
        case .unknownAnsatz, .qubitCounts, .fixedSize, .foldingScale: .usage
        case .gate, .parameterCount, .angleCount, .angle, .current, .file: .badInput
        }
    }

    public var description: String {
        switch self {
        case .qubitCounts(let circuit, let io, let memory):
            return
                "circuit '\(circuit)': \(io) input-output and \(memory) memory qubits; expected at least 1 "
                + "and 0, and at most \(Circuit.maximumQubitCount) together"
        case .gate(let circuit, let index, let kind, let problem):
            return "circuit '\(circuit)', gate \(index) (\(kind.name)): \(problem)"
        case .parameterCount(let circuit, let declared, let used):
            return
                "circuit '\(circuit)': parameter_count: found \(declared), expected at least \(used), which its gates use, "
                + "and at most \(Circuit.maximumParameterCount)"
        case .angleCount(let circuit, let found, let expected):
            return "circuit '\(circuit)': found \(found) angles, expected \(expected); "
                + "give one for each trainable angle of the circuit"
        case .angle(let circuit, let index, let found):
            return "circuit '\(circuit)': angle \(index): found \(found), expected \(Circuit.angleWords)"
        case .current(let circuit, let step, let channel, let found):
            return
                "circuit '\(circuit)': current of step \(step), channel \(channel): found \(found), expected "
                + "\(Int(Circuit.currentRange.lowerBound)) to \(Int(Circuit.currentRange.upperBound))"
        case .unknownAnsatz(let name):
            let names = Ansatz.catalogue.map(\.name)
            return
                "unknown ansatz '\(name)'; expected one of \(names.joined(separator: ", ")), layered-L with L layers "
                + "(such as layered-2), or the path of a JSON gate list\(spellingHint(name, among: names))"
        case .fixedSize(let circuit, let io, let memory, let askedIO, let askedMemory):
            return "circuit '\(circuit)' is a gate list for \(io) input-output and \(memory) memory qubits; "
                + "\(askedIO) and \(askedMemory) were asked for; leave the numbers out or write another list"
        case .foldingScale(let scale):
            return
                "scale factor: found \(scale), expected 1 to \(Circuit.foldingScales.upperBound); 1 is the circuit itself"
        case .file(let path, let problem):
            return "\(path): \(problem)"
        }
    }
}
