import QuantumCircuits

/// How a measured bit is read: the probability of each value read for each true one.
public struct ReadoutConfusion: Hashable, Sendable {
    /// How far a row may be from adding up to 1.
    public static let tolerance = 1e-9

    /// Probability to read 1 where 0 is true.
    public let falseSpike: Double
    /// Probability to read 0 where 1 is true.
    public let missedSpike: Double

    public init(falseSpike: Double, missedSpike: Double) {
        self.falseSpike = falseSpike
        self.missedSpike = missedSpike
    }

    /// Reads what is true.
    public static let exact = ReadoutConfusion(falseSpike: 0, missedSpike: 0)

    /// Probability of a value read, given the true one.
    public subscript(true truth: Int, read read: Int) -> Double {
        switch (truth, read) {
        case (0, 0): 1 - falseSpike
        case (0, _): falseSpike
        case (_, 0): missedSpike
        default: 1 - missedSpike
        }
    }
}
