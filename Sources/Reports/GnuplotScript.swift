/// A drawing in gnuplot's language, without the terminal and the output file.
public struct GnuplotScript: Sendable, Hashable {
    /// Width and height in points, which are pixels of an SVG; a PNG has twice as many for sharp screens.
    public let width: Int
    public let height: Int
    /// The commands, one a line.
    public let commands: [String]

    /// The whole script, as gnuplot reads it.
    public func text(format: FigureFormat, output: String) -> String {
        let terminal =
            switch format {
            case .svg:
                "set terminal svg size \(width),\(height) noenhanced font 'sans-serif,11' background '#ffffff'"
            case .png:
                "set terminal pngcairo size \(2 * width),\(2 * height) noenhanced font 'sans-serif,11' fontscale 1.6 "
                    + "linewidth 2 pointscale 2"
            }
        let lines =
            ["set encoding utf8", terminal, "set output \(quoted(output))"] + commands + ["unset output"]
        return lines.joined(separator: "\n") + "\n"
    }
}

/// Text as a gnuplot string: between single quotes nothing but the quote itself has a meaning.
func quoted(_ text: String) -> String {
    let line = text.map { $0.isNewline ? " " : $0 == "'" ? "''" : String($0) }.joined()
    return "'\(line)'"
}

/// The colours of Okabe and Ito, which readers with any kind of colour vision can tell apart.
enum Palette {
    static let blue = "#0072B2"
    static let vermilion = "#D55E00"
    static let green = "#009E73"
    static let purple = "#CC79A7"
    static let sky = "#56B4E9"
    static let orange = "#E69F00"
    static let black = "#000000"
    static let ink = "#333333"
    static let faint = "#D9D9D9"

    /// Colours of curves in the order of use.
    static let curves = [blue, vermilion, green, purple, sky, orange, black]

    /// The colour of a curve; they repeat when there are more curves than colours.
    static func color(_ index: Int) -> String { curves[index % curves.count] }
}
