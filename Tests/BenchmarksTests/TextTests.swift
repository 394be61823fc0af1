import Testing

@testable import Benchmarks

struct TextTests {
    @Test("numbers have three digits and the prefix that they round to")
    func quantities() {
        // By hand.
        let texts: [(Double, String)] = [
            (0, "0"), (5, "5"), (0.123, "0.12"), (12.34, "12.3"), (999.6, "1.00 k"), (1234, "1.23 k"),
            (2e8, "200 M"), (31.44e9, "31.4 G"), (1e12, "1 T"),
        ]
        for (value, text) in texts { #expect(Quantity.text(value) == text) }
        #expect(Quantity.seconds(0.01234) == "12.3 ms")
        #expect(Quantity.seconds(3) == "3 s")
        #expect(Quantity.seconds(4.5e-5) == "45.0 µs")
        #expect(Quantity.percent(0.678) == "68 %")
        #expect(Quantity.megabytes(140_900_000) == "141 MB")
    }
}
