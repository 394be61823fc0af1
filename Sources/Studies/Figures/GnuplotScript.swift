import Files

/// A drawing in gnuplot's language, without the terminal and the output file.
public struct GnuplotScript: Sendable, Hashable {
    /// Width and height in points, which are pixels of an SVG; a PNG has twice as many for sharp screens.
    public let width: Int
    public let height: Int
    /// The commands, one a line.
    public let commands: [String]

    /// The whole script, as gnuplot reads it; the picture goes to standard output.
    public func text(format: FigureFormat) -> String {
        let terminal =
            switch format {
            case .svg:
                "set terminal svg size \(width),\(height) noenhanced font 'sans-serif,11' background '#ffffff'"
            case .png:
                "set terminal pngcairo size \(2 * width),\(2 * height) noenhanced font 'sans-serif,11' fontscale 1.6 "
                    + "linewidth 2 pointscale 2"
            case .pdf:
                // A pixel of the SVG is a 96th of an inch, and its font's 11 pixels are 8.25 points.
                "set terminal pdfcairo size \(numberText(Double(width) / 96))in,\(numberText(Double(height) / 96))in "
                    + "noenhanced font 'sans-serif,8.25' background '#ffffff'"
            }
        return (["set encoding utf8", terminal] + commands + ["unset output"]).joined(separator: "\n") + "\n"
    }
}

/// Numbers that a script's `plot` can name, a line a row.
func dataBlock(_ name: String, _ rows: [[Double]]) -> [String] {
    ["$\(name) << END"] + rows.map { $0.map(numberText).joined(separator: " ") } + ["END"]
}

/// Text as a gnuplot string, which nothing in it can end or make gnuplot run.
///
/// gnuplot runs what stands between backquotes, and has other signs with a meaning. So only ASCII letters, digits and a few
/// signs without any are passed as they are; every other byte is written as `\ooo`, which gnuplot decodes when the line has
/// been taken apart. Text that is too long for any picture is cut.
func quoted(_ text: String) -> String {
    let bytes = shortened(text.visible, bytes: 400).utf8.map { byte -> String in
        switch UnicodeScalar(byte) {
        case "a"..."z", "A"..."Z", "0"..."9", " ", ".", ",", ":", "(", ")", "+", "-", "_", "/", "=", "%":
            return String(UnicodeScalar(byte))
        default:
            let digits = String(byte, radix: 8)
            return "\\" + String(repeating: "0", count: 3 - digits.count) + digits
        }
    }
    return "\"\(bytes.joined())\""
}

/// Text at a tick of an axis: gnuplot takes `%` there for a format of at most 50 bytes.
///
/// - Parameter bytes: of the text, at most; 24 where it has a `%`, which is written twice.
func quotedTick(_ text: String, bytes: Int = 24) -> String {
    let visible = text.visible
    return quoted(
        shortened(visible, bytes: visible.contains("%") ? 24 : bytes).spelled(where: { $0 == "%" }) { _ in
            "%%"
        })
}

/// As many scalars from the front as fit, with an ellipsis where some do not.
func shortened(_ text: String, bytes: Int) -> String {
    guard text.utf8.count > bytes else { return text }
    var (kept, length) = ("", 0)
    for scalar in text.unicodeScalars {
        length += UTF8.width(scalar)
        if length > bytes - 3 { break }
        kept.unicodeScalars.append(scalar)
    }
    return kept + "…"
}

/// The colours of Okabe and Ito, which readers with any kind of colour vision can tell apart.
package enum Palette {
    package static let blue = "#0072B2"
    package static let vermilion = "#D55E00"
    package static let green = "#009E73"
    package static let purple = "#CC79A7"
    package static let sky = "#56B4E9"
    package static let orange = "#E69F00"
    package static let black = "#000000"
    package static let ink = "#333333"
    package static let faint = "#D9D9D9"

    /// Colours of curves in the order of use.
    package static let curves = [blue, vermilion, green, purple, sky, orange, black]

    /// The colour of a curve; they repeat when there are more curves than colours.
    package static func color(_ index: Int) -> String { curves[index % curves.count] }

    /// Gnuplot's numbers of point types, and the signs of legends that look so: what tells curves apart in grey.
    private static let marks: [(type: Int, sign: String)] = [
        (7, "●"), (5, "■"), (9, "▲"), (11, "▼"), (13, "◆"), (2, "×"), (1, "+"),
    ]

    /// How the points of a curve are drawn, at most a dozen of so many.
    static func points(_ index: Int, size: Double = 0.6, of count: Int = 0) -> String {
        let interval = (count + 11) / 12
        return "pointtype \(marks[index % marks.count].type) pointsize \(numberText(size))"
            + (interval > 1 ? " pointinterval \(interval)" : "")
    }

    /// What stands before a curve's name.
    static func sign(_ index: Int) -> String { marks[index % marks.count].sign }
}
