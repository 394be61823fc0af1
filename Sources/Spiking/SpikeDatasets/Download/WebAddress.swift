/// An address on the web, which may hold a name and a password: `https://user:password@example.org/mnist/`.
struct WebAddress: Sendable, CustomStringConvertible {
    /// The address as it is, for the connection alone.
    let text: String

    /// - Returns: nil for what is no http or https address, or holds blanks or control characters.
    init?(_ text: String) {
        let scheme = ["https://", "http://"].first {
            text.utf8.count > $0.utf8.count && text.lowercased().hasPrefix($0)
        }
        guard let scheme, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
        let place = text.dropFirst(scheme.count).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let host = place.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
        guard !host.isEmpty, !host.hasPrefix(":") else { return nil }
        self.text = text
    }

    /// For messages: without name and password.
    var description: String { Self.withoutCredentials(text) }

    /// Any text that may be meant as an address, without what may be a name and a password in it: all between `://`, or
    /// the beginning, and the last `@`.
    static func withoutCredentials(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard let at = scalars.lastIndex(of: "@") else { return text }
        let address = String(scalars[scalars.index(after: at)...])
        guard let end = text.firstRange(of: "://")?.upperBound, end <= at else { return address }
        return String(text[..<end]) + address
    }
}
