/// The Mackey–Glass equation (Science 197, 287, 1977),
///
///     dx/dt = 0.2 x(t−τ) / (1 + x(t−τ)¹⁰) − 0.1 x(t),   x(t) = x₀ for t ≤ 0,
///
/// as NeuroBench has it (Nature Communications 16, 1545, 2025): 14 series of τ = 17 … 30, 75 points a Lyapunov time, from
/// t = τ on. NeuroBench's own numbers are of jitcdde at its usual tolerance of 10⁻⁵; chaos makes another integration another
/// series after some ten Lyapunov times, of the same statistics.
public struct MackeyGlass: Hashable, Sendable {
    /// τ
    public let delay: Int
    /// In the unit of τ.
    public let lyapunovTime: Int
    /// x₀
    public let initialValue: Double

    public static let pointsPerLyapunovTime = 75

    /// Those of NeuroBench, with its Lyapunov times and first values.
    public static let series: [MackeyGlass] = [
        (17, 197, 0.7206597), (18, 138, 0.7744313), (19, 315, 0.7783468), (20, 131, 0.9225991),
        (21, 191, 0.9479431), (22, 119, 0.5455960), (23, 106, 0.8622247), (24, 97, 0.3259660),
        (25, 98, 0.8297825), (26, 104, 1.0033490), (27, 112, 0.6491406), (28, 119, 1.0957495),
        (29, 131, 0.9256179), (30, 139, 0.2713639),
    ].map { MackeyGlass(delay: $0, lyapunovTime: $1, initialValue: $2) }

    /// Steps of the integration a unit of time.
    private static let stepsPerUnit = 100

    /// x at so many points, a 75th of the Lyapunov time apart, the first at t = τ.
    ///
    /// By the classical Runge–Kutta method of fourth order; the past between steps by cubic Hermite interpolation. Steps of
    /// 0.01 meet all points at which a derivative jumps, and no function of the mathematical library is called, so that the bits
    /// are the same everywhere. The error is below 10⁻⁹ before chaos makes it grow, by e in each Lyapunov time.
    public func values(count: Int) -> [Double] {
        let (lag, interval) = (delay * Self.stepsPerUnit, 1 / Double(Self.stepsPerUnit))
        // A point lies a third of its place in steps after t = 0: the distance of two points is 4/3 of the Lyapunov time, in steps.
        let stride = Self.stepsPerUnit * 3 / Self.pointsPerLyapunovTime * lyapunovTime
        let places = (0..<count).map { 3 * lag + $0 * stride }
        let stepCount = (places.last ?? 0) / 3 + 2
        func slope(_ value: Double, _ past: Double) -> Double {
            let (square, fourth) = (past * past, past * past * past * past)
            return 0.2 * past / (1 + fourth * fourth * square) - 0.1 * value
        }
        var (values, slopes) = ([initialValue], [Double]())
        values.reserveCapacity(stepCount + 1)
        slopes.reserveCapacity(stepCount)
        for step in 0..<stepCount {
            let past = step - lag
            let begin = past < 0 ? initialValue : values[past]
            let end = past < 0 ? initialValue : values[past + 1]
            let middle =
                past < 0
                ? initialValue : (begin + end) / 2 + interval / 8 * (slopes[past] - slopes[past + 1])
            let value = values[step]
            let first = slope(value, begin)
            let second = slope(value + interval / 2 * first, middle)
            let third = slope(value + interval / 2 * second, middle)
            let fourth = slope(value + interval * third, end)
            values.append(value + interval / 6 * (first + 2 * second + 2 * third + fourth))
            slopes.append(first)
        }
        return places.map { place in
            let (step, share) = (place / 3, Double(place % 3) / 3)
            let rest = 1 - share
            return values[step] * rest * rest * (1 + 2 * share)
                + values[step + 1] * share * share * (3 - 2 * share)
                + interval * share * rest * (slopes[step] * rest - slopes[step + 1] * share)
        }
    }
}
