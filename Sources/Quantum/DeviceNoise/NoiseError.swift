import QuantumCircuits
import Files

/// What can be wrong with a noise model, or with a circuit that is to run under it.
public enum NoiseError: DescribedError, Equatable {
    /// Figures that cannot be, all of them.
    case parameters([NoiseParameters.Problem])
    /// Kraus operators that are none.
    case kraus(problem: String)
    /// A factor that noise cannot be scaled by.
    case scale(Double)
    /// A circuit with more qubits than the device has.
    case qubits(circuit: String, found: Int, available: Int)
    /// A two-qubit gate between qubits that the device does not couple.
    case coupling(circuit: String, gate: Int, qubits: [Int])
    /// A gate whose fixed angle, or scale of its angle, over-rotation makes too large.
    case overRotation(circuit: String, gate: Int, found: Double)
    /// A device that is neither in the catalogue nor a file.
    case unknownDevice(String)
    /// A device file that cannot be read, understood or be true.
    case file(path: String, problems: [NoiseParameters.Problem])

    public var category: ErrorCategory {
        switch self {
        case .unknownDevice, .scale: .usage
        case .parameters, .kraus, .qubits, .coupling, .overRotation, .file: .badInput
        }
    }

    public var description: String {
        switch self {
        case .parameters(let problems):
            return "noise: " + Self.list(problems)
        case .kraus(let problem): return "Kraus operators: \(problem)"
        case .scale(let factor):
            return "noise scale: found \(factor), expected 0 to \(Int(NoiseModel.maximumScale)); "
                + "1 is the noise of the device itself"
        case .qubits(let circuit, let found, let available):
            return "circuit '\(circuit)': found \(found) qubits, but the noise is that of \(available); "
                + "choose a smaller circuit, or convert more qubits of the device"
        case .coupling(let circuit, let gate, let qubits):
            return "circuit '\(circuit)', gate \(gate): the device has no two-qubit gate between qubits "
                + "\(qubits.map(String.init).joined(separator: " and ")); "
                + "choose coupled qubits of the device, or another circuit"
        case .overRotation(let circuit, let gate, let found):
            return
                "circuit '\(circuit)', gate \(gate): over-rotation makes its angle, or its scale, \(found), "
                + "expected \(Circuit.angleWords); take a smaller factor"
        case .unknownDevice(let name):
            let names = Device.catalogue.map(\.name)
            return
                "unknown device '\(name)'; expected one of \(names.joined(separator: ", ")), or the path of a "
                + "device file\(spellingHint(name, among: names))"
        case .file(let path, let problems):
            return "\(path): " + Self.list(problems)
        }
    }

    private static func list(_ problems: [NoiseParameters.Problem]) -> String {
        problems.map { $0.place.isEmpty ? $0.problem : "\($0.place): \($0.problem)" }.joined(separator: "; ")
    }
}
