import Glibc
import Testing

@testable import Files

@Suite("Printed numbers and columns")
struct PrintedTextTests {
    @Test("numbers are printed as C does, in every locale")
    func numbers() {
        #expect(String(printf: "%.2f ± %.1e", 1.005, 0.00123) == "1.00 ± 1.2e-03")
        #expect(String(printf: "%*ld/%ld %g %%", 3, 7, 12, 0.5) == "  7/12 0.5 %")
        #expect(String(printf: "%.400f", 1.0).utf8.count == 402)
        // A locale with a decimal comma, where the machine has one.
        for name in ["de_DE.UTF-8", "fr_FR.UTF-8", "ru_RU.UTF-8"] {
            guard let comma = newlocale(1 << LC_NUMERIC, name, nil) else { continue }
            let before = uselocale(comma)
            #expect(String(printf: "%.1f", 1.5) == "1.5")
            #expect(uselocale(before) == comma)
        }
    }

    @Test("columns are filled up, and white space at ends goes")
    func columns() {
        #expect("ab".padded(to: 4) == "ab  ")
        #expect("abc".padded(to: 2) == "abc")
        #expect(" a b\n".trimmed == "a b")
        #expect(" \n".trimmed == "")
    }
}
