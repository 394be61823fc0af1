/// What every SVG file needs of text and numbers.
package enum SVGText {
    /// At most this many decimals, none where they are 0.
    package static func number(_ value: Double, decimals: Int) -> String {
        let scale = (0..<decimals).reduce(1) { power, _ in 10 * power }
        let parts = Int((value * Double(scale)).rounded())
        return parts % scale == 0 ? "\(parts / scale)" : "\(Double(parts) / Double(scale))"
    }

    /// Text between tags or quotes, so that none of it is taken for markup, nor is a sign that XML forbids.
    package static func escaped(_ text: String) -> String {
        text.visible.spelled(where: { markup[$0] != nil }) { markup[$0] ?? "" }
    }

    private static let markup: [Unicode.Scalar: String] = [
        "&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;", "'": "&#39;",
    ]
}
