import Testing

@testable import Compute

struct CountTests {
    @Test("sums and products are exact as long as they fit, and then stay at the largest number")
    func arithmetic() {
        #expect(Count.of(3, 5, 7) == Count(105))
        #expect(Count.of(0, Int.max) == .zero)
        #expect(Count(2).times(3, 4) + Count(1) == Count(25))
        #expect(Count.of(1 << 32, 1 << 30).value == 1 << 62)
        #expect(!Count.of(1 << 32, 1 << 30).isBeyondRange)
        for beyond in [Count.of(1 << 32, 1 << 31), Count(Int.max) + Count(1), Count.of(Int.max, Int.max, 2)] {
            #expect(beyond.isBeyondRange && beyond.value == Int.max)
        }
        // A zero after a product that did not fit: nothing is nothing.
        #expect(Count.of(Int.max, 2, 0) == .zero)
    }

    @Test("groups and real numbers are rounded up")
    func rounding() {
        #expect([0, 1, 64, 65].map { Count($0).dividedRoundingUp(by: 64).value } == [0, 1, 1, 2])
        #expect(Count(Int.max).dividedRoundingUp(by: 1).value == Int.max)
        #expect([-1, 0, 0.1, 3].map { Count(roundingUp: $0).value } == [0, 0, 1, 3])
        #expect(Count(roundingUp: 1e300).isBeyondRange)
    }
}
