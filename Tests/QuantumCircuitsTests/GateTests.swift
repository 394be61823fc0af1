import Compute
import Foundation
import QuantumCircuits
import Testing

struct GateTests {
    /// Written out from Nielsen and Chuang, sections 1.3 and 4.2 to 4.3; first qubit the more significant.
    @Test("each gate has the textbook matrix")
    func textbookMatrices() {
        let angle = 0.7
        let (c, s) = (Complex(cos(0.35)), Complex(sin(0.35)))
        let m = Complex(0, -sin(0.35))
        let (early, late) = (Complex(cos(0.35), -sin(0.35)), Complex(cos(0.35), sin(0.35)))
        let (o, l) = (Complex.zero, Complex.one)
        let r = Complex(1 / 2.0.squareRoot())
        let expected: [GateKind: [[Complex]]] = [
            .rx: [[c, m], [m, c]],
            .ry: [[c, -s], [s, c]],
            .rz: [[early, o], [o, late]],
            .h: [[r, r], [r, -r]],
            .x: [[o, l], [l, o]],
            .cx: [[l, o, o, o], [o, l, o, o], [o, o, o, l], [o, o, l, o]],
            .cz: [[l, o, o, o], [o, l, o, o], [o, o, l, o], [o, o, o, -l]],
            .crx: [[l, o, o, o], [o, l, o, o], [o, o, c, m], [o, o, m, c]],
            .cry: [[l, o, o, o], [o, l, o, o], [o, o, c, -s], [o, o, s, c]],
            .crz: [[l, o, o, o], [o, l, o, o], [o, o, early, o], [o, o, o, late]],
            .rxx: [[c, o, o, m], [o, c, m, o], [o, m, c, o], [m, o, o, c]],
            .ryy: [[c, o, o, -m], [o, c, m, o], [o, m, c, o], [-m, o, o, c]],
            .rzz: [[early, o, o, o], [o, late, o, o], [o, o, late, o], [o, o, o, early]],
        ]
        for kind in GateKind.allCases {
            let rows = expected[kind] ?? []
            #expect((kind.matrix(angle: angle) - ComplexMatrix(rows)).squaredNorm < 1e-30, "\(kind)")
        }
    }

    /// Expected from central differences of the matrix itself.
    @Test("the derivative of each gate is the slope of its matrix", arguments: GateKind.allCases)
    func derivatives(kind: GateKind) {
        let derivative = kind.matrixDerivative(angle: 0.9).elements
        for (index, element) in derivative.enumerated() {
            for (part, given) in [(\Complex.real, element.real), (\Complex.imaginary, element.imaginary)] {
                let check = gradientCheck(
                    function: { kind.matrix(angle: $0[0]).elements[index][keyPath: part] }, at: [0.9],
                    gradient: [given], tolerance: 1e-11)
                #expect(check.passed, "\(kind), element \(index): \(check)")
            }
        }
    }

    /// By definition: D† G D is real, with D = diag((−i)^(number of ones)).
    @Test(
        "a gate is marked real in the gauge exactly if conjugation makes it real",
        arguments: GateKind.allCases)
    func realGauge(kind: GateKind) {
        let powers: [Complex] = [.one, -.i, -.one]
        let largestImaginaryPart =
            [0.3, 1.9, -2.5].map { angle in
                let matrix = kind.matrix(angle: angle)
                return (0..<matrix.rowCount).flatMap { row in
                    (0..<matrix.columnCount).map { column in
                        let factor = powers[row.nonzeroBitCount].conjugate * powers[column.nonzeroBitCount]
                        return abs((factor * matrix[row, column]).imaginary)
                    }
                }.max() ?? 0
            }.max() ?? 0
        #expect((largestImaginaryPart < 1e-15) == kind.isRealInGauge)
    }

    @Test("a gate survives its JSON")
    func codable() throws {
        let gates = [
            Gate(.h, qubits: [1]), Gate(.ry, qubits: [0], angle: .fixed(2.5)),
            Gate(.crx, 1, 0, parameter: 3, scale: -2), Gate(.rzz, 0, 1, parameter: 0),
        ]
        let data = try JSONEncoder().encode(gates)
        #expect(try JSONDecoder().decode([Gate].self, from: data) == gates)
    }
}
