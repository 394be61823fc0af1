/// An array of numbers under the name that a file gives it.
package struct NamedArray: Sendable, Equatable {
    package enum Elements: Sendable, Equatable {
        case bytes([UInt8])
        case floats([Float])
    }

    /// A path with slashes between, as `hidden/memory`; each part is safe as the name of a file.
    package let name: String
    package let dimensions: [Int]
    /// Last dimension fastest.
    package let elements: Elements
    /// What the places of the last dimension are; nil where that needs no words.
    package let labels: [String]?

    package init(_ path: [String], dimensions: [Int], _ elements: Elements, labels: [String]? = nil) {
        let count =
            switch elements {
            case .bytes(let bytes): bytes.count
            case .floats(let floats): floats.count
            }
        precondition(dimensions.reduce(1, *) == count, "\(count) numbers do not fill \(dimensions)")
        name = path.map(PathComponent.safe).joined(separator: "/")
        self.dimensions = dimensions
        self.elements = elements
        self.labels = labels
    }
}
