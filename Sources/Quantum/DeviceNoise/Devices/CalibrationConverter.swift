import QuantumCircuits

/// Makes noise figures of a backend's calibration, and notes what it had to assume.
struct CalibrationConverter {
    let calibration: BackendCalibration
    private(set) var notes: [String] = []

    init(calibration: BackendCalibration) { self.calibration = calibration }

    /// Those that a rule of ours can be about.
    private static let namedGates = GateKind.allCases.map(\.name)

    // MARK: Given qubits

    mutating func noise(ofQubits qubits: [Int]) throws(BackendPropertiesProblem) -> NoiseParameters {
        let count = calibration.qubitCount
        if let qubit = qubits.first(where: { !(0..<count).contains($0) }) {
            throw BackendPropertiesProblem(
                place: "qubits", problem: "asked for qubit \(qubit), expected 0 to \(count - 1)")
        }
        guard !qubits.isEmpty, Set(qubits).count == qubits.count else {
            throw BackendPropertiesProblem(
                place: "qubits", problem: "asked for qubits \(qubits), expected different ones")
        }
        if let qubit = qubits.first(where: { !calibration.isOperational(qubit: $0) }) {
            throw BackendPropertiesProblem(
                place: "qubits[\(qubit)]",
                problem:
                    "qubit \(qubit) has operational 0, which marks a qubit that does not work; choose another"
            )
        }
        var noise = NoiseParameters()
        noise.qubitCount = qubits.count
        for qubit in qubits {
            noise.qubitRules.append(qubitNoise(try calibration.qubit(qubit), name: "qubit \(qubit)"))
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
        for gate in try calibration.gates(Self.namedGates, on: qubits.contains) {
            let places = gate.qubits.compactMap { qubits.firstIndex(of: $0) }
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
        let gates = try calibration.gates(names, on: qubits.contains).filter {
            $0.qubits.count == qubits.count
        }
        for name in names {
            if let gate = gates.first(where: { $0.name == name }) { return try working(gate) }
        }
        return nil
    }

    private func working(
        _ gate: BackendCalibration.Gate
    ) throws(BackendPropertiesProblem) -> BackendCalibration.Gate {
        guard let fault = gate.fault else { return gate }
        throw BackendPropertiesProblem(
            place: "gates",
            problem: "\(gate.name) on \(gate.qubits) has \(fault), which marks a gate that does not work; "
                + "choose other qubits")
    }

    // MARK: Medians

    mutating func medianNoise() throws(BackendPropertiesProblem) -> NoiseParameters {
        var qubits: [BackendCalibration.Qubit] = []
        for index in 0..<calibration.qubitCount where calibration.isOperational(qubit: index) {
            qubits.append(try calibration.qubit(index))
        }
        guard !qubits.isEmpty else {
            throw BackendPropertiesProblem(
                place: "qubits", problem: "found operational 0 of all, expected at least one qubit that works"
            )
        }
        if qubits.count < calibration.qubitCount {
            notes.append(
                "\(calibration.qubitCount - qubits.count) of \(calibration.qubitCount) qubits have operational 0, which marks "
                    + "a qubit that does not work: left out of the medians with their gates")
        }
        var noise = NoiseParameters()
        noise.qubits = qubitNoise(
            BackendCalibration.Qubit(
                t1: Self.median(qubits.map(\.t1)), t2: Self.median(qubits.map(\.t2)),
                readoutLength: Self.median(qubits.map(\.readoutLength)),
                falseSpike: Self.median(qubits.map { $0.falseSpike ?? $0.readoutError }),
                missedSpike: Self.median(qubits.map { $0.missedSpike ?? $0.readoutError })),
            name: "median qubit")
        guard let one = try medianGate(DeviceConversion.oneQubitGates, qubitCount: 1) else {
            throw BackendPropertiesProblem(
                place: "gates", problem: "found neither sx nor x that works, expected one of them")
        }
        noise.oneQubitGates = gateNoise(one, of: [noise.qubits])
        var representatives = [one.name]
        if let two = try medianGate(DeviceConversion.twoQubitGates, qubitCount: 2) {
            representatives.append(two.name)
            noise.twoQubitGates = gateNoise(two, of: [noise.qubits, noise.qubits])
        } else {
            notes.append("no ecr, cx or cz gate: taken as a device without two-qubit gates")
            noise.coupling = []
        }
        for kind in GateKind.allCases where !representatives.contains(kind.name) {
            guard let gate = try medianGate([kind.name], qubitCount: kind.qubitCount) else { continue }
            let qubits = [QubitNoise](repeating: noise.qubits, count: kind.qubitCount)
            noise.gateRules.append(GateNoiseRule(gate: kind.name, noise: gateNoise(gate, of: qubits)))
        }
        return noise
    }

    /// The first of the named gates that the backend has, with the medians of those that work.
    private mutating func medianGate(
        _ names: [String], qubitCount: Int
    ) throws(BackendPropertiesProblem) -> BackendCalibration.Gate? {
        for name in names {
            let gates = try calibration.gates([name], on: calibration.isOperational).filter {
                $0.qubits.count == qubitCount
            }
            let working = gates.filter { $0.fault == nil }
            for fault in Set(gates.compactMap(\.fault)).sorted() {
                notes.append(
                    "\(name): \(gates.count { $0.fault == fault }) of \(gates.count) gates have \(fault), which marks a "
                        + "gate that does not work: left out of the medians")
            }
            guard !working.isEmpty else { continue }
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
        noise.readout = readout(qubit, name: name)
        return noise
    }

    private mutating func readout(_ qubit: BackendCalibration.Qubit, name: String) -> [[Double]]? {
        func rows(_ falseSpike: Double, _ missedSpike: Double) -> [[Double]] {
            [[1 - falseSpike, falseSpike], [missedSpike, 1 - missedSpike]]
        }
        let (missing, given): (String, (name: String, value: Double))
        switch (qubit.falseSpike, qubit.missedSpike) {
        case (let falseSpike?, let missedSpike?): return rows(falseSpike, missedSpike)
        case (let falseSpike?, nil): (missing, given) = ("prob_meas0_prep1", ("prob_meas1_prep0", falseSpike))
        case (nil, let missedSpike?):
            (missing, given) = ("prob_meas1_prep0", ("prob_meas0_prep1", missedSpike))
        case (nil, nil):
            // Older backends give one readout error for both values.
            if let both = qubit.readoutError { return rows(both, both) }
            notes.append("\(name): no readout errors, taken as none")
            return nil
        }
        let (source, other) = qubit.readoutError.map { ("readout_error", $0) } ?? given
        notes.append("\(name): no \(missing), taken as \(source) = \(other)")
        return rows(qubit.falseSpike ?? other, qubit.missedSpike ?? other)
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
        guard let error = gate.error else { return GateNoise(depolarizing: 0, duration: duration) }
        guard size * fidelity - 1 > 1e-9 else {
            notes.append(
                "\(place): relaxation alone leaves nothing of the state in \(duration) ns: taken as relaxation alone"
            )
            return GateNoise(depolarizing: 0, duration: duration)
        }
        let probability = size * (error - (1 - fidelity)) / (size * fidelity - 1)
        // What rounding takes out of its range is not worth a note.
        if probability < -1e-12 {
            notes.append(
                "\(place): gate_error \(error) is less than relaxation alone makes, \(1 - fidelity): taken as relaxation alone"
            )
        } else if probability > 1 + 1e-12 {
            notes.append(
                "\(place): gate_error \(error) is more than the \(1 - 1 / size) of a gate that leaves nothing of the state: "
                    + "taken as that, depolarizing 1")
        }
        return GateNoise(depolarizing: min(max(probability, 0), 1), duration: duration)
    }
}
