/// An array of numbers with a shape, last index fastest.
public struct Tensor: Sendable, Equatable {
    /// Element types, named as the safetensors format does, in the documented order of ``SafetensorsFile``.
    public enum ElementType: String, Sendable, CaseIterable {
        case uint64 = "U64"
        case int64 = "I64"
        case float64 = "F64"
        case float32 = "F32"
        case int32 = "I32"
        case uint8 = "U8"

        /// Bytes of an element.
        public var size: Int {
            switch self {
            case .uint8: 1
            case .int32, .float32: 4
            case .float64, .int64, .uint64: 8
            }
        }

        /// Place in the documented order of ``SafetensorsFile``.
        var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    }

    public let elementType: ElementType
    public let shape: [Int]
    /// The elements in little-endian order.
    public let bytes: [UInt8]

    /// - Parameter shape: `nil` for a vector of all values; else its product is the number of values.
    public init<Element: TensorElement>(_ values: [Element], shape: [Int]? = nil) {
        let shape = shape ?? [values.count]
        precondition(shape.reduce(1, *) == values.count, "\(values.count) values do not fill shape \(shape)")
        elementType = Element.elementType
        self.shape = shape
        bytes = values.withUnsafeBytes(Array.init)
    }

    init(elementType: ElementType, shape: [Int], bytes: [UInt8]) {
        self.elementType = elementType
        self.shape = shape
        self.bytes = bytes
    }

    /// The values, `nil` when they are of another type.
    public func values<Element: TensorElement>(as type: Element.Type) -> [Element]? {
        guard type.elementType == elementType else { return nil }
        let count = bytes.count / elementType.size
        return [Element](unsafeUninitializedCapacity: count) { buffer, initializedCount in
            bytes.withUnsafeBytes { UnsafeMutableRawBufferPointer(buffer).copyMemory(from: $0) }
            initializedCount = count
        }
    }
}

/// A Swift number that a ``Tensor`` can hold: plain old data, stored as the memory of the machine, which is
/// little-endian on every platform of this package.
public protocol TensorElement: BitwiseCopyable, Sendable {
    static var elementType: Tensor.ElementType { get }
}

extension UInt8: TensorElement { public static var elementType: Tensor.ElementType { .uint8 } }
extension Int32: TensorElement { public static var elementType: Tensor.ElementType { .int32 } }
extension Float: TensorElement { public static var elementType: Tensor.ElementType { .float32 } }
extension Double: TensorElement { public static var elementType: Tensor.ElementType { .float64 } }
extension Int64: TensorElement { public static var elementType: Tensor.ElementType { .int64 } }
extension UInt64: TensorElement { public static var elementType: Tensor.ElementType { .uint64 } }

#if _endian(big)
    #error("Tensors are stored as the machine's memory, which must be little-endian.")
#endif
