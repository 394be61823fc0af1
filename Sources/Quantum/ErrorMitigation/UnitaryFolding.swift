import DeviceNoise
import QuantumCircuits

/// Circuits made longer without changing what they do, so that a device adds more noise: G becomes G G† G.
///
/// As Mitiq defines it (`mitiq.zne.scaling`; Giurgica-Tiron et al., arXiv:2005.10921): at an odd scale factor λ every gate is
/// there λ times; between odd factors, as many gates are folded once more as come closest to λ times the
/// noise. Only the circuit of a step is folded; measurement and reset are not part of it.
public enum UnitaryFolding: String, CaseIterable, Sendable {
    /// V becomes V (V†V)^n, and the last gates of V are folded as a whole once more: Mitiq's `fold_global`.
    case global
    /// Every gate for itself, (λ−1)/2 times to the nearest integer, so that only odd factors are reached: Mitiq's `fold_all`.
    case all
    /// Every gate for itself; of those folded once more, the order is drawn at random: Mitiq's `fold_gates_at_random`. A two-qubit
    /// gate counts about twice as noise.
    case random

    /// The largest factor that circuits are folded to.
    public static let maximumScale = Circuit.foldingScales.upperBound

    /// The circuit folded to a scale factor.
    ///
    /// - Parameters:
    ///   - scale: λ, 1 to ``maximumScale``.
    ///   - generator: draws which gates are folded once more; only ``random`` uses it.
    /// - Throws: `CircuitError/foldingScale(_:)`.
    public func folded(
        _ circuit: Circuit, scale: Double, using generator: inout some RandomNumberGenerator
    ) throws(CircuitError) -> Circuit {
        guard (1...Self.maximumScale).contains(scale) else { throw .foldingScale(scale) }
        switch self {
        case .global: return circuit.replacingGates(Self.foldedGlobally(circuit.gates, scale: scale))
        case .all:
            let folds = Int(((scale - 1) / 2).rounded(.toNearestOrEven))
            return circuit.replacingGates(circuit.gates.flatMap { Self.folded($0, folds) })
        case .random:
            let folds = Self.folds(circuit.gates, scale: scale, using: &generator)
            return circuit.replacingGates(zip(circuit.gates, folds).flatMap { Self.folded($0, $1) })
        }
    }

    /// How many times the noise of a circuit a folded one has, a two-qubit gate counting 1.99 times as much as one on one qubit, as
    /// in ``random``: the factor that was asked for, or the nearest that the circuit's gates allow.
    ///
    /// NaN for a circuit without gates.
    public static func factor(of folded: Circuit, from circuit: Circuit) -> Double {
        // Whole numbers, so that a circuit folded to an odd factor has exactly that.
        func weight(_ circuit: Circuit) -> Int {
            circuit.gates.reduce(0) { $0 + ($1.qubits.count == 1 ? 100 : 199) }
        }
        return Double(weight(folded)) / Double(weight(circuit))
    }

    private static func foldedGlobally(_ gates: [Gate], scale: Double) -> [Gate] {
        let pairs = ((scale - 1) / 2).rounded(.down)
        let fraction = scale - 1 - 2 * pairs
        let rest = Int((fraction * Double(gates.count) / 2).rounded(.toNearestOrEven))
        let last = gates.suffix(rest)
        return gates + [[Gate]](repeating: inverse(gates[...]) + gates, count: Int(pairs)).flatMap { $0 }
            + inverse(last) + last
    }

    private static func inverse(_ gates: ArraySlice<Gate>) -> [Gate] { gates.reversed().map(\.inverse) }

    private static func folded(_ gate: Gate, _ count: Int) -> [Gate] {
        [gate] + [[Gate]](repeating: [gate.inverse, gate], count: count).flatMap { $0 }
    }

    /// How often each gate is folded: all as often as the odd factor below asks for, then one by one in random order while
    /// that brings the whole weight closer to `scale` times what it was.
    private static func folds(
        _ gates: [Gate], scale: Double, using generator: inout some RandomNumberGenerator
    ) -> [Int] {
        let uniform = Int((scale - 1) / 2)
        let odd = Double(2 * uniform + 1)
        var folds = [Int](repeating: uniform, count: gates.count)
        // Mitiq's closeness.
        guard abs(odd - scale) > 1e-8 + 1e-5 * abs(scale) else { return folds }
        let weights = gates.map { weight($0) }
        let total = weights.reduce(0, +)
        var reached = odd * total
        var error = abs(reached - scale * total)
        for index in gates.indices.shuffled(using: &generator) {
            let next = reached + 2 * weights[index]
            let nextError = abs(next - scale * total)
            if nextError >= error { break }
            (reached, error) = (next, nextError)
            folds[index] += 1
        }
        return folds
    }

    /// Mitiq's weight of a gate of unknown fidelity, taken as 0.99 for each of its qubits.
    private static func weight(_ gate: Gate) -> Double { gate.qubits.count == 1 ? 0.01 : 0.0199 }
}
