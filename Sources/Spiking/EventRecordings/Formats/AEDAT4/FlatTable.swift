/// A table of FlatBuffers (its document "Internals"), every offset of which is compared with the bytes there are.
///
///     root        4 bytes: offset of the root table, after a size of 4 bytes and before an identifier of 4 bytes
///     table       4 bytes: distance back to its list of fields
///     fields      2 bytes: size of the list; 2 bytes: size of the table; 2 bytes each: offset of the field in the table, or 0
///
/// All little-endian.
struct FlatTable {
    private let bytes: ArraySlice<UInt8>
    /// Of the table, and of its list of fields, as distances from the first byte.
    private let start: Int
    private let fields: Int
    private let fieldsSize: Int

    /// The identifier of a buffer; nil where it is too short.
    static func identifier(of bytes: ArraySlice<UInt8>) -> String? {
        guard bytes.count >= 12 else { return nil }
        return String(decoding: bytes.dropFirst(8).prefix(4), as: UTF8.self)
    }

    /// The root table of a buffer that begins with its size.
    init?(root bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        guard let root = Self.number(bytes, 4, size: 4), let start = Self.sum(4, root),
            let distance = Self.number(bytes, start, size: 4)
        else { return nil }
        let signed = Int(Int32(truncatingIfNeeded: distance))
        let fields = start - signed
        guard fields >= 0, let size = Self.number(bytes, fields, size: 2), size >= 4 else { return nil }
        (self.start, self.fields, fieldsSize) = (start, fields, size)
    }

    private static func sum(_ left: Int, _ right: Int) -> Int? {
        let (sum, overflows) = left.addingReportingOverflow(right)
        return overflows ? nil : sum
    }

    /// A number of at most eight bytes.
    private static func number(_ bytes: ArraySlice<UInt8>, _ place: Int, size: Int) -> Int? {
        guard place >= 0, place <= bytes.count - size else { return nil }
        var number: UInt64 = 0
        for byte in 0..<size {
            number |= UInt64(bytes[bytes.startIndex + place + byte]) << UInt64(8 * byte)
        }
        return Int(truncatingIfNeeded: number)
    }

    /// The place of a field; nil where the table has none of this number.
    private func place(_ field: Int) -> Int? {
        let entry = 4 + 2 * field
        guard entry + 2 <= fieldsSize, let offset = Self.number(bytes, fields + entry, size: 2), offset > 0
        else { return nil }
        return start + offset
    }

    /// A field of a number; nil where it is absent or not in the buffer.
    func number(_ field: Int, size: Int) -> Int? {
        place(field).flatMap { Self.number(bytes, $0, size: size) }
    }

    /// Whether the table has a field.
    func has(_ field: Int) -> Bool { place(field) != nil }

    /// The elements of a field that is a vector, of one size each.
    func vector(_ field: Int, elementSize: Int) -> ArraySlice<UInt8>? {
        guard let place = place(field), let offset = Self.number(bytes, place, size: 4),
            let first = Self.sum(place, offset), let count = Self.number(bytes, first, size: 4)
        else { return nil }
        let (size, overflows) = count.multipliedReportingOverflow(by: elementSize)
        guard !overflows, first + 4 <= bytes.count, size <= bytes.count - first - 4 else { return nil }
        return bytes[(bytes.startIndex + first + 4)...].prefix(size)
    }
}
