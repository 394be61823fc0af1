import Foundation
import QuantumCircuits
import TestSupport
import Testing

struct UnitaryMatrixTests {
    /// Expected: the product of the matrices, up to the phase of the trace.
    @Test("a given matrix is equal to its named gates, up to a global phase", arguments: [1, 2, 3, 4])
    func decomposition(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let matrices: [UnitaryMatrix] = [
            RandomCircuit.unitary(qubitCount: 2, using: &random),
            RandomCircuit.unitary(qubitCount: 1, using: &random),
            try UnitaryMatrix(.identity(4)), try UnitaryMatrix(GateKind.cx.matrix()),
            try UnitaryMatrix(GateKind.rxx.matrix(angle: .pi)), try UnitaryMatrix(Pauli.y),
        ]
        for matrix in matrices {
            let qubits = matrix.qubitCount == 1 ? [1] : [2, 0]
            let gate = Gate(.unitary(matrix), qubits: qubits)
            #expect(gate.named.allSatisfy { $0.kind.name != GateKind.unitaryName })
            #expect(gate.named.count <= 30)
            let given = try Circuit(ioQubits: 1, memoryQubits: 2, gates: [gate]).unitary(angles: [])
            let named = try Circuit(ioQubits: 1, memoryQubits: 2, gates: gate.named).unitary(angles: [])
            let overlap = (given.adjoint * named).trace
            #expect(abs(overlap.squaredMagnitude.squareRoot() - 8) < 1e-13, "\(matrix.matrix)")
        }
    }

    @Test("a matrix that is not unitary is refused with the number that is off")
    func notUnitary() {
        var matrix = GateKind.cx.matrix()
        matrix[1, 2] = Complex(0, 1e-4)
        #expect(throws: UnitaryMatrixError.notUnitary(distance: 1e-4, row: 1, column: 2)) {
            try UnitaryMatrix(matrix)
        }
        #expect(throws: UnitaryMatrixError.shape(rows: 8, columns: 8)) { try UnitaryMatrix(.identity(8)) }
        matrix[1, 2] = Complex(1e-10)
        #expect(throws: Never.self) { try UnitaryMatrix(matrix) }
        matrix[1, 2] = Complex(.nan)
        #expect(throws: UnitaryMatrixError.self) { try UnitaryMatrix(matrix) }
    }

    @Test("a given matrix survives its JSON, and is refused there with its field")
    func codable() throws {
        var random = SeededGenerator(seed: 9)
        let gates = [1, 2].map {
            Gate(.unitary(RandomCircuit.unitary(qubitCount: $0, using: &random)), qubits: Array(0..<$0))
        }
        #expect(try JSONDecoder().decode([Gate].self, from: JSONEncoder().encode(gates)) == gates)
        let refusals = [
            (#"[[[1, 0], [0, 0]], [[0, 0], [2, 0]]]"#, "U†U differs from 1 by 3.0 at [1][1]"),
            (#"[[[1, 0]], [[0, 0], [1, 0]]]"#, "row 1 has 2 elements, expected 1 as in row 0"),
            (#"[[[1], [0]], [[0], [1]]]"#, "element [0][0] has 1 numbers, expected 2"),
            (#"[]"#, "found an empty matrix"),
            (#"[[[1, 0]]]"#, "found 1 × 1 elements, expected 2 × 2 for one qubit or 4 × 4 for two"),
        ]
        for (matrix, message) in refusals {
            let text =
                #"{"io_qubits": 1, "memory_qubits": 0, "gates": [{"gate": "unitary", "qubits": [0], "matrix": \#(matrix)}]}"#
            let error = #expect(throws: CircuitError.self) {
                try Ansatz.gateList(Data(text.utf8), path: "mine.json")
            }
            #expect(
                error?.description.hasPrefix("mine.json: gates[0].matrix: \(message)") == true,
                "\(error?.description ?? "")")
        }
    }

    @Test("a given matrix is drawn as U, with its qubits numbered where it has two")
    func drawing() throws {
        let two = Gate(.unitary(try UnitaryMatrix(GateKind.cx.matrix())), qubits: [1, 0])
        let one = Gate(.unitary(try UnitaryMatrix(Pauli.y)), qubits: [0])
        let drawing = try Circuit(ioQubits: 1, memoryQubits: 1, gates: [two, one]).drawing()
        #expect(drawing.contains("┤ U[1] ├─┤ U ├"))
        #expect(drawing.contains("┤ U[0] ├"))
    }
}

/// A small generator with a seed: tests of this module have no other.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }
}
