import Files

/// Named arrays of numbers with a map of text, as the safetensors format of Hugging Face stores them.
///
/// On disk: the length of the header (8 bytes, little-endian), the header in JSON, and the numbers
/// (little-endian, last index fastest). In memory and on disk the tensors stand **in documented order**: by
/// element type (U64, I64, F64, F32, I32, U8, so that all are aligned), then by the bytes of the name. It is the
/// order in which the reference implementation writes, and the one that digests of parameters use; equal contents
/// give equal bytes.
public struct SafetensorsFile: Sendable, Equatable {
    /// A tensor and its name.
    public struct Entry: Sendable, Equatable {
        public let name: String
        public let tensor: Tensor
    }

    /// The tensors in documented order.
    public private(set) var entries: [Entry]
    /// The text that travels along, as format names and versions (`__metadata__` of the header).
    public var metadata: [String: String]
    /// Where the contents came from, for messages.
    public let source: String

    /// - Parameter source: what messages about missing tensors call this value.
    public init(
        _ tensors: [String: Tensor] = [:], metadata: [String: String] = [:], source: String = "tensors"
    ) {
        entries = tensors.map { Entry(name: $0.key, tensor: $0.value) }.sorted(by: Self.isInOrder)
        self.metadata = metadata
        self.source = source
    }

    /// The tensor of a name; setting it keeps the order.
    public subscript(name: String) -> Tensor? {
        get { entries.first { $0.name == name }?.tensor }
        set {
            entries.removeAll { $0.name == name }
            guard let newValue else { return }
            entries.append(Entry(name: name, tensor: newValue))
            entries.sort(by: Self.isInOrder)
        }
    }

    /// The values of a tensor that must be there with this element type and shape.
    ///
    /// - Parameter shape: `nil` accepts any shape.
    /// - Throws: ``SafetensorsError`` that names file, tensor, what was found and what was expected.
    public func values<Element: TensorElement>(_ name: String, as type: Element.Type, shape: [Int]? = nil)
        throws(SafetensorsError) -> [Element]
    {
        guard let tensor = self[name] else {
            throw .missingTensor(file: source, name: name, found: entries.map(\.name))
        }
        guard let values = tensor.values(as: type) else {
            throw .invalidField(
                file: source, field: "\(name).dtype", found: tensor.elementType.rawValue,
                expected: type.elementType.rawValue)
        }
        if let shape, shape != tensor.shape {
            throw .invalidField(
                file: source, field: "\(name).shape", found: "\(tensor.shape)", expected: "\(shape)")
        }
        return values
    }

    private static func isInOrder(_ first: Entry, _ second: Entry) -> Bool {
        let ranks = (first.tensor.elementType.rank, second.tensor.elementType.rank)
        return ranks.0 != ranks.1
            ? ranks.0 < ranks.1 : first.name.utf8.lexicographicallyPrecedes(second.name.utf8)
    }
}

/// A safetensors file that breaks the format or does not hold what was asked for.
public enum SafetensorsError: DescribedError, Hashable {
    case truncated(file: String, found: Int, expected: String)
    case malformedHeader(file: String, reason: String)
    /// `field` as `layer1.weight.shape`.
    case invalidField(file: String, field: String, found: String, expected: String)
    case missingTensor(file: String, name: String, found: [String])

    public var category: ErrorCategory { .badInput }

    public var description: String {
        switch self {
        case .truncated(let file, let found, let expected):
            "\(file): found \(found) bytes, expected \(expected); the file is cut short, use an intact copy"
        case .malformedHeader(let file, let reason):
            "\(file): header: \(reason); this is no valid safetensors file, use an intact copy"
        case .invalidField(let file, let field, let found, let expected):
            "\(file): \(field): found \(found), expected \(expected)"
        case .missingTensor(let file, let name, let found):
            "\(file): found no tensor '\(name)', only \(found.isEmpty ? "none" : found.joined(separator: ", ")); "
                + "the file belongs to another kind of model"
        }
    }
}
