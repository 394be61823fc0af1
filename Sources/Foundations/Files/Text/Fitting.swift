extension StringProtocol {
    /// Without white space at its ends.
    package var trimmed: String {
        let body = drop(while: \.isWhitespace)
        return body.lastIndex { !$0.isWhitespace }.map { String(body[...$0]) } ?? ""
    }

    /// Filled up with spaces to the width of a column.
    package func padded(to width: Int) -> String {
        self + String(repeating: " ", count: Swift.max(0, width - count))
    }
}
