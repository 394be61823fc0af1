import NeuronAnalysis
import Files
import Foundation
import QuantumCircuits
import Neurons
import Testing

struct MemoryAnalysisTests {
    private static let nothing = "no memory: the spike depends on the current alone"
    private static let ownSpikes = "remembers its own spikes, not its inputs"
    private static let both = "remembers past inputs and its own spikes"

    /// Verdicts from facts 1 to 3 of the design. A spread that is not zero must be far from it.
    @Test(
        "each catalogue circuit remembers what it is known to",
        arguments: [
            (Ansatz.inputControlled, nothing), (.memoryControlled, ownSpikes), (.inputControlledRY, both),
            (.twoWay, both), (.exchange, both), (.partialSwap, both), (.layered(1), nothing),
            (.layered(2), both),
        ])
    func verdicts(ansatz: Ansatz, verdict: String) throws {
        let circuit = try ansatz.circuit(ioQubits: 1, memoryQubits: 1)
        let report = try MemoryAnalysis(drawCount: 25).report(for: circuit)
        #expect(report.name == ansatz.name)
        #expect(report.verdict == verdict)
        for (spread, isZero) in [
            (report.spreadOverOwnSpikes, verdict == Self.nothing),
            (report.spreadOverPastCurrents, verdict != Self.both),
        ] {
            if isZero { #expect(spread <= 1e-12) } else { #expect((0.1...1).contains(spread)) }
        }
    }

    /// `input-controlled` with several memory qubits is not inert: the controlled RX only ever turn the phase of the
    /// input-output qubit, by a sum of ±θ/2 over the memory's X eigenstates. One qubit's two phases give the
    /// same probabilities; the several sums of more do not, and the spikes tell which it is.
    /// The weights of these eigenstates are conserved on average, so the inputs leave no trace.
    @Test(
        "what a circuit remembers may depend on its numbers of qubits",
        arguments: [
            (Ansatz.inputControlled, 2, 1, nothing), (.inputControlled, 1, 2, ownSpikes),
            (.inputControlled, 2, 2, ownSpikes), (.memoryControlled, 2, 1, ownSpikes),
            (.memoryControlled, 1, 2, ownSpikes), (.exchange, 2, 1, both), (.exchange, 1, 2, both),
        ])
    func moreQubits(ansatz: Ansatz, io: Int, memory: Int, verdict: String) throws {
        let circuit = try ansatz.circuit(ioQubits: io, memoryQubits: memory)
        let report = try MemoryAnalysis(stepCount: 3, drawCount: 4).report(for: circuit)
        #expect(report.verdict == verdict, "\(report)")
    }

    /// RX(π) three ways is a swap: the memory is the last input, whatever the spikes were.
    @Test("a delay line remembers its inputs, not its spikes")
    func delayLine() throws {
        let swap = [[0, 1], [1, 0], [0, 1]].map { Gate(.crx, qubits: $0, angle: .fixed(.pi)) }
        let circuit = try Circuit(name: "delay", ioQubits: 1, memoryQubits: 1, gates: swap)
        let report = try MemoryAnalysis(drawCount: 10).report(for: circuit)
        #expect(report.verdict == "remembers past inputs, not its own spikes")
        #expect(report.spreadOverOwnSpikes <= 1e-12)
        #expect(report.spreadOverPastCurrents > 0.5)
    }

    /// The reference neuron's own probabilities of both histories, at every last step.
    @Test("the spread over own spikes is the one that the reference neuron shows")
    func agreesWithReference() throws {
        // One step of history, fixed angles: the only thing drawn is the currents.
        let gates = [
            Gate(.crx, qubits: [1, 0], angle: .fixed(1.3)), Gate(.ry, qubits: [1], angle: .fixed(0.8)),
            Gate(.cry, qubits: [0, 1], angle: .fixed(-1.1)),
        ]
        let circuit = try Circuit(ioQubits: 1, memoryQubits: 1, gates: gates)
        let neuron = try ReferenceNeuron(SQS(circuit), parameters: [])
        func firing(after spike: Int, first: Double, last: Double) throws -> Double {
            try neuron.run(currents: [[first], [last]], spikes: [[spike], [0]]).firingProbability[1][0]
        }
        // A fine grid of currents bounds what random ones can find.
        let grid = stride(from: 0.05, through: 0.95, by: 0.05)
        let largest =
            try grid.flatMap { first in
                try grid.map { last in
                    abs(
                        try firing(after: 0, first: first, last: last)
                            - firing(after: 1, first: first, last: last))
                }
            }.max() ?? 0
        let report = try MemoryAnalysis(stepCount: 2, drawCount: 400).report(for: circuit)
        #expect(abs(report.spreadOverOwnSpikes - largest) < 0.02)
    }

    @Test("the same seed gives the same report, another seed another")
    func seeds() throws {
        let circuit = try Ansatz.exchange.circuit(ioQubits: 1, memoryQubits: 1)
        func report(_ seed: UInt64) throws -> MemoryReport {
            try MemoryAnalysis(drawCount: 5, seed: seed).report(for: circuit)
        }
        #expect(try report(1) == report(1))
        #expect(try report(1) != report(2))
    }

    @Test("numbers out of range are refused")
    func refusals() throws {
        #expect(throws: NeuronError.self) { try MemoryAnalysis(stepCount: 1) }
        #expect(throws: NeuronError.self) { try MemoryAnalysis(stepCount: 7) }
        #expect(throws: NeuronError.self) { try MemoryAnalysis(drawCount: 0) }
        let wide = try Ansatz.exchange.circuit(ioQubits: 4, memoryQubits: 1)
        let error = #expect(throws: NeuronError.self) { try MemoryAnalysis(stepCount: 6).report(for: wide) }
        #expect(
            error?.description
                == "circuit 'exchange' has 2^20 spike histories in 6 steps, expected at most 4096; take fewer steps"
        )
    }

    @Test("a report's JSON has the words scripts rely on")
    func json() throws {
        let report = MemoryReport(name: "exchange", spreadOverOwnSpikes: 0.5, spreadOverPastCurrents: 0.25)
        #expect(
            String(decoding: try JSONDocument.encode(report), as: UTF8.self)
                == #"{"name":"exchange","spread_over_own_spikes":0.5,"spread_over_past_currents":0.25,"#
                + #""verdict":"remembers past inputs and its own spikes"}"#)
    }
}
