extension DecodingError {
    /// The value at fault as a path from the root of the document, such as `cases[3].angles[0]`; empty for
    /// the document itself.
    public var place: String {
        var path = context.codingPath
        if case .keyNotFound(let key, _) = self { path.append(key) }
        return path.reduce(into: "") { place, key in
            if let index = key.intValue {
                place += "[\(index)]"
            } else {
                place += (place.isEmpty ? "" : ".") + key.stringValue
            }
        }
    }

    /// What is wrong with it, in words that need no knowledge of Swift.
    public var problem: String {
        switch self {
        case .keyNotFound: return "the field is missing"
        case .valueNotFound(let type, _): return "found null, expected \(Self.words(for: type))"
        case .typeMismatch(let type, let context):
            let found = context.debugDescription.firstRange(of: "but found ").map {
                String(context.debugDescription[$0.upperBound...]).replacing(" instead.", with: "")
            }
            return "found \(found ?? "another type"), expected \(Self.words(for: type))"
        case .dataCorrupted(let context):
            guard let cause = context.underlyingError else { return context.debugDescription }
            return "\(context.debugDescription) \(Self.detail(of: cause))"
        @unknown default: return "cannot be decoded"
        }
    }

    private var context: Context {
        switch self {
        case .keyNotFound(_, let context), .valueNotFound(_, let context), .typeMismatch(_, let context),
            .dataCorrupted(let context):
            return context
        @unknown default: return Context(codingPath: [], debugDescription: "")
        }
    }

    private static func words(for type: Any.Type) -> String {
        switch type {
        case is Double.Type, is Float.Type: "a number"
        case is any FixedWidthInteger.Type: "an integer"
        case is String.Type: "a string"
        case is Bool.Type: "true or false"
        case is any Collection.Type where "\(type)".hasPrefix("Dictionary"): "an object"
        case is any Collection.Type: "a list"
        default: "\(type)"
        }
    }

    /// The part of a JSON syntax error that says where it is, as the parser words it.
    private static func detail(of cause: any Error) -> String {
        "\(cause)"
    }
}
