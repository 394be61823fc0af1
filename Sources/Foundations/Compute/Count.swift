/// A number of elements, bytes or shots that cannot overflow: sums and products beyond `Int.max` stay there, which is more
/// than any machine has.
///
/// For counting what a network or a run takes, from sizes that files and options give, before any of it is made.
package struct Count: Hashable, Comparable, Sendable {
    package let value: Int

    /// - Parameter value: not negative.
    package init(_ value: Int) {
        precondition(value >= 0, "a count is not negative")
        self.value = value
    }

    package static let zero = Count(0)

    /// The product of some numbers, none negative.
    package static func of(_ factors: Int...) -> Count { Count(1).times(factors) }

    /// A real number rounded up: of expectations.
    package init(roundingUp value: Double) {
        let rounded = value.rounded(.up)
        // 2⁶³ is the first that does not fit.
        self.value = rounded < 0x1p63 ? Int(max(rounded, 0)) : Int.max
    }

    /// Whether the number itself may be larger.
    package var isBeyondRange: Bool { value == Int.max }

    package static func + (left: Count, right: Count) -> Count {
        let (sum, overflows) = left.value.addingReportingOverflow(right.value)
        return Count(overflows ? Int.max : sum)
    }

    package func times(_ other: Count) -> Count {
        let (product, overflows) = value.multipliedReportingOverflow(by: other.value)
        return Count(overflows ? Int.max : product)
    }

    // Not `*`, whose many meanings make long products slow to compile.
    package func times(_ factors: Int...) -> Count { times(factors) }

    private func times(_ factors: [Int]) -> Count { factors.reduce(self) { $0.times(Count($1)) } }

    package static func += (left: inout Count, right: Count) { left = left + right }

    package static func < (left: Count, right: Count) -> Bool { left.value < right.value }

    /// How many groups of `size` hold as many.
    package func dividedRoundingUp(by size: Int) -> Count {
        Count(value / size + (value % size > 0 ? 1 : 0))
    }
}

extension Sequence {
    /// Σ of what `count` says of each element.
    package func total(_ count: (Element) throws -> Count) rethrows -> Count {
        try reduce(into: .zero) { $0 += try count($1) }
    }
}

extension Int {
    /// Of numbers that are not negative.
    package func dividedRoundingUp(by size: Int) -> Int { (self + size - 1) / size }
}
