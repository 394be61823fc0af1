import Compute
import LinearAlgebra
import NeuronAnalysis
import Neurons
import QuantumCircuits

/// A circuit whose neuron is a given renewal instrument, exactly: its angles and current, found by least squares on the maps of a step, up
/// to the basis of the memory.
public struct RenewalConstruction: Sendable, Hashable, Codable {
    /// Radians.
    public let angles: [Double]
    /// φ = π z of the current, radians, 0 … 2π.
    public let rotation: Double
    /// The basis of the memory in which the maps are the target's: turned by RZ, RX and RZ, radians.
    public let basis: [Double]
    /// Σ of the squared differences of all entries of both maps.
    public let distance: Double

    /// The best of some random beginnings, by steps of Levenberg and Marquardt.
    ///
    /// - Throws: `CircuitError` for a circuit whose instrument cannot be found.
    public static func of(
        _ target: RenewalInstrument, by circuit: Circuit, startCount: Int, seed: UInt64
    ) throws -> RenewalConstruction {
        let search = Search(target, circuit)
        var best: (point: [Double], distance: Double) = ([], .infinity)
        for number in 0..<startCount where best.distance > 1e-26 {
            var random = RandomStream(seed: seed, purpose: .analysis, population: 9)
                .generator(sample: number)
            let start = (0..<circuit.parameterCount + 4).map { _ in
                Double.random(in: -.pi...(.pi), using: &random)
            }
            let found = search.improve(start)
            if found.distance < best.distance { best = found }
        }
        let count = circuit.parameterCount
        return RenewalConstruction(
            angles: Array(best.point.prefix(count)), rotation: Search.turn(best.point[count]),
            basis: Array(best.point[(count + 1)...]), distance: best.distance)
    }

    private struct Search {
        let circuit: Circuit
        /// Entries of W_0 and W_1.
        let target: [Double]

        init(_ target: RenewalInstrument, _ circuit: Circuit) {
            self.circuit = circuit
            // From the gauge (−i)^{ones}, in which the target is real.
            let gauge = ComplexMatrix([[.one, .zero], [.zero, Complex(0, -1)]])
            self.target = target.krausOperators.flatMap { kraus in
                PauliTransfer.entries(of: gauge * kraus * gauge.adjoint)
            }
        }

        /// What is left of a rotation after whole turns, 0 … 2π.
        static func turn(_ angle: Double) -> Double {
            let rest = angle.truncatingRemainder(dividingBy: 2 * .pi)
            return rest < 0 ? rest + 2 * .pi : rest
        }

        /// Differences of all entries.
        func residuals(_ point: [Double]) -> [Double] {
            let count = circuit.parameterCount
            guard
                let instrument = try? Instrument(circuit: circuit, angles: Array(point.prefix(count)))
            else { return target.map { _ in .nan } }
            let turns = zip([GateKind.rz, .rx, .rz], point[(count + 1)...])
            let basis = turns.reduce(ComplexMatrix.identity(2)) { $1.0.matrix(angle: $1.1) * $0 }
            let entries = (0...1).flatMap { spike in
                PauliTransfer.entries(
                    of: basis * instrument.krausOperator(spikes: spike, rotations: [point[count]])
                        * basis.adjoint)
            }
            return zip(entries, target).map { $0 - $1 }
        }

        func improve(_ start: [Double]) -> (point: [Double], distance: Double) {
            func size(_ residuals: [Double]) -> Double { residuals.reduce(0) { $0 + $1 * $1 } }
            var (point, values) = (start, residuals(start))
            var (distance, damping) = (size(values), 1e-2)
            for _ in 0..<200 where distance > 1e-30 {
                let columns = point.indices.map { index -> [Double] in
                    var (above, below) = (point, point)
                    above[index] += 1e-6
                    below[index] -= 1e-6
                    let slopes = zip(residuals(above), residuals(below)).map { ($0 - $1) / 2e-6 }
                    return slopes + point.indices.map { $0 == index ? damping.squareRoot() : 0 }
                }
                let step = LeastSquares(columns).fit(values.map { -$0 } + point.map { _ in 0 }).coefficients
                let next = zip(point, step).map { $0 + $1 }
                let found = residuals(next)
                if size(found) < distance {
                    (point, values, damping) = (next, found, max(damping / 10, 1e-12))
                    if distance - size(found) < 1e-9 * distance { return (point, size(found)) }
                    distance = size(found)
                } else {
                    damping *= 10
                    if damping > 1e6 { break }
                }
            }
            return (point, distance)
        }
    }
}

/// ρ → K ρ K† of one qubit in the Pauli basis.
private enum PauliTransfer {
    private static let basis = Pauli.basis(qubitCount: 1)

    static func entries(of kraus: ComplexMatrix) -> [Double] {
        basis.flatMap { row in basis.map { 0.5 * (row * kraus * $0 * kraus.adjoint).trace.real } }
    }
}
