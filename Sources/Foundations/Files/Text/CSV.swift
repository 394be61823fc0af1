/// Comma-separated values (RFC 4180).
public enum CSV {
    /// A row without its line's end: fields with a comma, a quote or a line's end are quoted.
    public static func row(_ fields: [String]) -> String { fields.map(field).joined(separator: ",") }

    private static func field(_ text: String) -> String {
        let needsQuotes = text.utf8.contains { ",\"\n\r".utf8.contains($0) }
        return needsQuotes ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
    }
}
