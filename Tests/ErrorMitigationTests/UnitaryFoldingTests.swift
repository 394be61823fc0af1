import ErrorMitigation
import Foundation
import QuantumCircuits
import TestSupport
import Testing

struct UnitaryFoldingTests {
    /// Circuits folded by Mitiq 1.1.0: how many gates it has at each scale factor.
    private struct Golden: Decodable {
        struct Case: Decodable {
            let ioQubits: Int
            let memoryQubits: Int
            let gates: [Gate]
            let angles: [Double]
            let gateCounts: [String: [[Double]]]

            enum CodingKeys: String, CodingKey {
                case gates, angles
                case ioQubits = "io_qubits"
                case memoryQubits = "memory_qubits"
                case gateCounts = "gate_counts"
            }
        }
        let cases: [Case]
    }

    @Test(
        "folded circuits do what they did, with as many gates as Mitiq's", arguments: UnitaryFolding.allCases)
    func golden(folding: UnitaryFolding) throws {
        let cases = try JSONDecoder().decode(Golden.self, from: TestSupport.Golden.data("folding.json")).cases
        #expect(cases.count == 6)
        for (index, entry) in cases.enumerated() {
            let circuit = try Circuit(
                ioQubits: entry.ioQubits, memoryQubits: entry.memoryQubits, gates: entry.gates,
                parameterCount: entry.angles.count)
            let counts = try #require(entry.gateCounts[folding.rawValue])
            #expect(counts.count >= 4)
            for count in counts {
                var random = SystemRandomNumberGenerator()
                let folded = try folding.folded(circuit, scale: count[0], using: &random)
                #expect(folded.gates.count == Int(count[1]), "case \(index), scale \(count[0])")
                let difference =
                    try folded.unitary(angles: entry.angles) - circuit.unitary(angles: entry.angles)
                #expect(difference.squaredNorm < 1e-26, "case \(index), scale \(count[0])")
            }
        }
    }

    /// By hand: V V†V for scale 3; at 2, half of the two gates' round trip, which is the last gate's.
    @Test("global folding appends the inverse circuit and the circuit, then the last gates")
    func globalOrder() throws {
        let gates = [Gate(.rx, 0, parameter: 0), Gate(.cx, qubits: [0, 1])]
        let circuit = try Circuit(ioQubits: 1, memoryQubits: 1, gates: gates)
        let back = Gate(.rx, 0, parameter: 0, scale: -1)
        var random = SystemRandomNumberGenerator()
        func folded(_ folding: UnitaryFolding, _ scale: Double) throws -> [Gate] {
            try folding.folded(circuit, scale: scale, using: &random).gates
        }
        #expect(try folded(.global, 3) == gates + [gates[1], back] + gates)
        #expect(try folded(.global, 2) == gates + [gates[1], gates[1]])
        #expect(try folded(.all, 3) == [gates[0], back, gates[0], gates[1], gates[1], gates[1]])
        #expect(try folded(.random, 1) == gates)
    }

    /// Equal weights: at λ = 2 half of the gates are folded once, and which ones is drawn.
    @Test("random folding folds different gates, as many as the factor asks for")
    func randomChoice() throws {
        let gates = (0..<8).map { Gate(.rx, 0, parameter: $0) }
        let circuit = try Circuit(ioQubits: 1, memoryQubits: 0, gates: gates)
        var random = SystemRandomNumberGenerator()
        let folded = try (0..<20).map { _ in
            try UnitaryFolding.random.folded(circuit, scale: 2, using: &random)
        }
        #expect(folded.allSatisfy { $0.gates.count == 16 })
        // 20 draws among 70 choices: all alike once in 70¹⁹.
        #expect(Set(folded).count > 1)
    }

    @Test("scale factors below 1, too large or not numbers are refused", arguments: [0.5, 102, .nan, -3])
    func refusals(scale: Double) throws {
        let circuit = try Ansatz.exchange.circuit()
        var random = SystemRandomNumberGenerator()
        let error = #expect(throws: CircuitError.self) {
            try UnitaryFolding.global.folded(circuit, scale: scale, using: &random)
        }
        #expect(error?.category == .usage)
    }

    @Test("every gate's inverse undoes it", arguments: [1, 2, 3])
    func inverses(seed: UInt64) throws {
        let (circuit, angles) = try RandomCircuit.make(
            ioQubits: 1, memoryQubits: 2, gateCount: 30, seed: seed)
        let undone = try Circuit(
            ioQubits: 1, memoryQubits: 2, gates: circuit.gates + circuit.gates.reversed().map(\.inverse),
            parameterCount: circuit.parameterCount)
        let difference = try undone.unitary(angles: angles) - .identity(8)
        #expect(difference.squaredNorm < 1e-26)
    }
}
