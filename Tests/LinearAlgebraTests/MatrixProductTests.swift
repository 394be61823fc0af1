import Glibc
import KernelTasks
import Testing

@testable import LinearAlgebra

struct MatrixProductTests {
    /// Whole numbers, whose sums are exact in any order: 3 × 5 and 5 × 4, both ways round.
    @Test("products are those by hand, transposed or not", arguments: [false, true], [false, true])
    func product(leftIsTransposed: Bool, rightIsTransposed: Bool) {
        let (rows, inner, columns) = (3, 5, 4)
        func left(_ row: Int, _ column: Int) -> Float { Float(row * 3 - column) }
        func right(_ row: Int, _ column: Int) -> Float { Float(row * row - 2 * column) }
        func matrix(
            _ rows: Int, _ columns: Int, isTransposed: Bool, _ element: (Int, Int) -> Float
        ) -> [Float] {
            isTransposed
                ? (0..<columns).flatMap { column in (0..<rows).map { element($0, column) } }
                : (0..<rows).flatMap { row in (0..<columns).map { element(row, $0) } }
        }
        let first = matrix(rows, inner, isTransposed: leftIsTransposed, left)
        let second = matrix(inner, columns, isTransposed: rightIsTransposed, right)
        var result = [Float](repeating: .nan, count: rows * columns)
        first.withUnsafeBufferPointer { first in
            second.withUnsafeBufferPointer { second in
                MatrixProduct.set(
                    &result, rows: rows, columns: columns,
                    .init(
                        first.baseAddress!, stride: leftIsTransposed ? rows : inner,
                        isTransposed: leftIsTransposed),
                    .init(
                        second.baseAddress!, stride: rightIsTransposed ? inner : columns,
                        isTransposed: rightIsTransposed),
                    inner: inner, scale: 0.5)
            }
        }
        for row in 0..<rows {
            for column in 0..<columns {
                let sum = (0..<inner).reduce(0) { $0 + left(row, $1) * right($1, column) }
                #expect(result[row * columns + column] == 0.5 * sum)
            }
        }
    }

    @Test("OpenBLAS takes kernels as wide as ours, whatever it knows of the processor's model")
    func kernels() {
        let expected: [InstructionSet: String] = [.v3: "Haswell", .v4: "SkylakeX"]
        guard getenv("OPENBLAS_CORETYPE") == nil, let name = expected[.current] else { return }
        #expect(OpenBLAS.description.hasSuffix(" \(name)"))
        #expect(getenv("OPENBLAS_CORETYPE") == nil)
    }
}
