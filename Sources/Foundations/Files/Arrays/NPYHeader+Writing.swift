extension NPYHeader {
    /// What stands before elements, padded so that these begin at a multiple of 64.
    ///
    /// - Parameter type: the element as a literal of Python: `'<f4'`, or a list of names and types.
    package static func bytes(type: String, _ dimensions: [Int]) -> [UInt8] {
        let shape = dimensions.map { "\($0), " }.joined()
        var text = Array("{'descr': \(type), 'fortran_order': False, 'shape': (\(shape)), }".utf8)
        let prefix = signature + [1, 0]
        text += [UInt8](repeating: UInt8(ascii: " "), count: 63 - (prefix.count + 2 + text.count) % 64)
        text.append(UInt8(ascii: "\n"))
        return prefix + littleEndian(UInt16(text.count)) + text
    }
}

package func littleEndian<Number: FixedWidthInteger & UnsignedInteger>(_ number: Number) -> [UInt8] {
    (0..<Number.bitWidth / 8).map { UInt8(truncatingIfNeeded: number >> Number(8 * $0)) }
}

extension [UInt8] {
    /// Appends a number, its lowest byte first.
    package mutating func append<Number: FixedWidthInteger & UnsignedInteger>(littleEndian number: Number) {
        for place in 0..<Number.bitWidth / 8 {
            append(UInt8(truncatingIfNeeded: number >> Number(8 * place)))
        }
    }
}
