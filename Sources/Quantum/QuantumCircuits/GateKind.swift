/// The gates a circuit is made of, by their names in gate lists and in OpenQASM 3.
///
/// `rx(a)` = exp(−i a X/2) and likewise for Y and Z; `rxx(a)` = exp(−i a X⊗X/2); `crx(a)` applies
/// `rx(a)` to its second qubit where its first, the control, is 1.
public enum GateKind: Hashable, Sendable {
    case rx, ry, rz
    case h, x
    case cx, cz
    case crx, cry, crz
    case rxx, ryy, rzz
    /// A matrix given by the user.
    case unitary(UnitaryMatrix)

    /// What a gate list calls the gate.
    public var name: String {
        switch self {
        case .rx: "rx"
        case .ry: "ry"
        case .rz: "rz"
        case .h: "h"
        case .x: "x"
        case .cx: "cx"
        case .cz: "cz"
        case .crx: "crx"
        case .cry: "cry"
        case .crz: "crz"
        case .rxx: "rxx"
        case .ryy: "ryy"
        case .rzz: "rzz"
        case .unitary: Self.unitaryName
        }
    }

    /// What a gate list calls a gate whose matrix it gives.
    public static let unitaryName = "unitary"

    /// The gate of ``allCases`` that has this name.
    public init?(name: String) {
        guard let kind = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = kind
    }

    /// How many qubits the gate acts on: 1 or 2.
    public var qubitCount: Int {
        switch self {
        case .rx, .ry, .rz, .h, .x: 1
        case .cx, .cz, .crx, .cry, .crz, .rxx, .ryy, .rzz: 2
        case .unitary(let matrix): matrix.qubitCount
        }
    }

    /// Whether the gate turns by an angle.
    public var takesAngle: Bool {
        switch self {
        case .h, .x, .cx, .cz, .unitary: false
        case .rx, .ry, .rz, .crx, .cry, .crz, .rxx, .ryy, .rzz: true
        }
    }

    /// Whether the first qubit is a control that the gate leaves in place.
    public var isControlled: Bool {
        switch self {
        case .cx, .cz, .crx, .cry, .crz: true
        case .rx, .ry, .rz, .h, .x, .rxx, .ryy, .rzz, .unitary: false
        }
    }

    /// Whether the gate is real, whatever its angle, once every basis state carries the factor
    /// (−i)^(number of ones). See ``Circuit/isRealGauge``.
    public var isRealInGauge: Bool {
        switch self {
        case .rx, .crx, .cz: true
        case .ry, .rz, .h, .x, .cx, .cry, .crz, .rxx, .ryy, .rzz, .unitary: false
        }
    }
}

extension GateKind: CaseIterable {
    /// The gates that a name says all about: every one but ``unitary(_:)``.
    public static let allCases: [GateKind] = [
        .rx, .ry, .rz, .h, .x, .cx, .cz, .crx, .cry, .crz, .rxx, .ryy, .rzz,
    ]
}

extension GateKind: CustomStringConvertible {
    public var description: String { name }
}
