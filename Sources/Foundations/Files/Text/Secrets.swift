import FoundationEssentials

/// Takes out of a text what nobody but its owner may read, before the text is shown or written down.
///
/// That is: user and password of an address (`https://user:password@host`); what follows words such as token, API key,
/// password, secret, authorization and bearer; JSON web tokens; keys in the form of IBM's (44 letters and digits, or 128
/// hexadecimal digits); and the values of environment variables whose names say that they are secret.
public enum Secrets {
    /// Stands for what was taken out.
    public static let replacement = "***"

    /// - Parameter environment: whose secret variables are looked for in the text.
    public static func redacted(
        _ text: String, environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> String {
        var text = text
        for (name, value) in environment where value.utf8.count >= 8 && isSecret(name) {
            text = text.replacing(value, with: replacement)
        }
        // Scalars rather than characters: a mark that joins to the one before must not hide it.
        text.replace(address.matchingSemantics(.unicodeScalar)) { "\($0.output.1)\(replacement)@" }
        text.replace(bearer.matchingSemantics(.unicodeScalar)) { "\($0.output.1)\(replacement)" }
        text.replace(named.matchingSemantics(.unicodeScalar)) { "\($0.output.1)\(replacement)" }
        text.replace(spoken.matchingSemantics(.unicodeScalar)) { "\($0.output.1)\(replacement)" }
        text.replace(bare.matchingSemantics(.unicodeScalar)) { match in
            isKey(match.output) ? replacement : String(match.output)
        }
        return text
    }

    private static func isSecret(_ name: String) -> Bool {
        let name = name.uppercased()
        return ["TOKEN", "PASSWORD", "PASSWD", "SECRET", "API_KEY", "APIKEY"].contains { name.contains($0) }
    }

    private static var address: Regex<(Substring, Substring)> {
        /([A-Za-z][A-Za-z0-9+.\-]{0,20}:\/\/)[^\s\/@"'<>]*@/
    }

    private static var bearer: Regex<(Substring, Substring)> {
        /(\b(?:bearer|basic|apikey)\s+)[A-Za-z0-9._~+\/=\-]{8,}/.ignoresCase()
    }

    /// A name, a colon or an equals sign, and the value, in quotes or not.
    private static var named: Regex<(Substring, Substring)> {
        /((?:token|api[_\- ]?key|password|passwd|secret|authorization)["']?\s*[:=]\s*)(?:"[^"]*"|'[^']*'|[^\s"'&,;|}\]]+)/
            .ignoresCase()
    }

    /// As in "token X is not valid", where X is no word.
    private static var spoken: Regex<(Substring, Substring)> {
        /((?:token|api[_\- ]?key|password|secret)\s+["']?)(?=[^\s"']*[0-9])[^\s"'&,;|]{16,}/.ignoresCase()
    }

    private static var bare: Regex<Substring> { /[A-Za-z0-9_\-.]{44,}/ }

    /// Whether a word without a name to it has the form of a key.
    private static func isKey(_ word: Substring) -> Bool {
        let bytes = word.utf8
        if bytes.count == 128 { return bytes.allSatisfy { Character(UnicodeScalar($0)).isHexDigit } }
        if word.hasPrefix("eyJ") { return word.split(separator: ".").count >= 2 }
        func has(_ range: ClosedRange<UInt8>) -> Bool { bytes.contains { range.contains($0) } }
        return bytes.count == 44 && !bytes.contains(UInt8(ascii: ".")) && has(0x30...0x39) && has(0x41...0x5a)
            && has(0x61...0x7a)
    }
}
