/// How the derivative of a probability by an angle is found from probabilities at shifted angles.
public enum ShiftRule: String, Sendable, Hashable, Codable, CaseIterable {
    /// (25) as printed: the angle at ± π/2, wherever it is used, p′ = (p₊ − p₋)/2. Exact only where the angle is used once,
    /// by a gate whose generator has the eigenvalues ± 1/2.
    case twoTerm = "two-term"
    /// One shift for every use of the angle, by two terms, or by four for controlled rotations (Anselmetti et al., New
    /// J. Phys. 23, 113010, 2021).
    case exact
}

/// One term of a shift rule: p′(a) = Σ `coefficient` · p(a + `shift`).
public struct ShiftTerm: Sendable, Hashable {
    /// Radians.
    public let shift: Double
    public let coefficient: Double
}

extension GateKind {
    /// The terms that are exact for the gate's own angle; none for a gate without one.
    ///
    /// Rotations have the frequency 1 alone; controlled ones 1/2 and 1, because their generator has the eigenvalues 0 and
    /// ± 1/2.
    public var shiftTerms: [ShiftTerm] {
        switch self {
        case .h, .x, .cx, .cz, .unitary: return []
        case .rx, .ry, .rz, .rxx, .ryy, .rzz:
            return [
                ShiftTerm(shift: .pi / 2, coefficient: 0.5), ShiftTerm(shift: -.pi / 2, coefficient: -0.5),
            ]
        case .crx, .cry, .crz:
            let root = 2.0.squareRoot()
            let (near, far) = ((root + 1) / (4 * root), (root - 1) / (4 * root))
            return [
                ShiftTerm(shift: .pi / 2, coefficient: near), ShiftTerm(shift: -.pi / 2, coefficient: -near),
                ShiftTerm(shift: 3 * .pi / 2, coefficient: -far),
                ShiftTerm(shift: -3 * .pi / 2, coefficient: far),
            ]
        }
    }
}

/// A gate that turns by a trainable angle.
public struct AngleUse: Sendable, Hashable {
    public let kind: GateKind
    /// Index of the angle.
    public let parameter: Int
    /// The gate turns by `scale` × angle.
    public let scale: Double

    public init(kind: GateKind, parameter: Int, scale: Double) {
        self.kind = kind
        self.parameter = parameter
        self.scale = scale
    }
}

extension Circuit {
    /// The same circuit in which every gate that turns by a trainable angle has an angle of its own, and where those angles
    /// come from, in the order of the gates.
    public func separatingAngles() -> (circuit: Circuit, uses: [AngleUse]) {
        let uses = gates.compactMap { gate -> AngleUse? in
            guard case .parameter(let index, let scale) = gate.angle else { return nil }
            return AngleUse(kind: gate.kind, parameter: index, scale: scale)
        }
        var next = 0
        let circuit = replacingAngles(parameterCount: uses.count) { gate in
            guard case .parameter = gate.angle else { return gate.angle }
            defer { next += 1 }
            return .parameter(index: next, scale: 1)
        }
        return (circuit, uses)
    }
}
