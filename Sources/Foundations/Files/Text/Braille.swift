/// Pictures of dots as lines of text.
package enum Braille {
    /// Dots as Braille patterns (Unicode block U+2800), each character two dots wide and four high.
    ///
    /// - Parameters:
    ///   - dots: those that are set, as numbers row after row.
    ///   - width: in dots, as `height`.
    package static func lines(_ dots: some Sequence<Int>, width: Int, height: Int) -> [String] {
        // Dots 1–3 and 7 are the left column from top to bottom, dots 4–6 and 8 the right one.
        let bits: [[UInt32]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]
        var cells = [[UInt32]](
            repeating: [UInt32](repeating: 0, count: (width + 1) / 2), count: (height + 3) / 4)
        for dot in dots {
            let (row, column) = (dot / width, dot % width)
            cells[row / 4][column / 2] |= bits[row % 4][column % 2]
        }
        return cells.map { row in
            String(String.UnicodeScalarView(row.compactMap { Unicode.Scalar(0x2800 + $0) }))
        }
    }

    /// A line without the blanks at its end, those of Braille too.
    package static func trimmed(_ line: String) -> String {
        var line = line
        while line.last == " " || line.last == "\u{2800}" { line.removeLast() }
        return line
    }
}
