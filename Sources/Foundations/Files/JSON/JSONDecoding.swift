/// A decoder that stands at one value of a JSON text, and knows afterwards which fields nobody asked for.
struct JSONDecoding: Decoder {
    let value: JSONValue
    let codingPath: [any CodingKey]
    let reading: JSONDocument.Reading
    private let asked = AskedFields()

    var userInfo: [CodingUserInfoKey: Any] { [:] }

    init(_ value: JSONValue, at path: [any CodingKey] = [], reading: JSONDocument.Reading) {
        self.value = value
        codingPath = path
        self.reading = reading
    }

    /// The value as a type, with no field left over.
    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        if case .string(let text) = value, let words = words(of: type), !words.contains(text) {
            let hint = spellingHint(text, among: words)
            throw JSONDocument.Problem(
                place: JSONDocument.place(codingPath),
                problem: "found '\(text)', expected one of \(words.joined(separator: ", "))\(hint)")
        }
        let decoded = try Value(from: self)
        if case .object(let fields) = value, asked.isObject, !reading.contains(.ignoringUnknownFields) {
            try refuseOthers(fields)
        }
        return decoded
    }

    private func refuseOthers(_ fields: [JSONValue.Field]) throws {
        guard let other = fields.first(where: { !asked.names.contains($0.name) })?.name else { return }
        let known = asked.names.sorted()
        let hint = spellingHint(other, among: known)
        throw JSONDocument.Problem(
            place: JSONDocument.place(codingPath + [JSONKey(other)]),
            problem: "there is no such field here; expected one of \(known.joined(separator: ", "))\(hint)")
    }

    /// The words that an enumeration is written as; its own error would not name them.
    private func words<Value>(of type: Value.Type) -> [String]? {
        func words<Choice: CaseIterable>(_ type: Choice.Type) -> [String]? {
            let words = Choice.allCases.compactMap { ($0 as? any RawRepresentable)?.rawValue as? String }
            return words.isEmpty ? nil : words
        }
        guard let type = type as? any CaseIterable.Type else { return nil }
        return words(type)
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard case .object(let fields) = value else { throw mismatch("an object") }
        asked.isObject = true
        return KeyedDecodingContainer(JSONFields(fields, of: self, asked: asked))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard case .array(let elements) = value else { throw mismatch("a list") }
        return JSONElements(elements: elements, decoder: self)
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer { self }

    func mismatch(_ expected: String) -> JSONDocument.Problem {
        JSONDocument.Problem(
            place: JSONDocument.place(codingPath), problem: "found \(value.kind), expected \(expected)")
    }
}

/// The names that a type's initialiser has asked one object for: a reference, because it may ask in several containers.
final class AskedFields {
    var names: Set<String> = []
    /// Whether the value was read as an object at all.
    var isObject = false
}

/// A field's name or an element's place.
struct JSONKey: CodingKey {
    let stringValue: String
    let intValue: Int?

    init(_ name: String) { (stringValue, intValue) = (name, nil) }
    init(_ index: Int) { (stringValue, intValue) = ("\(index)", index) }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { self.init(intValue) }
}

extension JSONDecoding: SingleValueDecodingContainer {
    func decodeNil() -> Bool { value == .null }

    func decode(_ type: Bool.Type) throws -> Bool {
        guard case .bool(let flag) = value else { throw mismatch("true or false") }
        return flag
    }

    func decode(_ type: String.Type) throws -> String {
        guard case .string(let text) = value else { throw mismatch("a string") }
        return text
    }

    func decode(_ type: Double.Type) throws -> Double { try floatingPoint() }
    func decode(_ type: Float.Type) throws -> Float { try floatingPoint() }
    func decode(_ type: Int.Type) throws -> Int { try integer() }
    func decode(_ type: Int8.Type) throws -> Int8 { try integer() }
    func decode(_ type: Int16.Type) throws -> Int16 { try integer() }
    func decode(_ type: Int32.Type) throws -> Int32 { try integer() }
    func decode(_ type: Int64.Type) throws -> Int64 { try integer() }
    func decode(_ type: UInt.Type) throws -> UInt { try integer() }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try integer() }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try integer() }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try integer() }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try integer() }

    private func floatingPoint<Value: BinaryFloatingPoint & LosslessStringConvertible>() throws -> Value {
        guard case .number(let text) = value else { throw mismatch("a number") }
        guard let number = Value(text), number.isFinite else {
            throw JSONDocument.Problem(
                place: JSONDocument.place(codingPath),
                problem: "found \(text.prefix(30)), expected at most \(Value.greatestFiniteMagnitude)")
        }
        return number
    }

    private func integer<Value: FixedWidthInteger>() throws -> Value {
        guard case .number(let text) = value else { throw mismatch("an integer") }
        // 3.0 and 1e3 are integers too.
        guard let number = Value(text) ?? Double(text).flatMap(Value.init(exactly:)) else {
            let isWhole = Double(text).map { $0 == $0.rounded() } ?? false
            let range = isWhole ? " from \(Value.min) to \(Value.max)" : ""
            throw JSONDocument.Problem(
                place: JSONDocument.place(codingPath),
                problem: "found \(text.prefix(30)), expected an integer\(range)")
        }
        return number
    }
}
