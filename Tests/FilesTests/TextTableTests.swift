import Files
import Testing

@Suite("Text tables")
struct TextTableTests {
    @Test("columns are as wide as their cells, and the last cell of a short row widens none")
    func table() {
        let lines = TextTable.lines([["a", "b", "c"], ["long", "x", "y"], ["s", "skipped: a long reason"]])
        #expect(lines == ["a     b  c", "long  x  y", "s     skipped: a long reason"])
    }

    @Test("numbers are flush right under their heads, and no line ends with a space")
    func numbers() {
        let lines = TextTable.numberLines([["name", "count", "+"], ["a", "1", " "], ["longer", "1000000"]])
        #expect(lines == ["name      count  +", "a             1", "longer  1000000"])
        #expect(TextTable.numberLines([]) == [])
    }
}
