import Foundation
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
