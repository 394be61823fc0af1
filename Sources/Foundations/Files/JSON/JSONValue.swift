/// A JSON text taken apart, with the objects' fields in the order of the text.
enum JSONValue: Equatable {
    case null
    case bool(Bool)
    /// As it is written, so that no digit is lost before the type that is wanted is known.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([Field])

    struct Field: Equatable {
        let name: String
        let value: JSONValue
    }

    /// What a message calls a value of this kind.
    var kind: String {
        switch self {
        case .null: "null"
        case .bool: "true or false"
        case .number: "a number"
        case .string: "a string"
        case .array: "a list"
        case .object: "an object"
        }
    }
}

extension JSONValue {
    /// The value with another in its place, or, of two objects, with the other's fields in place of its own.
    func changed(by other: JSONValue) -> JSONValue {
        guard case .object(let own) = self, case .object(let others) = other else { return other }
        let changed = own.map { field in
            let change = others.first { $0.name == field.name }
            return Field(
                name: field.name, value: change.map { field.value.changed(by: $0.value) } ?? field.value)
        }
        return .object(changed + others.filter { other in !own.contains { $0.name == other.name } })
    }
}
