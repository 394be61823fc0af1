/// One gate of a circuit: what it does, to which qubits, by which angle.
public struct Gate: Hashable, Sendable {
    /// Where a gate's angle comes from.
    public enum Angle: Hashable, Sendable {
        /// The gate takes no angle (`h`, `x`, `cx`, `cz`).
        case none
        /// A constant, in radians.
        case fixed(Double)
        /// `scale × angles[index]`, a trainable angle.
        case parameter(index: Int, scale: Double)
    }

    public let kind: GateKind
    /// The qubits acted on, the control first.
    public let qubits: [Int]
    public let angle: Angle

    public init(_ kind: GateKind, qubits: [Int], angle: Angle = .none) {
        self.kind = kind
        self.qubits = qubits
        self.angle = angle
    }

    /// A gate that turns by `scale × angles[parameter]`.
    public init(_ kind: GateKind, _ qubits: Int..., parameter: Int, scale: Double = 1) {
        self.init(kind, qubits: qubits, angle: .parameter(index: parameter, scale: scale))
    }

    /// The angle in radians for a circuit's trainable angles; 0 for a gate that takes none.
    public func angle(in angles: [Double]) -> Double {
        switch angle {
        case .none: 0
        case .fixed(let value): value
        case .parameter(let index, let scale): scale * angles[index]
        }
    }
}
