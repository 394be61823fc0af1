extension String {
    /// Whether it comes before another in an order of names where 9 comes before 10.
    package func precedesByNumbers(_ other: String) -> Bool {
        orderedByNumbers.lexicographicallyPrecedes(other.orderedByNumbers)
    }

    /// Bytes in whose order 9 comes before 10: before each number stands how many digits it has.
    private var orderedByNumbers: [UInt8] {
        func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
        var order: [UInt8] = []
        var rest = utf8[...]
        while let first = rest.first {
            let digits = rest.prefix(while: isDigit)
            let number = digits.drop { $0 == UInt8(ascii: "0") }
            order += digits.isEmpty ? [first] : [UInt8(ascii: "0"), UInt8(clamping: number.count)] + number
            rest.removeFirst(max(digits.count, 1))
        }
        return order + [0] + utf8
    }
}
