/// A value as Python writes it: as much of it as headers of `.npy` files have.
enum PythonLiteral: Equatable {
    case text(String)
    case integer(Int)
    case boolean(Bool)
    /// A list or a tuple.
    case list([PythonLiteral])
    case dictionary([String: PythonLiteral])

    /// nil for what is none.
    init?(_ text: some Collection<UInt8>) {
        var parser = Parser(rest: Array(text)[...])
        guard let value = parser.value(depth: 0), parser.isAtEnd() else { return nil }
        self = value
    }

    var text: String? { if case .text(let text) = self { text } else { nil } }
    var integer: Int? { if case .integer(let integer) = self { integer } else { nil } }
    var boolean: Bool? { if case .boolean(let boolean) = self { boolean } else { nil } }
    var list: [PythonLiteral]? { if case .list(let list) = self { list } else { nil } }

    private struct Parser {
        var rest: ArraySlice<UInt8>

        /// Deeper than any type of an array.
        static let depthLimit = 8

        mutating func skipSpace() { rest = rest.drop { [32, 9, 10, 13].contains($0) } }

        mutating func isAtEnd() -> Bool {
            skipSpace()
            return rest.isEmpty
        }

        mutating func take(_ character: Character) -> Bool {
            skipSpace()
            guard rest.first == character.asciiValue else { return false }
            rest.removeFirst()
            return true
        }

        mutating func value(depth: Int) -> PythonLiteral? {
            guard depth < Self.depthLimit else { return nil }
            skipSpace()
            switch rest.first.map({ Character(Unicode.Scalar($0)) }) {
            case "'", "\"": return string().map(PythonLiteral.text)
            case "(": return items("(", ")", depth).map(PythonLiteral.list)
            case "[": return items("[", "]", depth).map(PythonLiteral.list)
            case "{": return dictionary(depth)
            default: return word()
            }
        }

        /// Without escapes, which no type has.
        private mutating func string() -> String? {
            let quote = rest.removeFirst()
            guard let end = rest.firstIndex(of: quote), !rest[..<end].contains(UInt8(ascii: "\\")) else {
                return nil
            }
            defer { rest = rest[(end + 1)...] }
            return String(validating: rest[..<end], as: UTF8.self)
        }

        private mutating func items(_ start: Character, _ end: Character, _ depth: Int) -> [PythonLiteral]? {
            guard take(start) else { return nil }
            var items: [PythonLiteral] = []
            while !take(end) {
                guard let item = value(depth: depth + 1) else { return nil }
                items.append(item)
                if !take(",") { return take(end) ? items : nil }
            }
            return items
        }

        private mutating func dictionary(_ depth: Int) -> PythonLiteral? {
            guard take("{") else { return nil }
            var entries: [String: PythonLiteral] = [:]
            while !take("}") {
                guard case .text(let key)? = value(depth: depth + 1), take(":"), entries[key] == nil,
                    let entry = value(depth: depth + 1)
                else { return nil }
                entries[key] = entry
                if !take(",") { return take("}") ? .dictionary(entries) : nil }
            }
            return .dictionary(entries)
        }

        private mutating func word() -> PythonLiteral? {
            let word = rest.prefix { $0 > 32 && !",:()[]{}".utf8.contains($0) }
            rest = rest.dropFirst(word.count)
            switch String(decoding: word, as: UTF8.self) {
            case "True": return .boolean(true)
            case "False": return .boolean(false)
            // Of Python 2: 3L.
            case let text:
                return Int(text.hasSuffix("L") ? String(text.dropLast()) : text).map(PythonLiteral.integer)
            }
        }
    }
}
