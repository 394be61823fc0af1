import Foundation

/// JSON files given by users: decoding whose errors name the field in words that need no knowledge of Swift.
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
    }

    /// Decodes a document.
    ///
    /// - Throws: ``Problem``. Errors that the type's own `init(from:)` throws are passed on if they are
    ///   decoding errors, and described otherwise.
    public static func decode<Value: Decodable>(
        _ type: Value.Type, from data: Data
    ) throws(Problem) -> Value {
        do {
            return try JSONDecoder().decode(type, from: data)
        } catch let error as DecodingError {
            if case .dataCorrupted(let context) = error, context.codingPath.isEmpty {
                throw Problem(place: "", problem: documentProblem(of: data))
            }
            throw Problem(place: place(of: error), problem: problem(of: error))
        } catch {
            throw Problem(place: "", problem: "\(error)")
        }
    }

    /// The fields of a value as JSON, dotted paths to compact text: for messages that compare two values.
    public static func fields(of value: some Encodable) throws -> [String: String] {
        let object = try JSONSerialization.jsonObject(
            with: JSONEncoder().encode(value), options: .fragmentsAllowed)
        var fields: [String: String] = [:]
        func collect(_ value: Any, _ path: String) throws {
            guard let object = value as? [String: Any] else {
                let options: JSONSerialization.WritingOptions = [.fragmentsAllowed, .sortedKeys]
                let text = try JSONSerialization.data(withJSONObject: value, options: options)
                fields[path] = String(decoding: text, as: UTF8.self)
                return
            }
            for (key, value) in object { try collect(value, path.isEmpty ? key : path + "." + key) }
        }
        try collect(object, "")
        return fields
    }

    private static func place(of error: DecodingError) -> String {
        var path = context(of: error).codingPath
        if case .keyNotFound(let key, _) = error { path.append(key) }
        return path.reduce(into: "") { place, key in
            if let index = key.intValue {
                place += "[\(index)]"
            } else {
                place += (place.isEmpty ? "" : ".") + key.stringValue
            }
        }
    }

    private static func problem(of error: DecodingError) -> String {
        switch error {
        case .keyNotFound: "the field is missing"
        case .valueNotFound(let type, _): "found null, expected \(words(for: type))"
        case .typeMismatch(let type, let context):
            "found \(found(in: context.debugDescription)), expected \(words(for: type))"
        case .dataCorrupted(let context): context.debugDescription
        @unknown default: "cannot be decoded"
        }
    }

    private static func context(of error: DecodingError) -> DecodingError.Context {
        switch error {
        case .keyNotFound(_, let context), .valueNotFound(_, let context), .typeMismatch(_, let context),
            .dataCorrupted(let context):
            context
        @unknown default: DecodingError.Context(codingPath: [], debugDescription: "")
        }
    }

    /// The decoder says "Expected to decode Double but found a string instead."
    private static func found(in description: String) -> String {
        guard let start = description.firstRange(of: "but found ")?.upperBound else { return "another type" }
        let found = String(description[start...].replacing(" instead.", with: ""))
        let words = [
            "number": "a number", "bool": "true or false", "an array": "a list", "a dictionary": "an object",
        ]
        return words[found] ?? found
    }

    private static func words(for type: Any.Type) -> String {
        switch type {
        case is Double.Type, is Float.Type: "a number"
        case is any FixedWidthInteger.Type: "an integer"
        case is String.Type: "a string"
        case is Bool.Type: "true or false"
        case is any Collection.Type: "\(type)".hasPrefix("Dictionary") ? "an object" : "a list"
        default: "\(type)"
        }
    }

    /// Why a document as a whole cannot be decoded: the decoder does not tell on Linux; the older parser says
    /// where the text stops being JSON.
    private static func documentProblem(of data: Data) -> String {
        do {
            _ = try JSONSerialization.jsonObject(with: data, options: .fragmentsAllowed)
            return "a number does not fit its field; expected an integer, or a smaller number"
        } catch {
            let detail = (error as NSError).userInfo[NSDebugDescriptionErrorKey] as? String
            let place = detail.map { " (\($0.prefix { $0 != "." }))" } ?? ""
            return "not valid JSON\(place); note that JSON has no NaN and no infinite numbers"
        }
    }
}
