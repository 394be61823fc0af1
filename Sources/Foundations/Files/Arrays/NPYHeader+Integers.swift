extension NPYHeader.Field {
    /// The numbers of elements that lie at equal distances, as whole ones: ``integer(_:_:)`` of each, with one look at their type.
    ///
    /// - Parameters:
    ///   - elements: the first element, all others, and the last one as a whole.
    ///   - size: bytes from one element to the next.
    ///   - places: numbers of the elements.
    ///   - numbers: where they are put from the front; at least as many as places.
    /// - Returns: how many were put there: fewer than asked for where one is no whole number, up to that.
    package func readIntegers(
        _ elements: ArraySlice<UInt8>, size: Int, _ places: Range<Int>, into numbers: inout [Int64]
    ) -> Int {
        precondition(
            places.lowerBound >= 0 && offset + number.size <= size
                && places.upperBound * size <= elements.count
                && places.count <= numbers.count,
            "elements \(places) of \(size) bytes are not within \(elements.count), or too many")
        return elements.withUnsafeBytes { bytes in
            numbers.withUnsafeMutableBufferPointer { numbers in
                integers(bytes, size: size, places, into: numbers)
            }
        }
    }

    private func integers(
        _ bytes: UnsafeRawBufferPointer, size: Int, _ places: Range<Int>,
        into numbers: UnsafeMutableBufferPointer<Int64>
    ) -> Int {
        @inline(__always)
        func read<Bits: FixedWidthInteger & BitwiseCopyable>(_: Bits.Type, _ whole: (Bits) -> Int64?) -> Int {
            for index in 0..<places.count {
                let start = (places.lowerBound + index) * size + offset
                let bits = bytes.loadUnaligned(fromByteOffset: start, as: Bits.self)
                guard let value = whole(number.isBigEndian ? bits.bigEndian : bits.littleEndian) else {
                    return index
                }
                numbers[index] = value
            }
            return places.count
        }
        return switch (number.kind, number.size) {
        case (.boolean, _): read(UInt8.self) { $0 == 0 ? 0 : 1 }
        case (.unsigned, 1): read(UInt8.self) { Int64($0) }
        case (.unsigned, 2): read(UInt16.self) { Int64($0) }
        case (.unsigned, 4): read(UInt32.self) { Int64($0) }
        case (.unsigned, _): read(UInt64.self) { Int64(exactly: $0) }
        case (.signed, 1): read(Int8.self) { Int64($0) }
        case (.signed, 2): read(Int16.self) { Int64($0) }
        case (.signed, 4): read(Int32.self) { Int64($0) }
        case (.signed, _): read(Int64.self) { $0 }
        case (.float, 4): read(UInt32.self) { whole(Double(Float(bitPattern: $0))) }
        case (.float, _): read(UInt64.self) { whole(Double(bitPattern: $0)) }
        case (.void, _): 0
        }
    }
}

/// As `Int64(exactly:)`, whose test for a fraction calls the library of mathematics.
private func whole(_ value: Double) -> Int64? {
    guard value >= -0x1p63, value < 0x1p63 else { return nil }
    let number = Int64(value)
    return Double(number) == value ? number : nil
}
