/// An array of numbers, one an element, as `.npy` files and archives have it.
package struct NPYArray: Sendable {
    package let header: NPYHeader
    private let elements: ArraySlice<UInt8>

    /// - Returns: nil for records, and for what lacks some of its elements.
    package init?(_ header: NPYHeader, _ elements: ArraySlice<UInt8>) {
        guard header.fields.count == 1, let count = header.count,
            elements.count == count * header.elementSize
        else { return nil }
        (self.header, self.elements) = (header, elements)
    }

    /// - Parameter contents: the whole file.
    /// - Returns: nil for another file.
    package init?(contents: [UInt8]) {
        guard let range = NPYHeader.textRange(contents.prefix(NPYHeader.prefixSize)),
            range.upperBound <= contents.count, let header = NPYHeader(text: contents[range])
        else { return nil }
        self.init(header, contents[range.upperBound...])
    }

    /// The number at indices, one for each dimension.
    package func number(_ indices: [Int]) -> Double {
        var place = 0
        let order = Array(zip(indices, header.dimensions))
        for (index, size) in header.isColumnMajor ? order.reversed() : order { place = place * size + index }
        return header.fields[0].real(elements, elements.startIndex + place * header.elementSize)
    }
}

extension NPYHeader.Field {
    /// The number of the element that begins at an index; whole ones above 2⁵³ are rounded.
    func real(_ bytes: ArraySlice<UInt8>, _ element: Int) -> Double {
        let start = element + offset
        let own = bytes[start..<start + number.size]
        let bits = (number.isBigEndian ? Array(own) : own.reversed()).reduce(0 as UInt64) {
            $0 << 8 | UInt64($1)
        }
        switch (number.kind, number.size) {
        case (.float, 4): return Double(Float(bitPattern: UInt32(bits)))
        case (.float, _): return Double(bitPattern: bits)
        case (.unsigned, _): return Double(bits)
        case (.boolean, _), (.signed, _): return integer(bytes, element).map(Double.init) ?? .nan
        case (.void, _): return .nan
        }
    }
}
