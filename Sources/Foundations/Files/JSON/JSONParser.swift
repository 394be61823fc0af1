/// Takes a JSON text apart, as RFC 8259 has it and no more: UTF-8, no repeated field, no more levels than
/// ``deepest``.
///
/// Foundation's decoder crashes on a few hundred opening brackets, guesses at encodings, and keeps the first of two fields of
/// one name without a word, so that a file could mean something else than its reader sees.
struct JSONParser {
    /// Levels of lists and objects within one another. Our own files have fewer than ten.
    static let deepest = 100

    private let bytes: [UInt8]
    private var index = 0
    private var depth = 0

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// - Throws: ``JSONDocument/Problem`` that names line and column.
    static func parse(_ bytes: [UInt8]) throws(JSONDocument.Problem) -> JSONValue {
        var parser = JSONParser(bytes)
        let value = try parser.value()
        parser.skipSpace()
        if parser.index < bytes.count { throw parser.problem("found more after the end of the value") }
        return value
    }

    private mutating func value() throws(JSONDocument.Problem) -> JSONValue {
        skipSpace()
        guard let next else { throw unexpected("a value") }
        switch next {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
        default: return try word()
        }
    }

    private mutating func object() throws(JSONDocument.Problem) -> JSONValue {
        try enter()
        var fields: [JSONValue.Field] = []
        var names: Set<String> = []
        skipSpace()
        if take("}") { return leave(.object(fields)) }
        repeat {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw unexpected("a field's name in double quotes") }
            let start = index
            let name = try string()
            guard names.insert(name).inserted else {
                index = start
                throw problem("the field '\(name)' is given twice")
            }
            skipSpace()
            guard take(":") else { throw unexpected("':' after the field's name") }
            fields.append(JSONValue.Field(name: name, value: try value()))
            skipSpace()
        } while take(",")
        guard take("}") else { throw unexpected("',' or '}'") }
        return leave(.object(fields))
    }

    private mutating func array() throws(JSONDocument.Problem) -> JSONValue {
        try enter()
        var elements: [JSONValue] = []
        skipSpace()
        if take("]") { return leave(.array(elements)) }
        repeat {
            elements.append(try value())
            skipSpace()
        } while take(",")
        guard take("]") else { throw unexpected("',' or ']'") }
        return leave(.array(elements))
    }

    private mutating func enter() throws(JSONDocument.Problem) {
        depth += 1
        if depth > Self.deepest { throw problem("found more than \(Self.deepest) levels of brackets") }
        index += 1
    }

    private mutating func leave(_ value: JSONValue) -> JSONValue {
        depth -= 1
        return value
    }

    private mutating func word() throws(JSONDocument.Problem) -> JSONValue {
        let words: [(StaticString, JSONValue)] = [
            ("true", .bool(true)), ("false", .bool(false)), ("null", .null),
        ]
        for (word, value) in words where take(word) { return value }
        throw unexpected("a value; note that JSON has no NaN and no infinite numbers")
    }

    private mutating func number() throws(JSONDocument.Problem) -> String {
        let start = index
        _ = take("-")
        if !take("0") { try digits() }
        if take(".") { try digits() }
        if take("e") || take("E") {
            if !take("-") { _ = take("+") }
            try digits()
        }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    private mutating func digits() throws(JSONDocument.Problem) {
        let start = index
        while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { index += 1 }
        if index == start { throw unexpected("a digit") }
    }

    private mutating func string() throws(JSONDocument.Problem) -> String {
        let start = index
        index += 1
        var text: [UInt8] = []
        while let byte = next, byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { throw unexpected("control characters written as \\u00XX") }
            if byte == UInt8(ascii: "\\") {
                text += try escape().utf8
            } else {
                text.append(byte)
                index += 1
            }
        }
        guard take("\"") else { throw unexpected("the quote that ends the string") }
        guard let string = String(validating: text, as: UTF8.self) else {
            index = start
            throw problem("found a string that is not UTF-8")
        }
        return string
    }

    private mutating func escape() throws(JSONDocument.Problem) -> String {
        index += 1
        let plain: [(StaticString, String)] = [
            ("\"", "\""), ("\\", "\\"), ("/", "/"), ("b", "\u{8}"), ("f", "\u{C}"), ("n", "\n"),
            ("r", "\r"), ("t", "\t"),
        ]
        for (sign, text) in plain where take(sign) { return text }
        guard take("u") else { throw unexpected("an escape sequence of JSON") }
        let first = try hexadecimal()
        // Beyond the first plane, two halves follow one another.
        guard UTF16.isLeadSurrogate(first) else {
            guard let scalar = Unicode.Scalar(first) else { throw problem("found half a character") }
            return String(scalar)
        }
        guard take("\\u") else { throw problem("found half a character") }
        let second = try hexadecimal()
        guard UTF16.isTrailSurrogate(second) else { throw problem("found half a character") }
        return String(decoding: [first, second], as: UTF16.self)
    }

    private mutating func hexadecimal() throws(JSONDocument.Problem) -> UInt16 {
        let digits = String(decoding: bytes[index..<min(index + 4, bytes.count)], as: UTF8.self)
        guard digits.utf8.count == 4, !digits.hasPrefix("+"), let value = UInt16(digits, radix: 16) else {
            throw unexpected("four hexadecimal digits")
        }
        index += 4
        return value
    }

    private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func skipSpace() {
        while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { index += 1 }
    }

    /// Takes a word off the text if it stands there.
    private mutating func take(_ word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard index + count <= bytes.count else { return false }
        let matches = word.withUTF8Buffer { $0.elementsEqual(bytes[index..<index + count]) }
        if matches { index += count }
        return matches
    }

    private func unexpected(_ expected: String) -> JSONDocument.Problem {
        guard let byte = next else { return problem("found the end of the text, expected \(expected)") }
        let isPlain = (0x21..<0x7F).contains(byte)
        let found = isPlain ? "'\(Unicode.Scalar(byte))'" : "the byte \(String(byte, radix: 16))"
        return problem("found \(found), expected \(expected)")
    }

    private func problem(_ text: String) -> JSONDocument.Problem {
        let before = bytes[..<min(index, bytes.count)]
        let line = before.count { $0 == 0x0A } + 1
        let column = before.count - (before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0) + 1
        return JSONDocument.Problem(
            place: "", problem: "not valid JSON (line \(line), column \(column)): \(text)")
    }
}
