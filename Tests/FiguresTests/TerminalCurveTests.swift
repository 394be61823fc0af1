import Testing

@testable import Figures

/// Curves as text.
struct TerminalCurveTests {
    @Test("a straight line rises from the lower left to the upper right, its ends named at the left")
    func line() {
        let curve = TerminalCurve(name: "loss", values: [0, 1, 2, 3])
        let lines = curve.lines(width: 30, height: 2)
        #expect(lines.count == 3 && lines[0] == "loss: 3")
        #expect(lines[1].hasPrefix("        3 ") && lines[2].hasPrefix("        0 "))
        // Braille dots of the last column above, of the first one below.
        #expect(lines[1].unicodeScalars.last.map { $0.value & 0x08 != 0 } == true)
        #expect(Array(lines[2].unicodeScalars)[10].value & 0x40 != 0)
    }

    @Test("nothing, one value, a constant, gaps")
    func special() {
        #expect(TerminalCurve(name: "a", values: []).lines(width: 40, height: 3) == ["a: nothing yet"])
        #expect(TerminalCurve(name: "a", values: [.nan]).lines(width: 40, height: 3) == ["a: nothing yet"])
        #expect(TerminalCurve(name: "a", values: [2]).lines(width: 40, height: 3).count == 4)
        #expect(TerminalCurve(name: "a", values: [2, 2]).lines(width: 40, height: 3).first == "a: 2")
        #expect(TerminalCurve(name: "a", values: [1, .nan, 3]).lines(width: 40, height: 3).first == "a: 3")
    }
}
