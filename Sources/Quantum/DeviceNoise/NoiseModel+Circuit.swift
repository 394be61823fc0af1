import QuantumCircuits

extension NoiseModel {
    /// - Throws: ``NoiseError`` where the circuit needs more qubits than the device has, or a two-qubit gate between
    ///   qubits that it does not couple, or where over-rotation takes a gate beyond `Circuit/angleRange`.
    public func check(_ circuit: Circuit) throws(NoiseError) {
        if let available = parameters.qubitCount, circuit.qubitCount > available {
            throw .qubits(circuit: circuit.name, found: circuit.qubitCount, available: available)
        }
        for (index, gate) in executed(circuit).gates.enumerated() {
            let turn: Double? =
                switch gate.angle {
                case .none: nil
                case .fixed(let angle): angle
                case .parameter(_, let scale): scale
                }
            guard turn.map(Circuit.angleRange.contains) ?? true else {
                throw .overRotation(circuit: circuit.name, gate: index, found: turn ?? .nan)
            }
        }
        guard let coupling = parameters.coupling else { return }
        let pairs = Set(coupling.map { Set($0) })
        for (index, gate) in circuit.gates.enumerated()
        where gate.qubits.count == 2 && !pairs.contains(Set(gate.qubits)) {
            throw .coupling(circuit: circuit.name, gate: index, qubits: gate.qubits)
        }
    }

    /// The largest factor that noise can be scaled by.
    public static let maximumScale = 1000.0

    /// The same device with its noise stronger or weaker: the axis of curves of accuracy against noise.
    ///
    /// Probabilities p become min(factor · p, 1), readout errors too; durations of gates and measurements and the
    /// over-rotation become factor times as large; a map E given by Kraus operators becomes E^n ((1 − r) 1 + r E) with n + r =
    /// factor; the strength of a memory dephasing is a probability too. Factor 0 is no noise, 1 the device itself.
    /// - Throws: ``NoiseError/scale(_:)`` unless the factor is from 0 to ``maximumScale``.
    public func scaled(by factor: Double) throws(NoiseError) -> NoiseModel {
        guard (0...Self.maximumScale).contains(factor) else { throw .scale(factor) }
        if factor == 1 { return self }
        var scaled = parameters
        scaled.oneQubitGates = parameters.oneQubitGates.scaled(by: factor)
        scaled.twoQubitGates = parameters.twoQubitGates.scaled(by: factor)
        scaled.gateRules = parameters.gateRules.map {
            GateNoiseRule(gate: $0.gate, qubits: $0.qubits, noise: $0.noise.scaled(by: factor))
        }
        scaled.qubits = parameters.qubits.scaled(by: factor)
        scaled.memoryDephasing = parameters.memoryDephasing.map {
            MemoryDephasing(
                strength: min(factor * $0.strength, 1), polar: $0.polar, azimuth: $0.azimuth)
        }
        scaled.qubitRules = parameters.qubitRules.map { $0.scaled(by: factor) }
        return NoiseModel(checked: scaled)
    }
}

extension GateNoise {
    fileprivate func scaled(by factor: Double) -> GateNoise {
        func probability(_ value: Double?) -> Double? { value.map { min(factor * $0, 1) } }
        var scaled = self
        scaled.overRotation = overRotation.map {
            OverRotation(factor: factor * $0.factor, offset: factor * $0.offset)
        }
        scaled.depolarizing = probability(depolarizing)
        scaled.duration = duration.map { factor * $0 }
        scaled.amplitudeDamping = probability(amplitudeDamping)
        scaled.phaseDamping = probability(phaseDamping)
        scaled.bitFlip = probability(bitFlip)
        scaled.phaseFlip = probability(phaseFlip)
        scaled.kraus = kraus.map { KrausOperators(checked: $0).repeated(factor).matrices }
        return scaled
    }
}

extension QubitNoise {
    fileprivate func scaled(by factor: Double) -> QubitNoise {
        QubitNoise(
            t1: t1, t2: t2, measurement: measurement.map { factor * $0 },
            readout: readout.map { rows in
                let falseSpike = min(factor * rows[0][1], 1)
                let missedSpike = min(factor * rows[1][0], 1)
                return [[1 - falseSpike, falseSpike], [missedSpike, 1 - missedSpike]]
            })
    }
}
