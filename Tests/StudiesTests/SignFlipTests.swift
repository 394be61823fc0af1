import Compute
import Testing

@testable import Studies

struct SignFlipTests {
    /// By hand: of the 2^n sums with either sign, how many are as far from 0.
    @Test("p values of a few differences, by hand")
    func byHand() {
        #expect(SignFlipTest.pValue([1, 2, 3]) == 0.25)
        // 3, 1, 1, −1, 1, −1, −1, −3 are all as far from 0 as 1 + 1 − 1.
        #expect(SignFlipTest.pValue([1, 1, -1]) == 1)
        // ±6 (2 sums) and ±4 (2 sums), as 1 − 2 − 3 = −4, of 0, ±2 (… 1 + 2 − 3 = 0).
        #expect(SignFlipTest.pValue([1, -2, -3]) == 0.5)
        #expect(SignFlipTest.pValue([0.5]) == 1)
        #expect(SignFlipTest.pValue([0, 0, 0]) == 1)
        #expect(SignFlipTest.pValue([]) == 1)
        #expect(SignFlipTest.pValue([Double](repeating: 0.01, count: 10)) == 1.0 / 512)
        #expect(SignFlipTest.pValue([Double](repeating: -0.01, count: 20)) == 1.0 / 524_288)
    }

    /// Sums that are equal on paper and not in binary: ±0.1 ± 0.2 ± 0.3 has 0 twice, and the observed sum is 0.
    @Test("sums that differ by rounding only are equal")
    func rounding() {
        #expect(SignFlipTest.pValue([0.1, 0.2, -0.3]) == 1)
        #expect(SignFlipTest.pValue([0.3, 0.1, 0.2, 0.6]) == 0.125)
    }

    @Test("p values are those of all signs, tried one by one")
    func bruteForce() {
        var random = RandomStream(seed: 3, purpose: .analysis).generator()
        for count in 2...9 {
            let values = (0..<count).map { _ in Double.random(in: -1...1.5, using: &random) }
            let observed = abs(values.reduce(0, +))
            let hits = (0..<1 << count).count { signs in
                let sum = values.enumerated().reduce(0.0) {
                    $0 + (signs >> $1.offset & 1 == 0 ? 1 : -1) * $1.element
                }
                return abs(sum) >= observed - 1e-12
            }
            #expect(SignFlipTest.pValue(values) == Double(hits) / Double(1 << count), "\(values)")
        }
    }

    /// With 1,048,576 draws of p = 0.5 the deviation is 0.0005; of the least p possible, a few hits at most.
    @Test("beyond 20 differences signs are drawn, always the same ones")
    func drawn() {
        let even = (0..<22).map { $0 % 2 == 0 ? 1.0 : -1.0 }
        #expect(SignFlipTest.pValue(even) == 1)
        let all = SignFlipTest.pValue([Double](repeating: 1, count: 25))
        #expect(all > 0 && all < 1e-5)
        // One large difference decides alone: its sign and the sum of the small ones are alike half the time.
        let mixed = SignFlipTest.pValue([30] + (0..<21).map { $0 == 0 ? 1 : 0 })
        #expect(abs(mixed - 0.5) < 0.0025)
        #expect(SignFlipTest.pValue([30] + (0..<21).map { $0 == 0 ? 1 : 0 }) == mixed)
    }

    /// By hand: 0.01 · 3, 0.03 · 2, and 0.04 · 1, which may not be less than the one before.
    @Test("Holm's correction, by hand")
    func holm() {
        let corrected = HolmCorrection.corrected([0.01, 0.04, 0.03])
        for (value, expected) in zip(corrected, [0.03, 0.06, 0.06]) { #expect(abs(value - expected) < 1e-15) }
        #expect(HolmCorrection.corrected([0.6, 0.7]) == [1, 1])
        #expect(HolmCorrection.corrected([0.2]) == [0.2])
        #expect(HolmCorrection.corrected([]) == [])
    }
}
