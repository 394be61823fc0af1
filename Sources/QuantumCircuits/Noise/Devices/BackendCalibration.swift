/// The figures of a backend in our units: what its properties say, nil where they say nothing.
struct BackendCalibration {
    struct Qubit {
        /// In µs.
        var t1: Double?
        var t2: Double?
        /// In ns.
        var readoutLength: Double?
        var falseSpike: Double?
        var missedSpike: Double?
    }

    struct Gate {
        let name: String
        let qubits: [Int]
        /// 1 − average fidelity.
        var error: Double?
        /// In ns.
        var length: Double?

        /// Backends mark a gate that could not be calibrated by an error of 1.
        var works: Bool { (error ?? 0) < 1 }
    }

    let qubits: [Qubit]
    let gates: [Gate]

    init(_ properties: BackendProperties) throws(BackendPropertiesProblem) {
        var qubits: [Qubit] = []
        for (index, figures) in properties.qubits.enumerated() {
            let place = "qubits[\(index)]"
            // Older backends give one readout error for both values.
            let both = try BackendProperties.number("readout_error", in: figures, at: place)
            qubits.append(
                Qubit(
                    t1: try BackendProperties.duration("T1", in: figures, at: place).map { $0 / 1000 },
                    t2: try BackendProperties.duration("T2", in: figures, at: place).map { $0 / 1000 },
                    readoutLength: try BackendProperties.duration("readout_length", in: figures, at: place),
                    falseSpike: try BackendProperties.number("prob_meas1_prep0", in: figures, at: place)
                        ?? both,
                    missedSpike: try BackendProperties.number("prob_meas0_prep1", in: figures, at: place)
                        ?? both))
        }
        var gates: [Gate] = []
        for (index, gate) in properties.gates.enumerated() {
            let place = "gates[\(index)].parameters"
            if let qubit = gate.qubits.first(where: { !qubits.indices.contains($0) }) {
                throw BackendPropertiesProblem(
                    place: "gates[\(index)].qubits",
                    problem: "found qubit \(qubit), expected 0 to \(qubits.count - 1)")
            }
            gates.append(
                Gate(
                    name: gate.gate, qubits: gate.qubits,
                    error: try BackendProperties.number("gate_error", in: gate.parameters, at: place),
                    length: try BackendProperties.duration("gate_length", in: gate.parameters, at: place)))
        }
        self.qubits = qubits
        self.gates = gates
    }
}
