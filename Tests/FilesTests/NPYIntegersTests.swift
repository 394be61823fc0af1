import Testing

@testable import Files

/// Whole numbers of many elements at once against those of one after the other.
struct NPYIntegersTests {
    @Test(
        "the same numbers up to the first that is none, of every type and order",
        arguments: ["b1", "u1", "u2", "u4", "u8", "i1", "i2", "i4", "i8", "f4", "f8", "V3"])
    func types(type: String) throws {
        for order in ["<", ">"] {
            let text =
                "{'descr': [('before', '|i1'), ('n', '\(order)\(type)'), ('after', '|V2')], "
                + "'fortran_order': False, 'shape': (64,)}"
            let header = try #require(NPYHeader(text: Array(text.utf8)[...]))
            guard let field = header.fields.first(where: { $0.name == "n" }) else { continue }
            let size = header.elementSize
            // Small numbers, so that floating point has whole ones among them; then bits of every kind.
            for kind in 0..<4 {
                let bytes = (0..<64 * size).map { place -> UInt8 in
                    let bits = UInt8(truncatingIfNeeded: (place &* 0x9E37_79B9 &+ kind) >> 7)
                    return kind == 0 ? 0 : kind == 1 ? [0, 0, 0x80, 0x3F, 0x40, 0xF0][Int(bits % 6)] : bits
                }
                let slice = ([7, 7, 7] + bytes)[3...]
                var numbers = [Int64](repeating: 0, count: 64)
                for start in 0..<64 {
                    let count = field.readIntegers(slice, size: size, start..<64, into: &numbers)
                    let expected = (start..<64).map { field.integer(slice, slice.startIndex + $0 * size) }
                    #expect(numbers[..<count].elementsEqual(expected.prefix { $0 != nil }.compactMap { $0 }))
                    #expect(count == expected.prefix { $0 != nil }.count)
                }
            }
        }
    }
}
