import Compute

/// The sign-flip permutation test of paired differences: how often a mean difference at least as large, either way, comes of the same
/// differences with random signs. It assumes nothing but that without an effect either sign of a difference is as likely.
public enum SignFlipTest {
    /// Differences up to which all 2^n choices of signs are tried.
    public static let largestExactCount = 20
    /// Choices of signs that are drawn of more differences.
    static let drawCount = 1 << 20

    /// The p value: exact for at most ``largestExactCount`` differences, the least being 2/2^n; beyond, (1 + hits)/(1 + draws) over
    /// `drawCount` choices, always the same ones. 1 of no differences.
    public static func pValue(_ differences: [Double]) -> Double {
        let scale = differences.reduce(0) { $0 + abs($1) }
        // Sums that are equal but for rounding count as equal.
        let observed = abs(differences.reduce(0, +)) - 1e-9 * scale
        guard differences.count <= largestExactCount else { return drawn(differences, observed) }
        // Sums come in pairs of opposite sign, so that the first one's can be left as it is.
        var sums = [differences.first ?? 0]
        sums.reserveCapacity(1 << max(differences.count - 1, 0))
        for difference in differences.dropFirst() {
            for index in sums.indices {
                sums.append(sums[index] - difference)
                sums[index] += difference
            }
        }
        return Double(sums.count { abs($0) >= observed }) / Double(sums.count)
    }

    private static func drawn(_ differences: [Double], _ observed: Double) -> Double {
        var random = RandomStream(seed: 1, purpose: .analysis).generator()
        var hits = 1
        for _ in 0..<drawCount {
            var sum = 0.0
            for difference in differences { sum += Bool.random(using: &random) ? difference : -difference }
            if abs(sum) >= observed { hits += 1 }
        }
        return Double(hits) / Double(drawCount + 1)
    }
}

/// Holm's correction of p values for their number: it keeps the chance of any false finding among all of them below the level.
public enum HolmCorrection {
    /// - Returns: corrected values, in the order given.
    public static func corrected(_ values: [Double]) -> [Double] {
        var corrected = values
        var largest = 0.0
        for (rank, index) in values.indices.sorted(by: { values[$0] < values[$1] }).enumerated() {
            largest = max(largest, min(Double(values.count - rank) * values[index], 1))
            corrected[index] = largest
        }
        return corrected
    }
}
