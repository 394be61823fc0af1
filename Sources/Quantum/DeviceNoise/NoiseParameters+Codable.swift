import QuantumCircuits

/// The JSON of noise, all fields optional. Of all gates and qubits, gates of one and two qubits apart:
///
///     {"depolarizing_1q": 0.0003, "depolarizing_2q": 0.008, "gate_1q_ns": 60, "gate_2q_ns": 660,
///      "t1_us": 220, "t2_us": 140, "measure_ns": 1300, "readout": [[0.99, 0.01], [0.02, 0.98]]}
///
/// likewise `amplitude_damping_1q`, `phase_damping_1q`, `bit_flip_1q`, `phase_flip_1q`, `kraus_1q` (matrices) and
/// `over_rotation_1q` (`{"factor": 0.01, "offset": 0.002}`), and `_2q`. Exceptions:
///
///     "gates": [{"gate": "crx", "qubits": [0, 1], "depolarizing": 0.02, "duration_ns": 400}],
///     "qubits": [{"t1_us": 180}, {"readout": [[0.97, 0.03], [0.05, 0.95]]}]
///
/// what the device has: `"qubit_count": 3, "coupling": [[0, 1], [1, 2]]`; and, as a control, not as a device's noise,
/// `"memory_dephasing": {"strength": 1, "polar": 0, "azimuth": 0}` after each step. Fields that are none of these are refused: a
/// slip of the pen would be a device without that noise.
extension NoiseParameters: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: FieldName.self)
        self.init()
        qubitCount = try container.read("qubit_count")
        coupling = try container.read("coupling")
        memoryDephasing = try container.read("memory_dephasing")
        gateRules = try container.read("gates") ?? []
        qubitRules = try container.read("qubits") ?? []
        qubits = try QubitNoise(container)
        oneQubitGates = try GateNoise(container, suffix: "_1q", durationName: "gate_1q_ns")
        twoQubitGates = try GateNoise(container, suffix: "_2q", durationName: "gate_2q_ns")
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: FieldName.self)
        try oneQubitGates.encode(to: &container, suffix: "_1q", durationName: "gate_1q_ns")
        try twoQubitGates.encode(to: &container, suffix: "_2q", durationName: "gate_2q_ns")
        try qubits.encode(to: &container)
        if !gateRules.isEmpty { try container.encode(gateRules, forKey: FieldName("gates")) }
        if !qubitRules.isEmpty { try container.encode(qubitRules, forKey: FieldName("qubits")) }
        try container.encodeIfPresent(qubitCount, forKey: FieldName("qubit_count"))
        try container.encodeIfPresent(coupling, forKey: FieldName("coupling"))
        try container.encodeIfPresent(memoryDephasing, forKey: FieldName("memory_dephasing"))
    }
}

extension GateNoise {
    fileprivate init(_ reader: KeyedDecodingContainer<FieldName>, suffix: String, durationName: String) throws
    {
        self.init()
        depolarizing = try reader.read("depolarizing" + suffix)
        duration = try reader.read(durationName)
        amplitudeDamping = try reader.read("amplitude_damping" + suffix)
        phaseDamping = try reader.read("phase_damping" + suffix)
        bitFlip = try reader.read("bit_flip" + suffix)
        phaseFlip = try reader.read("phase_flip" + suffix)
        overRotation = try reader.read("over_rotation" + suffix)
        kraus = try reader.read("kraus" + suffix)
    }

    fileprivate func encode(
        to container: inout KeyedEncodingContainer<FieldName>, suffix: String, durationName: String
    ) throws {
        func name(_ field: String) -> FieldName { FieldName(field + suffix) }
        try container.encodeIfPresent(depolarizing, forKey: name("depolarizing"))
        try container.encodeIfPresent(duration, forKey: FieldName(durationName))
        try container.encodeIfPresent(amplitudeDamping, forKey: name("amplitude_damping"))
        try container.encodeIfPresent(phaseDamping, forKey: name("phase_damping"))
        try container.encodeIfPresent(bitFlip, forKey: name("bit_flip"))
        try container.encodeIfPresent(phaseFlip, forKey: name("phase_flip"))
        try container.encodeIfPresent(overRotation, forKey: name("over_rotation"))
        try container.encodeIfPresent(kraus, forKey: name("kraus"))
    }
}

extension GateNoise.OverRotation: Codable {
    public init(from decoder: any Decoder) throws {
        let reader = try decoder.container(keyedBy: FieldName.self)
        self.init(factor: try reader.read("factor") ?? 0, offset: try reader.read("offset") ?? 0)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: FieldName.self)
        try container.encode(factor, forKey: FieldName("factor"))
        try container.encode(offset, forKey: FieldName("offset"))
    }
}

extension GateNoiseRule: Codable {
    public init(from decoder: any Decoder) throws {
        let reader = try decoder.container(keyedBy: FieldName.self)
        self.init(
            gate: try reader.read("gate"), qubits: try reader.read("qubits"),
            noise: try GateNoise(reader, suffix: "", durationName: "duration_ns"))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: FieldName.self)
        try container.encodeIfPresent(gate, forKey: FieldName("gate"))
        try container.encodeIfPresent(qubits, forKey: FieldName("qubits"))
        try noise.encode(to: &container, suffix: "", durationName: "duration_ns")
    }
}

extension QubitNoise: Codable {
    fileprivate init(_ reader: KeyedDecodingContainer<FieldName>) throws {
        self.init(
            t1: try reader.read("t1_us"), t2: try reader.read("t2_us"),
            measurement: try reader.read("measure_ns"), readout: try reader.read("readout"))
    }

    public init(from decoder: any Decoder) throws {
        let reader = try decoder.container(keyedBy: FieldName.self)
        try self.init(reader)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: FieldName.self)
        try encode(to: &container)
    }

    fileprivate func encode(to container: inout KeyedEncodingContainer<FieldName>) throws {
        try container.encodeIfPresent(t1, forKey: FieldName("t1_us"))
        try container.encodeIfPresent(t2, forKey: FieldName("t2_us"))
        try container.encodeIfPresent(measurement, forKey: FieldName("measure_ns"))
        try container.encodeIfPresent(readout, forKey: FieldName("readout"))
    }
}
