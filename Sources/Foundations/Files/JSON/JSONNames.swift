/// Between the names of properties in Swift and of fields in JSON.
enum JSONNames {
    /// `testAccuracy` as `test_accuracy`; what is in snake case already stays.
    static func snakeCase(_ name: String) -> String {
        var text = ""
        for letter in name.unicodeScalars {
            if ("A"..."Z").contains(letter) {
                if !text.isEmpty { text += "_" }
                text += letter.properties.lowercaseMapping
            } else {
                text.unicodeScalars.append(letter)
            }
        }
        return text
    }

    /// `test_accuracy` as `testAccuracy`.
    static func camelCase(_ name: String) -> String {
        let words = name.split(separator: "_", omittingEmptySubsequences: false)
        return words.dropFirst().reduce(into: String(words[0])) {
            $0 += $1.prefix(1).uppercased() + $1.dropFirst()
        }
    }
}
