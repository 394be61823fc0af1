/// A dense complex matrix, row after row: the few operations that circuits of some qubits need.
public struct ComplexMatrix: Hashable, Sendable {
    public let rowCount: Int
    public let columnCount: Int
    /// `rowCount × columnCount` elements; element (r, c) is at `r × columnCount + c`.
    public var elements: [Complex]

    public init(rowCount: Int, columnCount: Int, elements: [Complex]) {
        precondition(
            elements.count == rowCount * columnCount,
            "\(elements.count) elements cannot fill \(rowCount) rows of \(columnCount)")
        self.rowCount = rowCount
        self.columnCount = columnCount
        self.elements = elements
    }

    /// A matrix of zeros.
    public init(rowCount: Int, columnCount: Int) {
        self.init(
            rowCount: rowCount, columnCount: columnCount,
            elements: [Complex](repeating: .zero, count: rowCount * columnCount))
    }

    /// A matrix written out row by row; all rows have the same length.
    public init(_ rows: [[Complex]]) {
        self.init(
            rowCount: rows.count, columnCount: rows.first?.count ?? 0, elements: rows.flatMap { $0 })
    }

    public static func identity(_ dimension: Int) -> ComplexMatrix {
        var matrix = ComplexMatrix(rowCount: dimension, columnCount: dimension)
        for index in 0..<dimension { matrix[index, index] = .one }
        return matrix
    }

    @inlinable
    public subscript(row: Int, column: Int) -> Complex {
        get { elements[row * columnCount + column] }
        set { elements[row * columnCount + column] = newValue }
    }

    /// The `size × size` block whose upper left corner is element (`row × size`, `column × size`).
    public func block(row: Int, column: Int, size: Int) -> ComplexMatrix {
        var block = ComplexMatrix(rowCount: size, columnCount: size)
        for r in 0..<size {
            for c in 0..<size { block[r, c] = self[row * size + r, column * size + c] }
        }
        return block
    }

    /// The conjugate transpose A†.
    public var adjoint: ComplexMatrix {
        var result = ComplexMatrix(rowCount: columnCount, columnCount: rowCount)
        for row in 0..<rowCount {
            for column in 0..<columnCount { result[column, row] = self[row, column].conjugate }
        }
        return result
    }

    /// The sum of the diagonal; the matrix is square.
    public var trace: Complex {
        precondition(rowCount == columnCount)
        return (0..<rowCount).reduce(.zero) { $0 + self[$1, $1] }
    }

    /// Σ |a_rc|², the squared Frobenius norm.
    public var squaredNorm: Double { elements.reduce(0) { $0 + $1.squaredMagnitude } }

    public static func + (left: ComplexMatrix, right: ComplexMatrix) -> ComplexMatrix {
        left.combined(with: right) { $0 + $1 }
    }

    public static func - (left: ComplexMatrix, right: ComplexMatrix) -> ComplexMatrix {
        left.combined(with: right) { $0 - $1 }
    }

    public static func += (left: inout ComplexMatrix, right: ComplexMatrix) { left = left + right }

    public static func * (scale: Complex, matrix: ComplexMatrix) -> ComplexMatrix {
        ComplexMatrix(
            rowCount: matrix.rowCount, columnCount: matrix.columnCount,
            elements: matrix.elements.map { scale * $0 })
    }

    public static func * (scale: Double, matrix: ComplexMatrix) -> ComplexMatrix { Complex(scale) * matrix }

    public static func * (left: ComplexMatrix, right: ComplexMatrix) -> ComplexMatrix {
        precondition(left.columnCount == right.rowCount, "the shapes do not fit a product")
        var product = ComplexMatrix(rowCount: left.rowCount, columnCount: right.columnCount)
        for row in 0..<left.rowCount {
            for inner in 0..<left.columnCount {
                let factor = left[row, inner]
                // Circuits of few gates are mostly zeros.
                if factor == .zero { continue }
                for column in 0..<right.columnCount {
                    product[row, column] += factor * right[inner, column]
                }
            }
        }
        return product
    }

    /// The tensor product A ⊗ B: the indices of A are the more significant.
    public func tensor(_ right: ComplexMatrix) -> ComplexMatrix {
        var product = ComplexMatrix(
            rowCount: rowCount * right.rowCount, columnCount: columnCount * right.columnCount)
        for row in 0..<product.rowCount {
            for column in 0..<product.columnCount {
                product[row, column] =
                    self[row / right.rowCount, column / right.columnCount]
                    * right[row % right.rowCount, column % right.columnCount]
            }
        }
        return product
    }

    private func combined(
        with other: ComplexMatrix, _ combine: (Complex, Complex) -> Complex
    ) -> ComplexMatrix {
        precondition(rowCount == other.rowCount && columnCount == other.columnCount, "the shapes differ")
        return ComplexMatrix(
            rowCount: rowCount, columnCount: columnCount,
            elements: zip(elements, other.elements).map(combine))
    }
}
