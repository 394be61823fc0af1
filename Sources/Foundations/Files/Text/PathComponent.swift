/// A name, which may come from a file, as the name of a file or folder.
package enum PathComponent {
    private static let longest = 64

    /// The name itself where it has nothing but ASCII letters and digits, `-`, `_` and `.`, begins with a letter, digit or `_`,
    /// and is not long; otherwise such a name with the digest of the whole, so that two names stay two.
    package static func safe(_ name: String) -> String {
        let kept = String(
            String.UnicodeScalarView(
                name.unicodeScalars.prefix(longest).enumerated().map { index, scalar in
                    isKept(scalar) && (index > 0 || !"-.".unicodeScalars.contains(scalar))
                        ? scalar : index == 0 ? "_" : "-"
                }))
        if kept.utf8.elementsEqual(name.utf8), !name.isEmpty { return name }
        return "\(kept.isEmpty ? "_" : kept)-\(digest(name))"
    }

    private static func isKept(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "-", "_", ".": true
        default: false
        }
    }

    /// FNV-1a of 64 bits, in hexadecimal digits.
    private static func digest(_ name: String) -> String {
        let hash = name.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return String(hash, radix: 16)
    }
}
