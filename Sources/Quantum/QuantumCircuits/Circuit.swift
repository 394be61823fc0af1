/// The trainable circuit V(θ) of a stochastic quantum spiking neuron.
///
/// Qubits `0 ..< ioQubits` are the input-output qubits, one for each channel of the neuron; the memory
/// qubits come after. In matrices, a basis state's index reads the qubits as binary digits, **qubit 0 the
/// most significant**: first the input-output bits, then the memory bits. So the blocks of
/// V that take input pattern x to spike pattern s are contiguous, `2^memoryQubits` rows and columns each.
/// (Qiskit orders its qubits the other way round.)
public struct Circuit: Hashable, Sendable {
    /// The largest circuit whose unitary is ever written out: 2¹⁰ rows and columns, 16 MiB.
    public static let maximumQubitCount = 10

    /// No gate list comes near it; an index or a count beyond is a slip of the pen, not a circuit.
    public static let maximumParameterCount = 1_000_000

    /// Angles in radians that a gate may turn by, and what an angle may be scaled by: as far as training may move them.
    /// Beyond, numbers have no digits left for a part of a turn, and their products none for anything.
    public static let angleRange = -65_536.0...65_536.0

    /// Currents z that a neuron takes; it turns by π z.
    public static let currentRange = -65_536.0...65_536.0

    /// How many times as long a circuit may be folded.
    public static let foldingScales = 1.0...101.0

    /// What the circuit is called in messages and reports.
    public let name: String
    public let ioQubits: Int
    public let memoryQubits: Int
    /// The gates in the order they are applied.
    public private(set) var gates: [Gate]
    /// How many trainable angles the circuit has.
    public private(set) var parameterCount: Int

    /// Checks a list of gates and makes it a circuit.
    ///
    /// - Parameters:
    ///   - ioQubits: N, at least 1.
    ///   - memoryQubits: M_q, at least 0.
    ///   - parameterCount: number of trainable angles, up to ``maximumParameterCount``; by default one more than the largest
    ///     index used.
    /// - Throws: ``CircuitError`` for a qubit that does not exist or is named twice in a gate, a wrong
    ///   number of qubits, an angle that is missing, superfluous or out of ``angleRange``, a parameter index or number of
    ///   angles that cannot be, or a circuit of more than ``maximumQubitCount`` qubits.
    public init(
        name: String = "custom", ioQubits: Int, memoryQubits: Int, gates: [Gate],
        parameterCount: Int? = nil
    ) throws {
        // Each is checked before their sum, which could overflow.
        let counts = 0...Self.maximumQubitCount
        guard ioQubits >= 1, counts.contains(ioQubits), counts.contains(memoryQubits),
            counts.contains(ioQubits + memoryQubits)
        else { throw CircuitError.qubitCounts(circuit: name, io: ioQubits, memory: memoryQubits) }
        for (index, gate) in gates.enumerated() {
            if let problem = Self.problem(with: gate, qubitCount: ioQubits + memoryQubits) {
                throw CircuitError.gate(circuit: name, index: index, kind: gate.kind, problem: problem)
            }
        }
        let used = gates.reduce(0) { used, gate in
            if case .parameter(let index, _) = gate.angle { max(used, index + 1) } else { used }
        }
        if let parameterCount, !(used...Self.maximumParameterCount).contains(parameterCount) {
            throw CircuitError.parameterCount(circuit: name, declared: parameterCount, used: used)
        }
        self.name = name
        self.ioQubits = ioQubits
        self.memoryQubits = memoryQubits
        self.gates = gates
        self.parameterCount = parameterCount ?? used
    }

    /// All qubits, N + M_q.
    public var qubitCount: Int { ioQubits + memoryQubits }

    /// Rows of the unitary, 2^(N + M_q).
    public var dimension: Int { 1 << qubitCount }

    /// Basis states of the memory, 2^M_q.
    public var memoryDimension: Int { 1 << memoryQubits }

    /// Spike patterns of one step, 2^N.
    public var patternCount: Int { 1 << ioQubits }

    /// Whether the circuit keeps real amplitudes real, once every basis state carries the factor
    /// (−i)^(number of ones).
    ///
    /// In that gauge `rx` and `crx` are real rotations and `cz` is a sign, so that a neuron whose
    /// circuit has no other gates needs half the memory and a quarter of the arithmetic. The embedding is an
    /// `rx` too, and measurement and reset do not see the gauge.
    public var isRealGauge: Bool { gates.allSatisfy(\.kind.isRealInGauge) }

    /// - Throws: ``CircuitError/angleCount(circuit:found:expected:)``, ``CircuitError/angle(circuit:index:found:)``, or
    ///   ``CircuitError/gate(circuit:index:kind:problem:)`` for a gate whose scaled angle is out of ``angleRange``.
    public func check(angles: [Double]) throws {
        guard angles.count == parameterCount else {
            throw CircuitError.angleCount(circuit: name, found: angles.count, expected: parameterCount)
        }
        if let index = angles.firstIndex(where: { !Self.angleRange.contains($0) }) {
            throw CircuitError.angle(circuit: name, index: index, found: angles[index])
        }
        for (index, gate) in gates.enumerated() {
            let angle = gate.angle(in: angles)
            guard Self.angleRange.contains(angle) else {
                throw CircuitError.gate(
                    circuit: name, index: index, kind: gate.kind,
                    problem: "turns by scale × angle = \(angle), expected \(Self.angleWords)")
            }
        }
    }

    /// - Throws: ``CircuitError/current(circuit:step:channel:found:)`` for one that is not in ``currentRange``.
    func check(currents: [[Double]]) throws(CircuitError) {
        for (step, values) in currents.enumerated() {
            if let channel = values.firstIndex(where: { !Self.currentRange.contains($0) }) {
                throw .current(circuit: name, step: step, channel: channel, found: values[channel])
            }
        }
    }

    package static var angleWords: String {
        "-\(Int(angleRange.upperBound)) to \(Int(angleRange.upperBound)) radians"
    }

    /// The same circuit with other angles at its gates, of which none uses a parameter from `parameterCount` on.
    package func replacingAngles(parameterCount: Int? = nil, _ angle: (Gate) -> Gate.Angle) -> Circuit {
        var circuit = self
        circuit.parameterCount = parameterCount ?? self.parameterCount
        circuit.gates = gates.map { Gate($0.kind, qubits: $0.qubits, angle: angle($0)) }
        return circuit
    }

    /// The same circuit of other gates, all of which are its own or their inverses.
    package func replacingGates(_ gates: [Gate]) -> Circuit {
        var circuit = self
        circuit.gates = gates
        return circuit
    }

    private static func problem(with gate: Gate, qubitCount: Int) -> String? {
        guard gate.qubits.count == gate.kind.qubitCount else {
            return "found \(gate.qubits.count) qubits, expected \(gate.kind.qubitCount)"
        }
        if let outside = gate.qubits.first(where: { !(0..<qubitCount).contains($0) }) {
            return "qubit \(outside) does not exist; expected 0 to \(qubitCount - 1)"
        }
        if let first = gate.qubits.first, gate.qubits.dropFirst().contains(first) {
            return "qubit \(first) is repeated; expected two different qubits"
        }
        switch (gate.angle, gate.kind.takesAngle) {
        case (.none, true): return "the angle is missing; give 'parameter' or 'angle'"
        case (.fixed, false), (.parameter, false): return "the gate takes no angle; remove it"
        case (.fixed(let angle), true) where !angleRange.contains(angle):
            return "found the angle \(angle), expected \(angleWords)"
        case (.parameter(let index, _), true) where !(0..<Self.maximumParameterCount).contains(index):
            return "parameter \(index) is not in 0..<\(Self.maximumParameterCount)"
        case (.parameter(_, let scale), true) where !angleRange.contains(scale):
            return "found the scale \(scale), expected a number from \(Int(angleRange.lowerBound)) to "
                + "\(Int(angleRange.upperBound))"
        default: return nil
        }
    }
}
