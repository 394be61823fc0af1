/// Makes noise figures of a backend's calibration, and notes what it had to assume.
struct CalibrationConverter {
    let calibration: BackendCalibration
    private(set) var notes: [String] = []

    init(calibration: BackendCalibration) { self.calibration = calibration }

    // MARK: Given qubits

    mutating func noise(ofQubits qubits: [Int]) throws(BackendPropertiesProblem) -> NoiseParameters {
        let count = calibration.qubits.count
        if let qubit = qubits.first(where: { !(0..<count).contains($0) }) {
            throw BackendPropertiesProblem(
                place: "qubits", problem: "asked for qubit \(qubit), expected 0 to \(count - 1)")
        }
        guard !qubits.isEmpty, Set(qubits).count == qubits.count else {
            throw BackendPropertiesProblem(
                place: "qubits", problem: "asked for qubits \(qubits), expected different ones")
        }
        var noise = NoiseParameters()
        noise.qubitCount = qubits.count
        for qubit in qubits {
            noise.qubitRules.append(qubitNoise(calibration.qubits[qubit], name: "qubit \(qubit)"))
        }
        for (index, qubit) in qubits.enumerated() {
            let gate = try calibrated(DeviceConversion.oneQubitGates, on: [qubit])
            guard let gate else {
                throw BackendPropertiesProblem(
                    place: "gates", problem: "found neither sx nor x of qubit \(qubit); choose another qubit")
            }
            noise.gateRules.append(
                GateNoiseRule(qubits: [index], noise: gateNoise(gate, of: [noise.qubitRules[index]])))
        }
        var coupling: [[Int]] = []
        for (first, second) in Self.pairs(qubits.count) {
            guard
                let gate = try calibrated(
                    DeviceConversion.twoQubitGates, on: [qubits[first], qubits[second]])
            else { continue }
            coupling.append([first, second])
            noise.gateRules.append(
                GateNoiseRule(
                    qubits: [first, second],
                    noise: gateNoise(gate, of: [noise.qubitRules[first], noise.qubitRules[second]])))
        }
        noise.coupling = coupling
        for gate in calibration.gates where GateKind(name: gate.name) != nil {
            let places = gate.qubits.compactMap { qubits.firstIndex(of: $0) }
            guard places.count == gate.qubits.count, (1...2).contains(places.count) else { continue }
            noise.gateRules.append(
                GateNoiseRule(
                    gate: gate.name, qubits: places,
                    noise: gateNoise(try working(gate), of: places.map { noise.qubitRules[$0] })))
        }
        return noise
    }

    private static func pairs(_ count: Int) -> [(Int, Int)] {
        (0..<count).flatMap { first in (first + 1..<max(count, first + 1)).map { (first, $0) } }
    }

    /// The first of the named gates that the backend has on these qubits, in either order.
    private func calibrated(
        _ names: [String], on qubits: [Int]
    ) throws(BackendPropertiesProblem) -> BackendCalibration.Gate? {
        for name in names {
            let gate = calibration.gates.first { $0.name == name && Set($0.qubits) == Set(qubits) }
            if let gate { return try working(gate) }
        }
        return nil
    }

    private func working(
        _ gate: BackendCalibration.Gate
    ) throws(BackendPropertiesProblem) -> BackendCalibration.Gate {
        guard gate.works else {
            throw BackendPropertiesProblem(
                place: "gates",
                problem:
                    "\(gate.name) on \(gate.qubits) has gate_error 1, which marks a gate that does not work; "
                    + "choose other qubits")
        }
        return gate
    }

    // MARK: Medians

    mutating func medianNoise() throws(BackendPropertiesProblem) -> NoiseParameters {
        guard !calibration.qubits.isEmpty else {
            throw BackendPropertiesProblem(place: "qubits", problem: "found none, expected at least 1")
        }
        let qubits = calibration.qubits
        var noise = NoiseParameters()
        noise.qubits = qubitNoise(
            BackendCalibration.Qubit(
                t1: Self.median(qubits.map(\.t1)), t2: Self.median(qubits.map(\.t2)),
                readoutLength: Self.median(qubits.map(\.readoutLength)),
                falseSpike: Self.median(qubits.map(\.falseSpike)),
                missedSpike: Self.median(qubits.map(\.missedSpike))),
            name: "median qubit")
        let one = medianGate(DeviceConversion.oneQubitGates, qubitCount: 1)
        guard let one else {
            throw BackendPropertiesProblem(
                place: "gates", problem: "found neither sx nor x, expected one of them")
        }
        noise.oneQubitGates = gateNoise(one, of: [noise.qubits])
        var representatives = [one.name]
        if let two = medianGate(DeviceConversion.twoQubitGates, qubitCount: 2) {
            representatives.append(two.name)
            noise.twoQubitGates = gateNoise(two, of: [noise.qubits, noise.qubits])
        } else {
            notes.append("no ecr, cx or cz gate: taken as a device without two-qubit gates")
            noise.coupling = []
        }
        for name in GateKind.allCases.map(\.name) where !representatives.contains(name) {
            let gates = calibration.gates.filter { $0.name == name }
            guard let count = gates.first?.qubits.count, let gate = medianGate([name], qubitCount: count)
            else {
                continue
            }
            noise.gateRules.append(
                GateNoiseRule(
                    gate: name,
                    noise: gateNoise(gate, of: [QubitNoise](repeating: noise.qubits, count: count))))
        }
        return noise
    }

    /// The first of the named gates that the backend has, with the medians of those that work.
    private mutating func medianGate(_ names: [String], qubitCount: Int) -> BackendCalibration.Gate? {
        for name in names {
            let gates = calibration.gates.filter { $0.name == name && $0.qubits.count == qubitCount }
            let working = gates.filter(\.works)
            guard !working.isEmpty else { continue }
            if working.count < gates.count {
                notes.append(
                    "\(name): \(gates.count - working.count) of \(gates.count) gates have gate_error 1, which marks a "
                        + "gate that does not work: left out of the medians")
            }
            return BackendCalibration.Gate(
                name: name, qubits: [], error: Self.median(working.map(\.error)),
                length: Self.median(working.map(\.length)))
        }
        return nil
    }

    static func median(_ values: [Double?]) -> Double? {
        let sorted = values.compactMap { $0 }.sorted()
        guard !sorted.isEmpty else { return nil }
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    // MARK: Figures

    private mutating func qubitNoise(_ qubit: BackendCalibration.Qubit, name: String) -> QubitNoise {
        var noise = QubitNoise(t1: qubit.t1, t2: qubit.t2, measurement: qubit.readoutLength)
        if let t1 = qubit.t1, let t2 = qubit.t2, t2 > 2 * t1 {
            notes.append("\(name): T2 = \(t2) µs is more than 2 T1, taken as 2 T1 = \(2 * t1) µs")
            noise.t2 = 2 * t1
        }
        for (figure, value) in [("T1", qubit.t1), ("T2", qubit.t2), ("readout_length", qubit.readoutLength)]
        where value == nil {
            notes.append(
                figure == "T2" && qubit.t1 != nil
                    ? "\(name): no T2, taken as 2 T1" : "\(name): no \(figure), taken as none")
        }
        if let falseSpike = qubit.falseSpike, let missedSpike = qubit.missedSpike {
            noise.readout = [[1 - falseSpike, falseSpike], [missedSpike, 1 - missedSpike]]
        } else {
            notes.append("\(name): no readout errors, taken as none")
        }
        return noise
    }

    /// Depolarising that with the relaxation of its qubits makes up the gate's error.
    private mutating func gateNoise(_ gate: BackendCalibration.Gate, of qubits: [QubitNoise]) -> GateNoise {
        let place = gate.name + (gate.qubits.isEmpty ? "" : " on \(gate.qubits)")
        if gate.error == nil { notes.append("\(place): no gate_error, taken as none beside relaxation") }
        if gate.length == nil { notes.append("\(place): no gate_length, taken as 0") }
        let duration = gate.length ?? 0
        let relaxations = qubits.map {
            let t1 = $0.t1 ?? .infinity
            return NoiseChannel.relaxation(t1: t1, t2: $0.t2 ?? 2 * t1, duration: duration / 1000)
                .transferMatrix
        }
        let relaxation = relaxations.count == 2 ? relaxations[0].tensor(relaxations[1]) : relaxations[0]
        let size = Double(1 << qubits.count)
        let fidelity = relaxation.averageGateFidelity
        let error = gate.error ?? 0
        let probability = size * (error - (1 - fidelity)) / (size * fidelity - 1)
        return GateNoise(depolarizing: min(max(probability, 0), 1), duration: duration)
    }
}
