import QuantumCircuits

/// The figures of a backend in our units: what its properties say, nil where they say nothing.
///
/// Figures are looked at when they are asked for: what is wrong with one qubit is nothing to those who want others.
struct BackendCalibration {
    struct Qubit {
        /// In µs.
        var t1: Double?
        var t2: Double?
        /// In ns.
        var readoutLength: Double?
        /// Probability to read 1 where 0 is true.
        var falseSpike: Double?
        /// Probability to read 0 where 1 is true.
        var missedSpike: Double?
        /// Of both, where the backend makes no difference.
        var readoutError: Double?
    }

    struct Gate {
        let name: String
        let qubits: [Int]
        /// 1 − average fidelity.
        var error: Double?
        /// In ns.
        var length: Double?
        var isOperational = true

        /// What marks the gate as one that does not work; nil for one that does. Backends give a gate that could not be
        /// calibrated an error of 1.
        var fault: String? {
            isOperational ? (error == 1 ? "gate_error 1" : nil) : "operational 0"
        }
    }

    private let properties: BackendProperties
    let qubitCount: Int

    /// - Throws: where there are no qubits, or a gate on others.
    init(_ properties: BackendProperties) throws(BackendPropertiesProblem) {
        let count = properties.qubits.count
        guard count > 0 else {
            throw BackendPropertiesProblem(place: "qubits", problem: "found none, expected at least 1")
        }
        for (index, gate) in properties.gates.enumerated() {
            let place = "gates[\(index)].qubits"
            if let qubit = gate.qubits.first(where: { !(0..<count).contains($0) }) {
                throw BackendPropertiesProblem(
                    place: place, problem: "found qubit \(qubit), expected 0 to \(count - 1)")
            }
            let expected = GateKind(name: gate.gate)?.qubitCount ?? max(gate.qubits.count, 1)
            guard gate.qubits.count == expected, Set(gate.qubits).count == expected else {
                throw BackendPropertiesProblem(
                    place: place,
                    problem: "found \(gate.qubits) of \(gate.gate), expected "
                        + (expected == 1 ? "a qubit" : "\(expected) different qubits"))
            }
        }
        self.properties = properties
        qubitCount = count
    }

    func isOperational(qubit: Int) -> Bool { figures(ofQubit: qubit).isOperational }

    func qubit(_ index: Int) throws(BackendPropertiesProblem) -> Qubit {
        let figures = figures(ofQubit: index)
        return Qubit(
            t1: try figures.lifetime("T1"), t2: try figures.lifetime("T2"),
            readoutLength: try figures.duration("readout_length"),
            falseSpike: try figures.probability("prob_meas1_prep0"),
            missedSpike: try figures.probability("prob_meas0_prep1"),
            readoutError: try figures.probability("readout_error"))
    }

    /// The gates of one of these names on qubits that are all wanted.
    func gates(
        _ names: some Collection<String>, on isWanted: (Int) -> Bool = { _ in true }
    ) throws(BackendPropertiesProblem) -> [Gate] {
        var gates: [Gate] = []
        for (index, gate) in properties.gates.enumerated()
        where names.contains(gate.gate) && gate.qubits.allSatisfy(isWanted) {
            let figures = BackendFigures(figures: gate.parameters, place: "gates[\(index)].parameters")
            gates.append(
                Gate(
                    name: gate.gate, qubits: gate.qubits, error: try figures.probability("gate_error"),
                    length: try figures.duration("gate_length"), isOperational: figures.isOperational))
        }
        return gates
    }

    private func figures(ofQubit index: Int) -> BackendFigures {
        BackendFigures(figures: properties.qubits[index], place: "qubits[\(index)]")
    }
}
