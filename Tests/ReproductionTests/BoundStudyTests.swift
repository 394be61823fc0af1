import QuantumCircuits
import Studies
import Testing

@testable import Reproduction

/// What is known of the bound and its gradient: Jensen's inequality; `DESIGN.md`, facts 6 and 9.
struct BoundStudyTests {
    @Test(
        "L is above the log-loss, outputs and later feedback have its gradient, same-step credit nothing of it where spikes take a step",
        arguments: ["exchange", "memory-controlled", "partial-swap"])
    func bound(circuit: String) throws {
        let report = try BoundStudy(circuit: Ansatz.load(circuit).circuit(), networkCount: 3).report()
        #expect(report.delays.map(\.delay) == [0, 1])
        for row in report.delays {
            #expect(row.bound.isAbove && row.bound.most > 1e-4)
            #expect(row.output.isExact && row.output.gradient > 0.1)
            #expect(row.returnToGo.isExact && row.returnToGo.gradient > 0.01)
            #expect(!row.sameStep.isExact)
        }
        #expect(abs((report.delays[1].sameStep.missed ?? 0) - 1) < 1e-6)
        #expect(report.delays[1].sameStep.expectation < 1e-6)
    }

    @Test("two terms are exact for plain rotations at one step, not for controlled ones nor over steps")
    func shifts() throws {
        let shifts = try BoundStudy(circuit: Ansatz.exchange.circuit(), networkCount: 3).report().shifts
        #expect(shifts.map { $0.estimate.isExact } == [true, false, false])
        // Without controlled rotations there is no line for them.
        let plain = try Circuit(
            ioQubits: 1, memoryQubits: 0, gates: [Gate(.rx, 0, parameter: 0)])
        #expect(try BoundStudy(circuit: plain, networkCount: 1).report().shifts.map(\.steps) == [1, 3])
    }

    @Test("circuits with several input-output qubits are refused")
    func channels() throws {
        let wide = try Circuit(ioQubits: 2, memoryQubits: 1, gates: [])
        #expect(throws: StudyError.severalChannels(circuit: "custom", count: 2)) {
            try BoundStudy(circuit: wide)
        }
    }
}
