/// A dense real matrix, row after row: what maps of Pauli vectors, and read-outs, are made of.
package struct RealMatrix: Hashable, Sendable {
    package let rowCount: Int
    package let columnCount: Int
    /// `rowCount × columnCount` elements; element (r, c) is at `r × columnCount + c`.
    package var elements: [Double]

    package init(rowCount: Int, columnCount: Int, elements: [Double]) {
        precondition(
            elements.count == rowCount * columnCount,
            "\(elements.count) elements cannot fill \(rowCount) rows of \(columnCount)")
        self.rowCount = rowCount
        self.columnCount = columnCount
        self.elements = elements
    }

    /// A matrix of zeros.
    package init(rowCount: Int, columnCount: Int) {
        self.init(
            rowCount: rowCount, columnCount: columnCount,
            elements: [Double](repeating: 0, count: rowCount * columnCount))
    }

    package subscript(row: Int, column: Int) -> Double {
        get { elements[row * columnCount + column] }
        set { elements[row * columnCount + column] = newValue }
    }

    /// Adds `scale` times another matrix of the same shape.
    package mutating func add(_ other: RealMatrix, scale: Double = 1) {
        precondition(rowCount == other.rowCount && columnCount == other.columnCount, "the shapes differ")
        for index in elements.indices { elements[index] += scale * other.elements[index] }
    }

    package static func * (left: RealMatrix, right: RealMatrix) -> RealMatrix {
        precondition(left.columnCount == right.rowCount, "the shapes do not fit a product")
        var product = RealMatrix(rowCount: left.rowCount, columnCount: right.columnCount)
        for row in 0..<left.rowCount {
            for inner in 0..<left.columnCount {
                // Maps of Pauli vectors are mostly zeros.
                let factor = left[row, inner]
                if factor == 0 { continue }
                for column in 0..<right.columnCount {
                    product.elements[row * product.columnCount + column] += factor * right[inner, column]
                }
            }
        }
        return product
    }

    /// The product with a column vector.
    package static func * (left: RealMatrix, right: [Double]) -> [Double] {
        precondition(left.columnCount == right.count, "the shapes do not fit a product")
        return (0..<left.rowCount).map { row in
            let start = row * left.columnCount
            var sum = 0.0
            for column in right.indices { sum += left.elements[start + column] * right[column] }
            return sum
        }
    }

    /// Rows `range` as a matrix of their own.
    package func rows(_ range: Range<Int>) -> RealMatrix {
        RealMatrix(
            rowCount: range.count, columnCount: columnCount,
            elements: Array(elements[range.lowerBound * columnCount..<range.upperBound * columnCount]))
    }
}
