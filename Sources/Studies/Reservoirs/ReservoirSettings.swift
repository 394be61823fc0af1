import Compute
import Glibc

/// What may be chosen of a reservoir and its read-out before anything is trained.
public struct ReservoirSettings: Hashable, Sendable, Codable {
    /// How widely the numbers of a neuron are drawn: angles uniform in ±spread · π; of other parameters the deviation of their
    /// own law times it.
    public var spread: Double
    /// Width of the interval around ½ in which an input moves the firing probability of a bare qubit.
    public var range: Double
    /// Of the weights by which several inputs come together: the length of a channel's vector.
    public var gain: Double
    /// λ of the read-out, see `LinearReadout`.
    public var ridge: Double

    public static let spreads = 0.0...1.0
    public static let ranges = 0.0...1.0
    public static let gains = 0.001...1000.0
    public static let ridges = 1e-14...1e6

    public init(spread: Double = 1, range: Double = 1, gain: Double = 1, ridge: Double = 1e-9) {
        self.spread = spread
        self.range = range
        self.gain = gain
        self.ridge = ridge
    }

    /// One of the settings of a search: spread and range uniform in 0.1 … 1, gain in 0.5 … 8 and λ in 10⁻¹⁰ … 10⁻¹ uniform in
    /// their logarithms.
    static func drawn(trial: Int, seed: UInt64) -> ReservoirSettings {
        var random = RandomStream(seed: seed, purpose: .search).generator(sample: trial)
        func uniform(_ range: ClosedRange<Double>) -> Double { Double.random(in: range, using: &random) }
        return ReservoirSettings(
            spread: uniform(0.1...1), range: uniform(0.1...1), gain: pow(2, uniform(-1...3)),
            ridge: pow(10, uniform(-10...(-1))))
    }

    /// The settings of the smallest error among a first one and others drawn at random.
    ///
    /// - Parameters:
    ///   - trials: settings tried, the first included, at least 1.
    ///   - error: on data that nothing is tested by; a read-out that cannot be trained counts as the worst.
    public static func best(
        of trials: Int, from first: ReservoirSettings, seed: UInt64,
        error: (ReservoirSettings) throws -> Double
    ) throws -> ReservoirSettings {
        var best = (settings: first, error: Double.infinity)
        for trial in 0..<trials {
            let settings = trial == 0 ? first : drawn(trial: trial, seed: seed)
            do {
                let found = try error(settings)
                if found < best.error { best = (settings, found) }
            } catch ReservoirError.singular { continue }
        }
        return best.settings
    }
}
