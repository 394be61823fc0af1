import ErrorMitigation
import Compute
import QuantumCircuits

/// What is done against the noise of the shots' device.
public enum ShotMitigation: String, Sendable, Hashable, Codable, CaseIterable {
    case none
    /// Zero-noise extrapolation of every frequency, by a line through the circuit as it is and folded to three times its
    /// length, with M_p shots each.
    case linear = "zne-linear"
    /// Richardson's, by the parabola through the circuit at one, two and three times its length, with M_p shots each: Mitiq's
    /// default factors. Its weights 3, −3, 1 make the shots' own noise 4.4 times as large, those of the line 1.6 times.
    case richardson = "zne-richardson"

    /// - Parameter rawValue: `zne` is what ``linear`` was called in files of earlier versions.
    public init?(rawValue: String) {
        let name = rawValue == "zne" ? "zne-linear" : rawValue
        guard let named = Self.allCases.first(where: { $0.rawValue == name }) else { return nil }
        self = named
    }

    /// About how many times its length the circuit is run at.
    package var folds: [Int] {
        switch self {
        case .none: [1]
        case .linear: [1, 3]
        case .richardson: [1, 2, 3]
        }
    }

    /// Weights of the frequencies at those lengths in the extrapolated one: of the polynomial through all of them at 0,
    /// w_i = Π_{j ≠ i} λ_j/(λ_j − λ_i).
    ///
    /// - Parameter circuit: whose folds reach the factors λ; nil for the neuron that has none.
    /// - Throws: `CircuitError` for a circuit that cannot be folded so.
    func weights(_ circuit: Circuit?) throws -> [Float] {
        let factors = try folds.map { try circuit?.folded(about: $0).factor ?? Double($0) }
        return factors.indices.map { index in
            Float(
                factors.indices.filter { $0 != index }.reduce(1) {
                    $0 * factors[$1] / (factors[$1] - factors[index])
                })
        }
    }
}

extension Circuit {
    /// The circuit folded to about a factor, 1, 2 or 3, and the factor reached, counting a gate on two qubits as two.
    ///
    /// Odd factors fold the circuit as a whole, ``UnitaryFolding/global``, and are reached exactly. For 2, gates are folded for
    /// themselves, from the first on while that brings the length nearer: of the catalogue's circuits of five and three
    /// gates, those on two qubits before the rotations, to exactly 2. What a device's gates err counts for itself: where those
    /// on two qubits err most, as in reality, the noise of `exchange` is then 2.3 times, of `memory-controlled` 3 times as large.
    ///
    /// - Throws: `CircuitError` for a circuit that no fold of its gates brings near 2.
    package func folded(about factor: Int) throws -> (circuit: Circuit, factor: Double) {
        guard factor == 2 else {
            // Whole folds draw nothing.
            var unused = RandomStream(seed: 0, purpose: .probeShot).generator()
            let folded = try UnitaryFolding.global.folded(self, scale: Double(factor), using: &unused)
            return (folded, Double(factor))
        }
        let sizes = gates.map { min($0.qubits.count, 2) }
        let total = sizes.reduce(0, +)
        guard total > 0 else { return (self, 2) }
        var (length, count) = (0, 0)
        while count < sizes.count, abs(total - 2 * (length + sizes[count])) < abs(total - 2 * length) {
            length += sizes[count]
            count += 1
        }
        guard length > 0, length < total else {
            throw CircuitError.gate(
                circuit: name, index: 0, kind: gates[0].kind,
                problem:
                    "folding it reaches 1 or 3 times the circuit's length, not about 2, which zne-richardson needs; "
                    + "expected zne-linear")
        }
        let folded = try Circuit(
            name: name, ioQubits: ioQubits, memoryQubits: memoryQubits,
            gates: gates[..<count].flatMap { [$0, $0.inverse, $0] } + gates[count...],
            parameterCount: parameterCount)
        return (folded, 1 + 2 * Double(length) / Double(total))
    }
}
