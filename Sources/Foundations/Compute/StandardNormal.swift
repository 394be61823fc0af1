import Glibc

extension Double {
    /// A normal random number of mean 0 and variance 1, by the Box–Muller transform. Depends on the
    /// platform's logarithm and cosine in the last place.
    public static func standardNormal(using random: inout some RandomNumberGenerator) -> Double {
        // 1 − u lies in (0, 1], so the logarithm is finite.
        let radius = (-2 * log(1 - Double.random(in: 0..<1, using: &random))).squareRoot()
        return radius * cos(2 * .pi * Double.random(in: 0..<1, using: &random))
    }
}
