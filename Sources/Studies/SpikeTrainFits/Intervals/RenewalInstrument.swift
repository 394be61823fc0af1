import Compute
import Glibc
import QuantumCircuits

/// A neuron with one memory qubit that a spike puts back, at constant current: in real numbers
///
///     K_0 = R(ω) √(1 − γ |1⟩⟨1|),   K_1 = √γ |m⟩⟨1|,   m = cos α |0⟩ + sin α |1⟩,
///
/// with R(ω) the rotation by ω. An interval has n steps with probability γ |⟨1| K_0^{n−1} |m⟩|²: it oscillates with the argument of
/// K_0's eigenvalues while it decays with their size, for ever.
public struct RenewalInstrument: Sendable, Hashable, Codable {
    /// ω, radians.
    public let turn: Double
    /// γ, 0 … 1.
    public let loss: Double
    /// α, radians.
    public let reset: Double

    public init(turn: Double, loss: Double, reset: Double) {
        (self.turn, self.loss, self.reset) = (turn, loss, reset)
    }

    /// The target of the study (docs/studies/clock.md).
    public static let clock = RenewalInstrument(turn: 0.6, loss: 0.25, reset: 0)

    /// q(1) … q(N).
    public func probabilities(longest: Int) -> [Double] {
        var (upper, lower) = (cos(reset), sin(reset))
        let kept = (1 - loss).squareRoot()
        return (0..<longest).map { _ in
            defer {
                let faded = kept * lower
                (upper, lower) = (
                    cos(turn) * upper - sin(turn) * faded, sin(turn) * upper + cos(turn) * faded
                )
            }
            return loss * lower * lower
        }
    }

    /// K_0, K_1.
    public var krausOperators: [ComplexMatrix] {
        let kept = (1 - loss).squareRoot()
        func matrix(_ rows: [[Double]]) -> ComplexMatrix {
            ComplexMatrix(rows.map { $0.map { Complex($0) } })
        }
        return [
            matrix([[cos(turn), -sin(turn) * kept], [sin(turn), cos(turn) * kept]]),
            matrix([[0, loss.squareRoot() * cos(reset)], [0, loss.squareRoot() * sin(reset)]]),
        ]
    }
}

extension RenewalInstrument {
    /// The most likely one for the intervals of a train, from many beginnings.
    ///
    /// - Parameter intervals: steps, each at least 1; at least one of them.
    public static func fit(_ intervals: [Int], seed: UInt64) -> RenewalInstrument {
        func instrument(_ point: [Double]) -> RenewalInstrument {
            let root = sin(point[1])
            return RenewalInstrument(turn: point[0], loss: root * root, reset: point[2])
        }
        let longest = intervals.max() ?? 1
        // The law of all intervals is no more work than that of a few.
        var counts = [Double](repeating: 0, count: longest)
        for interval in intervals { counts[interval - 1] += 1 / Double(intervals.count) }
        let starts = (0..<500).map { number in
            var random = RandomStream(seed: seed, purpose: .analysis, population: 10)
                .generator(sample: number)
            return (0..<3).map { _ in Double.random(in: -.pi...(.pi), using: &random) }
        }
        let best = starts.map { start in
            QuasiNewton().minimise(from: start) { point in
                zip(counts, instrument(point).probabilities(longest: longest)).reduce(0) {
                    $1.0 > 0 ? $0 - $1.0 * log(max($1.1, 1e-290)) : $0
                }
            }
        }.min { $0.value < $1.value }
        return instrument(best?.point ?? [0, 0, 0])
    }
}
