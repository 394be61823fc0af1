extension ComplexMatrix: CustomStringConvertible {
    /// One line a row, real and imaginary parts to four digits.
    public var description: String {
        (0..<rowCount).map { row in
            (0..<columnCount).map { column in
                String(
                    printf: "%7.4f%+.4fi", Self.tidy(self[row, column].real),
                    Self.tidy(self[row, column].imaginary))
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }

    /// Avoids "-0.0000".
    private static func tidy(_ value: Double) -> Double { abs(value) < 0.000_05 ? 0 : value }
}
