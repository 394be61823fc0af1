import QuantumCircuits
import Testing
struct DrawingTests {
    @Test func show() throws {
        for a in Ansatz.catalogue { print(a.name); print(try a.circuit(ioQubits: 1, memoryQubits: 1).drawing()) }
        print(try Ansatz.exchange.circuit(ioQubits: 2, memoryQubits: 1).drawing(width: 100))
        print(try Ansatz.layered(2).circuit(ioQubits: 2, memoryQubits: 2).drawing(angles: [Double](repeating: 0.5, count: 16), width: 80))
        let all = try Circuit(ioQubits: 2, memoryQubits: 2, gates: GateKind.allCases.enumerated().map { i, k in
            Gate(k, qubits: k.qubitCount == 1 ? [i % 4] : [[0, 3], [3, 1], [1, 2]][i % 3], angle: k.takesAngle ? .parameter(index: i, scale: i % 2 == 0 ? 1 : 0.5) : .none)
        })
        print(try all.drawing())
        print(try all.openQASM())
        print(try Ansatz.exchange.circuit(ioQubits: 1, memoryQubits: 1).openQASM(angles: [1,2,3,4,5], currents: [[0.5], [-1]]))
    }
}
