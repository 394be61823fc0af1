import Files
import Testing

/// Signs that hide in a `Character`: a number sign of Arabic joins what follows it, an acute accent what precedes it.
private let joining = "\u{600}'\u{600}<\u{600}/\u{600}\"&\u{301}"

@Suite("Text of others")
struct VisibleTextTests {
    @Test(
        "what acts on a terminal is spelled out, and nothing else is changed",
        arguments: [
            ("plain, é, 漢, 👩‍💻, a\u{301}, \u{600}'", "plain, é, 漢, 👩‍💻, a\u{301}, \u{600}'"),
            ("\u{1B}[31m", "\\u{1B}[31m"), ("a\nb\r\nc\td", "a\\u{A}b\\u{D}\\u{A}c\\u{9}d"),
            ("\0\u{7F}\u{9B}", "\\u{0}\\u{7F}\\u{9B}"),
            ("\u{202E}txt\u{2066}\u{200F}\u{61C}", "\\u{202E}txt\\u{2066}\\u{200F}\\u{61C}"),
            ("\u{2028}\u{2029}\u{FFFE}\u{1FFFF}", "\\u{2028}\\u{2029}\\u{FFFE}\\u{1FFFF}"),
            ("\u{600}\u{1B}\u{301}", "\u{600}\\u{1B}\u{301}"), ("", ""),
        ])
    func visible(text: String, shown: String) {
        #expect(text.visible.unicodeScalars.elementsEqual(shown.unicodeScalars))
    }

    @Test("lines stay lines where the tool has set them")
    func lines() {
        #expect("a\u{1B}\n\nb\r\n".visibleLines == "a\\u{1B}\n\nb\\u{D}\n")
    }

    @Test("JSON stays JSON: escapes of four digits, two for scalars beyond the basic plane")
    func json() {
        #expect(#"{"a":"é\#u{9B}\#u{202E}\#u{1FFFE}"}"#.visibleJSON == #"{"a":"é\u009b\u202e\ud83f\udffe"}"#)
    }

    @Test("cells of a table are as wide as what is shown")
    func table() {
        #expect(TextTable.lines([["\u{1B}", "x"], ["a", "y"]]) == ["\\u{1B}  x", "a       y"])
        #expect(TextTable.numberLines([["\n", "1"], ["a", "2"]]) == ["\\u{A}  1", "a      2"])
    }
}

@Suite("Names in paths")
struct PathComponentTests {
    @Test("an ordinary name is itself", arguments: ["eagle", "eagle-0.5", "A_1", "_-"])
    func ordinary(name: String) {
        #expect(PathComponent.safe(name) == name)
    }

    @Test(
        "no name leaves its folder, hides, or is long",
        arguments: [
            "", ".", "..", "-", "--output", "../x", "/", "/etc/passwd", "a/b", "a\u{600}/\u{301}b", "\0",
            "a\nb", ".hidden",
            "é", "x y",
            String(repeating: "n", count: 300),
        ])
    func odd(name: String) {
        let component = PathComponent.safe(name)
        #expect(component.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "/") })
        #expect(
            !component.isEmpty && !component.hasPrefix(".") && !component.hasPrefix("-")
                && component.utf8.count <= 100)
        #expect(component != name)
    }

    // FNV-1a of the empty text is its offset, of "a" 0xaf63dc4c8601ec8c (RFC 9923, and the authors' page).
    @Test("two names stay two")
    func distinct() {
        #expect(PathComponent.safe("a/b") != PathComponent.safe("a b"))
        #expect(PathComponent.safe("é") != PathComponent.safe("e\u{301}"))
        #expect(PathComponent.safe("") == "_-cbf29ce484222325")
    }
}
