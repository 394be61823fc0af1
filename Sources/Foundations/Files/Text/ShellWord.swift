extension String {
    /// The text as one word of a POSIX shell, in quotes where it needs them.
    package var shellWord: String {
        let isPlain = !isEmpty && unicodeScalars.allSatisfy(Self.isPlain)
        guard !isPlain else { return self }
        // Nothing is special within single quotes but the quote itself.
        return "'"
            + unicodeScalars.split(separator: "'", omittingEmptySubsequences: false).map(String.init)
            .joined(separator: "'\\''") + "'"
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "-", "_", ".", ",", "/", ":", "=", "@", "%", "+": true
        default: false
        }
    }
}
