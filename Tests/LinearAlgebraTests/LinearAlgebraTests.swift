import Testing

@testable import LinearAlgebra

struct RealMatrixTests {
    @Test("the spectral radius sees complex, defective and vanishing eigenvalues")
    func spectralRadius() {
        func radius(_ elements: [Double]) -> Double {
            RealMatrix(rowCount: 2, columnCount: 2, elements: elements).spectralRadius
        }
        // Eigenvalues by hand: ±0.5i; 0.9 twice with one eigenvector; 0 twice; −2 and 1; none.
        #expect(abs(radius([0, -0.5, 0.5, 0]) - 0.5) < 1e-12)
        #expect(abs(radius([0.9, 1, 0, 0.9]) - 0.9) < 1e-12)
        #expect(radius([0, 1, 0, 0]) == 0)
        #expect(abs(radius([-2, 3, 0, 1]) - 2) < 1e-12)
        #expect(RealMatrix(rowCount: 0, columnCount: 0).spectralRadius == 0)
    }

    @Test("a matrix of what is no number has no eigenvalues that are")
    func noNumber() {
        #expect(RealMatrix(rowCount: 2, columnCount: 2, elements: [1, 0, .nan, 1]).spectralRadius.isNaN)
        #expect(HermitianEigensystem([.nan, 0], size: 1).values[0].isNaN)
    }
}

struct HermitianEigensystemTests {
    // By hand: Y = ((0, −i), (i, 0)) has the eigenvalues ∓1 with the vectors (1, ∓i)/√2, whatever their phase.
    @Test("eigenvalues come in ascending order, vectors in columns")
    func pauliY() {
        let system = HermitianEigensystem([0, 0, 0, -1, 0, 1, 0, 0], size: 2)
        #expect(abs(system.values[0] + 1) < 1e-15 && abs(system.values[1] - 1) < 1e-15)
        for (column, sign) in [(0, -1.0), (1, 1.0)] {
            let (x, y) = (system.vectors[2 * column], system.vectors[2 * column + 1])
            let (u, v) = (system.vectors[4 + 2 * column], system.vectors[5 + 2 * column])
            #expect(abs(x * x + y * y - 0.5) < 1e-15)
            // u + iv = ± i (x + iy)
            #expect(abs(u + sign * y) < 1e-15 && abs(v - sign * x) < 1e-15)
        }
    }
}

struct CholeskyFactorTests {
    // By hand: ((4, 2), (2, 10)) x = (8, 22) for x = (1, 2).
    @Test("equations are solved, and only the lower triangle is read")
    func solve() throws {
        let factor = try #require(
            CholeskyFactor(RealMatrix(rowCount: 2, columnCount: 2, elements: [4, 99, 2, 10])))
        let solution = factor.solve([8, 22])
        #expect(abs(solution[0] - 1) < 1e-14 && abs(solution[1] - 2) < 1e-14)
    }

    @Test("a matrix that is not positive definite has none", arguments: [[1, 0, 2, 1], [1, 0, .nan, 1]])
    func indefinite(elements: [Double]) {
        #expect(CholeskyFactor(RealMatrix(rowCount: 2, columnCount: 2, elements: elements)) == nil)
    }
}

struct LeastSquaresTests {
    // By hand: the line nearest to (0, 1), (1, 2), (2, 2) is 7/6 + x/2, with residuals 1/6, 1/3, 1/6.
    @Test("a line through three points, its residual and the weights of its value at 0")
    func line() {
        let squares = LeastSquares([[1, 1, 1], [0, 1, 2]])
        let (coefficients, residual) = squares.fit([1, 2, 2])
        #expect(abs(coefficients[0] - 7.0 / 6) < 1e-14 && abs(coefficients[1] - 0.5) < 1e-14)
        #expect(abs(residual - 1.0 / 6) < 1e-14)
        for (weight, expected) in zip(squares.weights(of: [1, 0]), [5.0 / 6, 1.0 / 3, -1.0 / 6]) {
            #expect(abs(weight - expected) < 1e-14)
        }
    }
}
