import FoundationEssentials

/// All JSON that is read or written: one naming style (snake_case), errors that name the field in words that need no
/// knowledge of Swift, and no field that nobody understands.
///
/// Types stay plain `Codable`: a property `testAccuracy` is the field `test_accuracy`, and a field that a type's initialiser
/// did not ask for is refused.
public enum JSONDocument {
    /// What is wrong with a document.
    public struct Problem: Error, Equatable {
        /// The value at fault as a path from the root, such as `cases[3].angles[0]`; empty for the document itself.
        public let place: String
        /// What was found and expected.
        public let problem: String

        public init(place: String, problem: String) {
            self.place = place
            self.problem = problem
        }

        /// Both in one line.
        public var text: String { place.isEmpty ? problem : "\(place): \(problem)" }
    }

    /// How strictly a document is read.
    public struct Reading: OptionSet, Sendable {
        public let rawValue: Int
        public init(rawValue: Int) { self.rawValue = rawValue }

        /// Fields of other programs' files that this one does not read are passed over.
        public static let ignoringUnknownFields = Reading(rawValue: 1)
        /// Fields in camel case are taken too, as earlier releases wrote them.
        public static let oldNames = Reading(rawValue: 2)
    }

    /// How a value is laid out in text.
    public enum Layout: Sendable {
        /// One line.
        case line
        /// A field a line, and a line end after the last.
        case indented
    }

    /// Decodes a document.
    ///
    /// - Throws: ``Problem``. Errors that the type's own `init(from:)` throws are passed on if they are
    ///   decoding errors or problems, and described otherwise.
    public static func decode<Value: Decodable>(
        _ type: Value.Type, from data: some Sequence<UInt8>, _ reading: Reading = []
    ) throws(Problem) -> Value {
        try decode(type, try JSONParser.parse(Array(data)), reading)
    }

    /// Decodes a document that may say only what differs from another value: the field `base` names that one, and the fields
    /// beside it replace its own, objects field by field.
    ///
    /// - Parameter base: the value of a name.
    public static func decode<Value: Codable>(
        _ type: Value.Type, from data: some Sequence<UInt8>, _ reading: Reading = [],
        over base: (String) throws(Problem) -> Value
    ) throws(Problem) -> Value {
        let value = try JSONParser.parse(Array(data))
        guard case .object(let fields) = value, let field = fields.first(where: { $0.name == "base" }) else {
            return try decode(type, value, reading)
        }
        guard case .string(let name) = field.value else {
            throw Problem(place: "base", problem: "found \(field.value.kind), expected a string")
        }
        let changes = JSONValue.object(fields.filter { $0.name != "base" })
        do {
            let whole = try JSONParser.parse(encode(base(name)))
            return try decode(type, whole.changed(by: changes), reading)
        } catch let problem as Problem {
            throw problem
        } catch {
            throw Problem(place: "base", problem: "\(error)")
        }
    }

    /// Reads a document that says itself what it is.
    ///
    /// - Parameters:
    ///   - schema: what the document's field `schema` says.
    ///   - expected: what it has to say.
    /// - Throws: ``Problem`` also where it says something else.
    public static func decode<Value: Decodable>(
        _ type: Value.Type, from data: some Sequence<UInt8>, schema: (Value) -> String, expected: String
    ) throws(Problem) -> Value {
        let value = try decode(type, from: data)
        guard schema(value) == expected else {
            throw Problem(place: "schema", problem: "found '\(schema(value))', expected '\(expected)'")
        }
        return value
    }

    private static func decode<Value: Decodable>(
        _ type: Value.Type, _ value: JSONValue, _ reading: Reading
    ) throws(Problem) -> Value {
        do {
            return try JSONDecoding(value, reading: reading).decode(type)
        } catch let problem as Problem {
            throw problem
        } catch DecodingError.keyNotFound(let key, let context) {
            throw Problem(place: place(context.codingPath + [key]), problem: "the field is missing")
        } catch let error as DecodingError {
            let context = context(of: error)
            throw Problem(place: place(context.codingPath), problem: context.debugDescription)
        } catch {
            throw Problem(place: "", problem: "\(error)")
        }
    }

    /// Encodes a value with sorted fields.
    ///
    /// - Throws: `EncodingError` for numbers that are not finite, which JSON cannot write.
    public static func encode(_ value: some Encodable, _ layout: Layout = .line) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if layout == .indented { encoder.outputFormatting.insert(.prettyPrinted) }
        encoder.keyEncodingStrategy = .custom { path in
            JSONKey(JSONNames.snakeCase(path.last?.stringValue ?? ""))
        }
        let text = try encoder.encode(value)
        return Array(text) + (layout == .indented ? [UInt8(ascii: "\n")] : [])
    }

    /// The fields of a value, dotted paths to compact text: for messages that compare two values.
    public static func fields(of value: some Encodable) throws -> [String: String] {
        var fields: [String: String] = [:]
        func collect(_ value: JSONValue, _ path: String) {
            guard case .object(let members) = value else {
                fields[path] = value.text
                return
            }
            for member in members {
                collect(member.value, path.isEmpty ? member.name : "\(path).\(member.name)")
            }
        }
        collect(try JSONParser.parse(try encode(value)), "")
        return fields
    }

    /// The same as messages have it: long values are not shown.
    public static func differenceTexts(_ first: some Encodable, _ second: some Encodable) throws -> [String] {
        try differences(first, second).map { field, left, right in
            let isShort = max(left.count, right.count) <= 40
            return isShort ? "\(field) is \(left), not \(right)" : "\(field) differs"
        }
    }

    /// The fields in which two values differ, by name, with what each has there; `none` where it has no such field.
    public static func differences(
        _ first: some Encodable, _ second: some Encodable
    ) throws -> [(field: String, first: String, second: String)] {
        let (first, second) = (try fields(of: first), try fields(of: second))
        return Set(first.keys).union(second.keys).sorted().compactMap { field in
            let (own, other) = (first[field] ?? "none", second[field] ?? "none")
            return own == other ? nil : (field, own, other)
        }
    }

    static func place(_ path: [any CodingKey]) -> String {
        path.reduce(into: "") { place, key in
            if let index = key.intValue {
                place += "[\(index)]"
            } else {
                place += (place.isEmpty ? "" : ".") + key.stringValue
            }
        }
    }

    private static func context(of error: DecodingError) -> DecodingError.Context {
        switch error {
        case .keyNotFound(_, let context), .valueNotFound(_, let context), .typeMismatch(_, let context),
            .dataCorrupted(let context):
            context
        @unknown default: DecodingError.Context(codingPath: [], debugDescription: "cannot be decoded")
        }
    }
}

extension JSONValue {
    /// Compact text, for messages.
    fileprivate var text: String {
        switch self {
        case .null: "null"
        case .bool(let flag): "\(flag)"
        case .number(let text): text
        case .string(let text): "\"\(text)\""
        case .array(let elements): "[\(elements.map(\.text).joined(separator: ","))]"
        case .object(let fields):
            "{\(fields.map { "\"\($0.name)\":\($0.value.text)" }.joined(separator: ","))}"
        }
    }
}
