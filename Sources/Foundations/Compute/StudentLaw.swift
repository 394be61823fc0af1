import Glibc

/// Student's t distribution.
public enum StudentLaw {
    /// t with P(|T| > t) = `tail`: how many standard errors a mean may be off.
    ///
    /// - Parameters:
    ///   - tail: of both sides together, in 0 … 1.
    ///   - freedom: degrees of freedom, at least 1.
    public static func quantile(tail: Double, freedom: Int) -> Double {
        precondition(freedom > 0 && tail > 0 && tail < 1, "no such quantile")
        var (low, high) = (0.0, 2.0)
        while self.tail(beyond: high, freedom: freedom) > tail { (low, high) = (high, 2 * high) }
        for _ in 0..<200 where high - low > 1e-13 * high {
            let middle = (low + high) / 2
            if self.tail(beyond: middle, freedom: freedom) > tail { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }

    /// P(|T| > t) = I_x(ν/2, 1/2) with x = ν/(ν + t²), the regularised incomplete beta function.
    public static func tail(beyond value: Double, freedom: Int) -> Double {
        let (first, second) = (Double(freedom) / 2, 0.5)
        let point = Double(freedom) / (Double(freedom) + value * value)
        if point >= 1 { return 1 }
        let logBeta = lgamma(first) + lgamma(second) - lgamma(first + second)
        let scale = exp(first * log(point) + second * log(1 - point) - logBeta)
        return point < (first + 1) / (first + second + 2)
            ? scale * continuedFraction(point, first, second) / first
            : 1 - scale * continuedFraction(1 - point, second, first) / second
    }

    /// By Lentz's method (Press and others, Numerical Recipes, 6.4).
    private static func continuedFraction(_ point: Double, _ first: Double, _ second: Double) -> Double {
        func away(_ value: Double) -> Double { abs(value) < 1e-300 ? 1e-300 : value }
        var upper = 1.0
        var lower = 1 / away(1 - (first + second) * point / (first + 1))
        var fraction = lower
        for index in 1...500 {
            let order = Double(index)
            let place = first + 2 * order
            let even = order * (second - order) * point / ((place - 1) * place)
            let odd = -(first + order) * (first + second + order) * point / (place * (place + 1))
            for coefficient in [even, odd] {
                lower = 1 / away(1 + coefficient * lower)
                upper = away(1 + coefficient / upper)
                fraction *= lower * upper
            }
            if abs(lower * upper - 1) < 1e-15 { break }
        }
        return fraction
    }
}
