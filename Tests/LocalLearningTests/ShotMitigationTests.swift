import Foundation
import QuantumCircuits
import Testing

@testable import LocalLearning

struct ShotMitigationTests {
    @Test("what files of earlier versions call zne is the line through 1 and 3")
    func earlierName() throws {
        let read = try JSONDecoder().decode([ShotMitigation].self, from: Data(#"["zne", "zne-linear"]"#.utf8))
        #expect(read == [.linear, .linear])
        #expect(
            String(decoding: try JSONEncoder().encode(ShotMitigation.allCases), as: UTF8.self)
                == #"["none","zne-linear","zne-richardson"]"#)
        #expect(ShotMitigation(rawValue: "ZNE") == nil)
    }

    @Test("weights are those of the polynomial through the factors that a circuit's folds reach")
    func weights() throws {
        // At 1 and 3: (3, −1)/2. At 1, 2, 3: 3, −3, 1. Both by hand, from Lagrange's formula.
        for name in ["exchange", "memory-controlled"] {
            let circuit = try Ansatz.load(name).circuit()
            #expect(try ShotMitigation.none.weights(circuit) == [1])
            #expect(try ShotMitigation.linear.weights(circuit) == [1.5, -0.5])
            #expect(try ShotMitigation.richardson.weights(circuit) == [3, -3, 1])
        }
        #expect(try ShotMitigation.richardson.weights(nil) == [3, -3, 1])
        // Of two gates on two qubits and two on one, 6 in all, one fold of the first reaches 1 + 2 · 2/6 = 5/3.
        let twoWay = try Ansatz.load("two-way").circuit()
        #expect(abs(try twoWay.folded(about: 2).factor - 5.0 / 3) < 1e-12)
        #expect(abs(try ShotMitigation.richardson.weights(twoWay).reduce(0, +) - 1) < 1e-6)
        #expect(abs(try ShotMitigation.richardson.weights(twoWay)[0] - 3.75) < 1e-6)
    }

    @Test("a circuit folded to about two is the circuit, with the gates on two qubits three times")
    func folded() throws {
        let circuit = try Ansatz.exchange.circuit()
        let folded = try circuit.folded(about: 2).circuit
        #expect(folded.gates.count == circuit.gates.count + 4)
        #expect(folded.gates.prefix(3).map(\.kind) == [.crx, .crx, .crx])
        let angles = [0.3, 1.1, -0.7, 2.0, 0.4]
        let (once, thrice) = (try circuit.unitary(angles: angles), try folded.unitary(angles: angles))
        #expect((once - thrice).squaredNorm < 1e-24)
    }

    @Test("a circuit of one gate cannot be folded to about two, and says what can be")
    func oneGate() throws {
        let circuit = try Circuit(
            name: "lone", ioQubits: 1, memoryQubits: 0, gates: [Gate(.rx, 0, parameter: 0)])
        #expect(throws: CircuitError.self) { try ShotMitigation.richardson.weights(circuit) }
        #expect(try ShotMitigation.linear.weights(circuit) == [1.5, -0.5])
    }
}
