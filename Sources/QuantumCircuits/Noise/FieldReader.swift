/// A field's name in a file.
struct FieldName: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

/// Reads the optional fields of a JSON object, and refuses those that nobody asked for.
struct FieldReader {
    private let container: KeyedDecodingContainer<FieldName>
    private var known: [String] = []

    init(_ decoder: any Decoder) throws { container = try decoder.container(keyedBy: FieldName.self) }

    mutating func read<Value: Decodable>(_ name: String) throws -> Value? {
        known.append(name)
        return try container.decodeIfPresent(Value.self, forKey: FieldName(name))
    }

    func refuseOthers() throws {
        let others = container.allKeys.filter { !known.contains($0.stringValue) }
        guard let other = others.min(by: { $0.stringValue < $1.stringValue }) else { return }
        throw DecodingError.dataCorruptedError(
            forKey: other, in: container,
            debugDescription: "no such field; expected one of " + known.sorted().joined(separator: ", "))
    }
}
