/// The fields of an object, each asked for by its name in snake case.
struct JSONFields<Key: CodingKey>: KeyedDecodingContainerProtocol {
    private let fields: [String: JSONValue]
    private let order: [String]
    private let decoder: JSONDecoding
    private let asked: AskedFields
    /// Of a dictionary: any text is a key, and is taken as it stands.
    private let hasAnyName: Bool

    init(_ fields: [JSONValue.Field], of decoder: JSONDecoding, asked: AskedFields) {
        self.fields = Dictionary(uniqueKeysWithValues: fields.map { ($0.name, $0.value) })
        order = fields.map(\.name)
        self.decoder = decoder
        self.asked = asked
        hasAnyName = Key(stringValue: "any name at all") != nil
    }

    var codingPath: [any CodingKey] { decoder.codingPath }

    var allKeys: [Key] {
        if hasAnyName { return order.compactMap(Key.init(stringValue:)) }
        return order.compactMap { Key(stringValue: $0) ?? Key(stringValue: JSONNames.camelCase($0)) }
    }

    func contains(_ key: Key) -> Bool { value(key) != nil }

    func decodeNil(forKey key: Key) throws -> Bool { try found(key).decodeNil() }

    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try found(key).decode(type) }
    func decode(_ type: String.Type, forKey key: Key) throws -> String { try found(key).decode(type) }
    func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try found(key).decode(type) }
    func decode(_ type: Float.Type, forKey key: Key) throws -> Float { try found(key).decode(type) }
    func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try found(key).decode(type) }
    func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try found(key).decode(type) }
    func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try found(key).decode(type) }
    func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try found(key).decode(type) }
    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try found(key).decode(type) }
    func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try found(key).decode(type) }
    func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try found(key).decode(type) }
    func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try found(key).decode(type) }
    func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try found(key).decode(type) }
    func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try found(key).decode(type) }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try found(key).decode(type)
    }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) throws
        -> KeyedDecodingContainer<Nested>
    {
        try found(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try found(key).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder { decoder }
    func superDecoder(forKey key: Key) throws -> any Decoder { try found(key) }

    private func found(_ key: Key) throws -> JSONDecoding {
        let path = codingPath + [JSONKey(name(key))]
        guard let value = value(key) else {
            let misspelt = nearestWord(to: name(key), among: order.filter { !asked.names.contains($0) })
            throw JSONDocument.Problem(
                place: JSONDocument.place(path),
                problem: "the field is missing" + (misspelt.map { "; found '\($0)'" } ?? ""))
        }
        return JSONDecoding(value, at: path, reading: decoder.reading)
    }

    private func name(_ key: Key) -> String {
        hasAnyName ? key.stringValue : JSONNames.snakeCase(key.stringValue)
    }

    private func value(_ key: Key) -> JSONValue? {
        let name = name(key)
        asked.names.insert(name)
        if let value = fields[name] { return value }
        guard decoder.reading.contains(.oldNames), let value = fields[key.stringValue] else { return nil }
        asked.names.insert(key.stringValue)
        return value
    }
}

/// The elements of a list, one after the other.
struct JSONElements: UnkeyedDecodingContainer {
    let elements: [JSONValue]
    let decoder: JSONDecoding
    var currentIndex = 0

    init(elements: [JSONValue], decoder: JSONDecoding) { (self.elements, self.decoder) = (elements, decoder) }

    var codingPath: [any CodingKey] { decoder.codingPath }
    var count: Int? { elements.count }
    var isAtEnd: Bool { currentIndex == elements.count }

    mutating func decodeNil() throws -> Bool {
        guard !isAtEnd, elements[currentIndex] == .null else { return false }
        currentIndex += 1
        return true
    }

    mutating func decode(_ type: Bool.Type) throws -> Bool { try next().decode(type) }
    mutating func decode(_ type: String.Type) throws -> String { try next().decode(type) }
    mutating func decode(_ type: Double.Type) throws -> Double { try next().decode(type) }
    mutating func decode(_ type: Float.Type) throws -> Float { try next().decode(type) }
    mutating func decode(_ type: Int.Type) throws -> Int { try next().decode(type) }
    mutating func decode(_ type: Int8.Type) throws -> Int8 { try next().decode(type) }
    mutating func decode(_ type: Int16.Type) throws -> Int16 { try next().decode(type) }
    mutating func decode(_ type: Int32.Type) throws -> Int32 { try next().decode(type) }
    mutating func decode(_ type: Int64.Type) throws -> Int64 { try next().decode(type) }
    mutating func decode(_ type: UInt.Type) throws -> UInt { try next().decode(type) }
    mutating func decode(_ type: UInt8.Type) throws -> UInt8 { try next().decode(type) }
    mutating func decode(_ type: UInt16.Type) throws -> UInt16 { try next().decode(type) }
    mutating func decode(_ type: UInt32.Type) throws -> UInt32 { try next().decode(type) }
    mutating func decode(_ type: UInt64.Type) throws -> UInt64 { try next().decode(type) }
    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try next().decode(type) }

    mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) throws
        -> KeyedDecodingContainer<Nested>
    {
        try next().container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try next().unkeyedContainer()
    }

    mutating func superDecoder() throws -> any Decoder { try next() }

    private mutating func next() throws -> JSONDecoding {
        let path = codingPath + [JSONKey(currentIndex)]
        guard !isAtEnd else {
            throw JSONDocument.Problem(
                place: JSONDocument.place(path), problem: "found the end of the list, expected more")
        }
        defer { currentIndex += 1 }
        return JSONDecoding(elements[currentIndex], at: path, reading: decoder.reading)
    }
}
