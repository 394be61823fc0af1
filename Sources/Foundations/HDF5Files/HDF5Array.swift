/// What an array of an HDF5 file is said to be; its numbers are not read yet.
package struct HDF5Array: Sendable, Hashable, CustomStringConvertible {
    package struct Field: Sendable, Hashable {
        /// Empty of an array without records.
        package let name: String
        package let element: HDF5Element
    }

    /// Path from the root group, without a slash before it.
    package let name: String
    package let dimensions: [Int]
    /// One where the array has no records.
    package let fields: [Field]
    package let isRecord: Bool
    /// Whether each element is a sequence of its own length.
    package let varies: Bool
    let isChunked: Bool

    /// 1 of a single number.
    package var rowCount: Int { dimensions.first ?? 1 }

    /// Elements of a row; nil for more than can be counted.
    var rowSize: Int? {
        var size = 1
        for dimension in dimensions.dropFirst() {
            let (product, overflow) = size.multipliedReportingOverflow(by: dimension)
            if overflow { return nil }
            size = product
        }
        return size
    }

    /// Its place, shape and type, for messages.
    package var description: String {
        let types = fields.map { isRecord ? "\($0.name): \($0.element)" : "\($0.element)" }
        let shape = dimensions.isEmpty ? "a single one" : dimensions.map(String.init).joined(separator: " × ")
        return
            "\(name) (\(shape) of \(varies ? "sequences of " : "")\(isRecord ? "records of " : "")\(types.joined(separator: ", ")))"
    }
}

/// A type of numbers as a file has them.
package enum HDF5Element: Sendable, Hashable, CustomStringConvertible {
    case integer(bytes: Int, isSigned: Bool)
    case floatingPoint(bytes: Int)
    /// Of one byte: false and true.
    case truth
    case text
    case other

    /// Whether every such number can be converted into a signed one of 64 bits, but for those above its range, which are errors.
    package var isWhole: Bool {
        switch self {
        case .integer(let bytes, _): bytes <= 8
        case .truth: true
        default: false
        }
    }

    package var isFloatingPoint: Bool {
        if case .floatingPoint(let bytes) = self { bytes <= 8 } else { false }
    }

    package var description: String {
        switch self {
        case .integer(let bytes, let isSigned):
            "\(8 * bytes)-bit \(isSigned ? "signed" : "unsigned") integers"
        case .floatingPoint(let bytes): "\(8 * bytes)-bit floating-point numbers"
        case .truth: "truth values"
        case .text: "text"
        case .other: "elements that are no numbers"
        }
    }
}

/// What a name of an HDF5 file leads to.
package enum HDF5Entry: Sendable, Hashable {
    case group(String)
    case array(HDF5Array)
    /// A link, or an array whose numbers are in another file.
    case elsewhere(String)
    /// Something that makes no sense, or is neither a group nor an array.
    case unreadable(String)

    package var name: String {
        switch self {
        case .group(let name), .elsewhere(let name), .unreadable(let name): name
        case .array(let array): array.name
        }
    }
}
