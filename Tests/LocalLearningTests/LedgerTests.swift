import Compute
import QuantumCircuits
import Networks
import Neurons
import Testing

@testable import LocalLearning

struct LedgerTests {
    /// S samples, T steps, hidden and output neurons of the cases below, angles of `exchange`.
    private static let (samples, steps, hidden, outputs, angles) = (3, 4, 5, 2, 5)

    private static func test() throws -> LocalCase {
        try LocalCase(
            SQS(try Ansatz.exchange.circuit()), layers: [hidden, outputs], stepCount: steps,
            sampleCount: samples)
    }

    /// Ledger of an update as it was run, and as it is predicted.
    private static func ledgers(_ rule: LocalRule) throws -> (run: ShotLedger, predicted: ShotLedger) {
        let test = try test()
        let recorder = GradientRecorder(test.network)
        let learner = try LocalLearner(
            rule, network: test.network, stepCount: steps, parallelism: .init(threadCount: 2),
            trains: recorder)
        let update = try learner.learn(
            test.network, input: test.input, targets: test.targets,
            sampleIndices: Array(0..<samples), seed: 1, epoch: 0, receiver: recorder)
        let counts = LocalCounts(
            rule, graph: test.network.graph, stepCount: steps, threadCount: 2,
            trainsProjection: recorder.trainsProjection, trainsPopulation: recorder.trainsPopulation)
        return (update.ledger, counts.ledger(sampleCount: samples))
    }

    @Test(
        "shots are those of the paper's formulas: 2 M_p M_syn, and 2 M_p M_som an angle, a neuron, step and pass"
    )
    func formulas() throws {
        for (estimator, mitigation) in [
            (GradientEstimator.conditional, ShotMitigation.none), (.memoryless, .none),
            (.conditional, .linear),
            (.memoryless, .richardson),
        ] {
            let rule = LocalRule(
                estimator: estimator, shift: .twoTerm, passCount: 2, synapsePerturbations: 3,
                somaRepetitions: 4, shotCount: 7, mitigation: mitigation)
            let (run, predicted) = try Self.ledgers(rule)
            let scales = [ShotMitigation.none: 1, .linear: 2, .richardson: 3][mitigation] ?? 0
            let cells = Self.samples * 2 * Self.steps * (Self.hidden + Self.outputs) * scales
            #expect(run.synapses.shots == cells * 2 * 7 * 3)
            #expect(run.angles.shots == cells * 2 * 7 * 4 * Self.angles)
            #expect(run.likelihoods.shots == cells * 7 * 4)
            #expect(run.passes == .init(circuits: 6 * Self.hidden, shots: 6 * Self.hidden))
            #expect(run.synapses.circuits * 7 == run.synapses.shots)
            #expect(run == predicted)
        }
    }

    @Test("the exact rule has 4 terms for controlled rotations, 2 for others, at this and every earlier step")
    func exactShift() throws {
        let rule = LocalRule(shift: .exact, passCount: 2, somaRepetitions: 3, shotCount: 7)
        let (run, predicted) = try Self.ledgers(rule)
        let terms = 3 * 4 + 2 * 2
        let pairsOfSteps = Self.steps * (Self.steps + 1) / 2
        #expect(
            run.angles.circuits
                == Self.samples * 2 * (Self.hidden + Self.outputs) * pairsOfSteps * terms * 3)
        #expect(run == predicted)
    }

    @Test("shots beyond 2⁶³ stay at the largest number, and a sum with them too")
    func beyondRange() throws {
        let rule = LocalRule(shift: .exact, passCount: 1000, somaRepetitions: 10000, shotCount: 1_000_000)
        let graph = try NetworkGraph(
            inputCount: 65536, layers: [(SQS(Ansatz.exchange.circuit()), 65536)])
        let counts = LocalCounts(
            rule, graph: graph, stepCount: 1000, threadCount: 1, trainsProjection: { _ in true },
            trainsPopulation: { _ in true })
        let ledger = counts.ledger(sampleCount: 65536)
        #expect(ledger.angles.shots == Int.max)
        #expect((ledger + ledger).total.shots == Int.max)
        #expect((ledger * 30000).angles.shots == Int.max)
        #expect(try counts.memoryCeiling(sampleCount: 65536, isOnBackend: true) > Count(1 << 50))
    }

    @Test("post-selected runs are one circuit for all steps, whichever step is shifted")
    func postselected() throws {
        for shift in ShiftRule.allCases {
            let rule = LocalRule(estimator: .postselected, shift: shift, passCount: 2, shotCount: 7)
            let (run, predicted) = try Self.ledgers(rule)
            #expect(
                run.synapses.circuits == Self.samples * 2 * (Self.hidden + Self.outputs) * 2 * 5)
            #expect(run == predicted)
        }
    }
}
