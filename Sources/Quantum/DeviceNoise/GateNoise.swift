import QuantumCircuits

/// What goes wrong at a gate. A figure that is nil is that of the more general rule, in the end none.
public struct GateNoise: Hashable, Sendable {
    /// A gate that turns by another angle than it should.
    public struct OverRotation: Hashable, Sendable {
        /// Turns by (1 + factor) times the angle.
        public var factor: Double
        /// And by this much more, in radians.
        public var offset: Double

        public init(factor: Double = 0, offset: Double = 0) {
            self.factor = factor
            self.offset = offset
        }
    }

    /// Of gates that turn by an angle.
    public var overRotation: OverRotation?
    /// p of ρ → (1−p) ρ + p 1/2^k ⊗ tr ρ, jointly on the gate's qubits.
    public var depolarizing: Double?
    /// How long the gate takes and its qubits relax, in ns.
    public var duration: Double?
    /// Probabilities on each qubit that the gate touches.
    public var amplitudeDamping: Double?
    public var phaseDamping: Double?
    public var bitFlip: Double?
    public var phaseFlip: Double?
    /// Kraus operators on the gate's qubits.
    public var kraus: [ComplexMatrix]?

    public init(depolarizing: Double? = nil, duration: Double? = nil) {
        self.depolarizing = depolarizing
        self.duration = duration
    }

    /// These figures, and where there are none those of a more general rule.
    func overriding(_ general: GateNoise) -> GateNoise {
        var merged = general
        merged.overRotation = overRotation ?? general.overRotation
        merged.depolarizing = depolarizing ?? general.depolarizing
        merged.duration = duration ?? general.duration
        merged.amplitudeDamping = amplitudeDamping ?? general.amplitudeDamping
        merged.phaseDamping = phaseDamping ?? general.phaseDamping
        merged.bitFlip = bitFlip ?? general.bitFlip
        merged.phaseFlip = phaseFlip ?? general.phaseFlip
        merged.kraus = kraus ?? general.kraus
        return merged
    }
}

/// Noise of particular gates: of one name, on particular qubits, or both.
public struct GateNoiseRule: Hashable, Sendable {
    /// A gate's name; `embedding` is the rotation by the current, which an `rx` means too. Nil is any gate.
    public var gate: String?
    /// The gate's qubits; nil is any qubits. Of a named gate with control, the control first; else in either order.
    public var qubits: [Int]?
    public var noise: GateNoise

    public init(gate: String? = nil, qubits: [Int]? = nil, noise: GateNoise) {
        self.gate = gate
        self.qubits = qubits
        self.noise = noise
    }

    func applies(to names: [String], on qubits: [Int]) -> Bool {
        if let gate, !names.contains(gate) { return false }
        guard let own = self.qubits else { return true }
        let isDirected = gate.flatMap { GateKind(name: $0) }?.isControlled ?? false
        return isDirected ? own == qubits : Set(own) == Set(qubits)
    }
}

/// What goes wrong with a qubit. A figure that is nil is that of all qubits, in the end none.
public struct QubitNoise: Hashable, Sendable {
    /// Time after which an excitation is down to 1/e, in µs.
    public var t1: Double?
    /// Time after which a coherence is down to 1/e, in µs; at most 2 T1, which it is where only T1 is given.
    public var t2: Double?
    /// How long the qubit's measurement takes, in ns.
    public var measurement: Double?
    /// Probability of each value read, `[true][read]`.
    public var readout: [[Double]]?

    public init(
        t1: Double? = nil, t2: Double? = nil, measurement: Double? = nil, readout: [[Double]]? = nil
    ) {
        self.t1 = t1
        self.t2 = t2
        self.measurement = measurement
        self.readout = readout
    }

    /// These figures, and where there are none those of all qubits.
    func overriding(_ general: QubitNoise) -> QubitNoise {
        QubitNoise(
            t1: t1 ?? general.t1, t2: t2 ?? general.t2, measurement: measurement ?? general.measurement,
            readout: readout ?? general.readout)
    }
}
