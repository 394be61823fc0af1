import QuantumCircuits
import Files

/// A device's noise from the properties of a Qiskit backend, the JSON of `BackendProperties.to_dict()`.
///
/// Each gate of the neuron counts as one gate of the backend: the one of the same name where the backend has it, else its
/// calibrated one (`sx` or `x`; `ecr`, `cx` or `cz`). A gate's error is 1 − F with F the average fidelity of depolarising
/// after relaxation, so that the depolarising probability is, as in Qiskit Aer's `NoiseModel.from_backend`,
///
///     p = d (F_relax − F) / (d F_relax − 1),   d = 2^k,   0 where relaxation alone explains the error.
public struct DeviceConversion: Sendable {
    /// Which qubits of the backend stand for the neuron's.
    public enum Selection: Sendable, Hashable {
        /// The neuron's qubits in order, input-output qubits first.
        case qubits([Int])
        /// One qubit and one gate of each kind with the medians over the backend, for neurons of any size.
        case median
    }

    public let device: Device
    /// What the backend did not say or could not mean, and what was taken instead: one line each.
    public let notes: [String]

    /// Backends calibrate one of these for each qubit, and one of those for each coupled pair.
    static let oneQubitGates = ["sx", "x"]
    static let twoQubitGates = ["ecr", "cx", "cz"]

    /// - Parameters:
    ///   - name: of the device made.
    ///   - data: the JSON of the properties.
    ///   - path: where it came from, for messages.
    /// - Throws: ``NoiseError/file(path:problems:)``.
    public init(
        name: String? = nil, properties data: some Sequence<UInt8>, path: String, selection: Selection
    ) throws(NoiseError) {
        func refusal(_ place: String, _ problem: String) -> NoiseError {
            .file(path: path, problems: [.init(place: place, problem: problem)])
        }
        let properties: BackendProperties
        do {
            properties = try JSONDocument.decode(BackendProperties.self, from: data, .ignoringUnknownFields)
        } catch {
            throw refusal(error.place, error.problem)
        }
        let (noise, notes): (NoiseParameters, [String])
        do throws(BackendPropertiesProblem) {
            let calibration = try BackendCalibration(properties)
            var converter = CalibrationConverter(calibration: calibration)
            noise =
                switch selection {
                case .qubits(let qubits): try converter.noise(ofQubits: qubits)
                case .median: try converter.medianNoise()
                }
            notes = converter.notes
        } catch {
            throw refusal(error.place, error.problem)
        }
        let backend = properties.name ?? "a backend"
        let chosen =
            switch selection {
            case .qubits(let qubits): "qubits \(qubits.map(String.init).joined(separator: ", "))"
            case .median: "medians over \(properties.qubits.count) qubits"
            }
        device = Device(
            name: name ?? backend, summary: "\(backend), \(chosen)",
            source:
                "Qiskit backend properties of \(backend), converted by \(Software.name) \(Software.version)",
            date: properties.date ?? "", noise: noise)
        self.notes = notes
        let problems = noise.problems
        guard problems.isEmpty else {
            throw .file(
                path: path, problems: problems.map { .init(place: "noise." + $0.place, problem: $0.problem) })
        }
    }
}
