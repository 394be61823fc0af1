// The names are C's.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import CSQSNN
import Files

/// Named arrays that a caller reads where they lie.
final class NamedArrays {
    struct Entry {
        let name: UnsafeMutablePointer<CChar>
        let dimensions: UnsafeMutableBufferPointer<Int64>
        let elements: UnsafeMutableRawBufferPointer
        let areFloats: Bool
    }

    let entries: [Entry]

    init(_ arrays: [NamedArray]) {
        entries = arrays.map { array in
            let dimensions = UnsafeMutableBufferPointer<Int64>.allocate(capacity: array.dimensions.count)
            _ = dimensions.initialize(from: array.dimensions.map { Int64($0) })
            let elements: UnsafeMutableRawBufferPointer
            let areFloats: Bool
            switch array.elements {
            case .bytes(let bytes): (elements, areFloats) = (Self.copy(bytes), false)
            case .floats(let floats): (elements, areFloats) = (Self.copy(floats), true)
            }
            return Entry(
                name: CInterface.copy(array.name.utf8), dimensions: dimensions, elements: elements,
                areFloats: areFloats)
        }
    }

    private static func copy(_ elements: [some BitwiseCopyable]) -> UnsafeMutableRawBufferPointer {
        elements.withUnsafeBytes { bytes in
            let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 64)
            copy.copyMemory(from: bytes)
            return copy
        }
    }

    deinit {
        for entry in entries {
            entry.name.deallocate()
            entry.dimensions.deallocate()
            entry.elements.deallocate()
        }
    }
}

private func entry(_ arrays: OpaquePointer?, _ index: Int64) -> NamedArrays.Entry? {
    guard let arrays: NamedArrays = try? object(arrays, "arrays"), index >= 0, index < arrays.entries.count
    else { return nil }
    return arrays.entries[Int(index)]
}

@c @implementation
public func sqs_arrays_count(_ arrays: OpaquePointer?) -> Int64 {
    guard let arrays: NamedArrays = try? object(arrays, "arrays") else { return 0 }
    return Int64(arrays.entries.count)
}

@c @implementation
public func sqs_arrays_name(_ arrays: OpaquePointer?, _ index: Int64) -> UnsafePointer<CChar>? {
    entry(arrays, index).map { UnsafePointer($0.name) }
}

@c @implementation
public func sqs_arrays_are_floats(_ arrays: OpaquePointer?, _ index: Int64) -> Int32 {
    entry(arrays, index)?.areFloats == true ? 1 : 0
}

@c @implementation
public func sqs_arrays_rank(_ arrays: OpaquePointer?, _ index: Int64) -> Int64 {
    Int64(entry(arrays, index)?.dimensions.count ?? 0)
}

@c @implementation
public func sqs_arrays_dimensions(_ arrays: OpaquePointer?, _ index: Int64) -> UnsafePointer<Int64>? {
    entry(arrays, index).flatMap { UnsafePointer($0.dimensions.baseAddress) }
}

@c @implementation
public func sqs_arrays_elements(_ arrays: OpaquePointer?, _ index: Int64) -> UnsafeRawPointer? {
    entry(arrays, index).flatMap { UnsafeRawPointer($0.elements.baseAddress) }
}

@c @implementation
public func sqs_arrays_free(_ arrays: OpaquePointer?) { free(arrays, NamedArrays.self) }
