/// What is taken from the memory after every step, so that nothing quantum is left of it: each memory qubit is measured in one basis, and
/// nobody looks, with this strength.
///
/// Not the noise of a device: the control that says what of a memory is quantum. With strength 1 every memory qubit is a classical bit.
public struct MemoryDephasing: Hashable, Sendable {
    /// λ in ρ → (1 − λ) ρ + λ (P₊ ρ P₊ + P₋ ρ P₋), 0 … 1.
    public var strength: Double
    /// The basis, as the direction of its first state on the Bloch sphere: angle from Z, and of its projection from X, radians. (0, 0) is the
    /// computational basis.
    public var polar: Double
    public var azimuth: Double

    public init(strength: Double, polar: Double = 0, azimuth: Double = 0) {
        self.strength = strength
        self.polar = polar
        self.azimuth = azimuth
    }

    /// The channel on one qubit; nil where nothing happens.
    var channel: NoiseChannel? {
        strength > 0 ? .dephasing(strength, polar: polar, azimuth: azimuth) : nil
    }

    var problems: [NoiseParameters.Problem] {
        var problems: [NoiseParameters.Problem] = []
        if !(0...1).contains(strength) {
            problems.append(
                .init(
                    place: "memory_dephasing.strength",
                    problem: "found \(strength), expected a number from 0 to 1"))
        }
        for (name, angle) in [("polar", polar), ("azimuth", azimuth)] where !(-100...100).contains(angle) {
            problems.append(
                .init(
                    place: "memory_dephasing.\(name)", problem: "found \(angle), expected -100 to 100 radians"
                ))
        }
        return problems
    }
}

extension MemoryDephasing: Codable {
    public init(from decoder: any Decoder) throws {
        let reader = try decoder.container(keyedBy: FieldName.self)
        self.init(
            strength: try reader.decode(Double.self, forKey: FieldName("strength")),
            polar: try reader.read("polar") ?? 0, azimuth: try reader.read("azimuth") ?? 0)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: FieldName.self)
        try container.encode(strength, forKey: FieldName("strength"))
        try container.encode(polar, forKey: FieldName("polar"))
        try container.encode(azimuth, forKey: FieldName("azimuth"))
    }
}
