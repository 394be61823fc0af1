import Files

/// Text inside of markup.
package enum Markup {
    /// Text between tags or quotes, so that none of it is taken for markup, nor is a sign that XML forbids.
    package static func escaped(_ text: String) -> String {
        text.visible.spelled(where: { signs[$0] != nil }) { signs[$0] ?? "" }
    }

    private static let signs: [Unicode.Scalar: String] = [
        "&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;", "'": "&#39;",
    ]
}
