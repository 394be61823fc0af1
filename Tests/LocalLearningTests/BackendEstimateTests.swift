import QuantumCircuits
import QuantumBackends
import Neurons
import Testing

@testable import LocalLearning

struct BackendEstimateTests {
    private static func runner(_ seed: UInt64) -> CircuitRunner {
        { name, tasks in
            try BuiltInSimulator.ideal.run(CircuitBatch(name: name, tasks: tasks, seed: seed))
        }
    }

    @Test(
        "updates from a backend's counts have the mean of those simulated here, with hidden neurons and channels",
        arguments: [
            LocalRule(estimator: .postselected, shift: .twoTerm, passCount: 4, shotCount: 20),
            LocalRule(estimator: .memoryless, shift: .exact, passCount: 4, shotCount: 20),
        ], [1, 2])
    func mean(rule: LocalRule, channelCount: Int) throws {
        let test = try LocalCase(
            SQS(try Ansatz.exchange.circuit(ioQubits: channelCount)), inputCount: 3, layers: [2, 1],
            delay: 1, stepCount: 3,
            sampleCount: 2, seed: 41)
        for node in 0..<2 {
            var (here, there) = (VectorMean(), VectorMean())
            for seed in 1...60 {
                here.add(
                    try test.learn(rule, seed: UInt64(seed)).gradient.values(ofPopulation: node))
                there.add(
                    try test.learn(rule, seed: UInt64(seed), runner: Self.runner(UInt64(seed))).gradient
                        .values(ofPopulation: node))
            }
            for (index, pair) in zip(here.mean, there.mean).enumerated() {
                let error = (here.standardError[index], there.standardError[index])
                let width = (error.0 * error.0 + error.1 * error.1).squareRoot()
                #expect(abs(pair.0 - pair.1) < 5 * width + 1e-6, "population \(node), entry \(index)")
            }
        }
    }

    @Test("an update on a backend counts the circuits and shots that one here does")
    func ledger() throws {
        let test = try LocalCase(
            SQS(try Ansatz.exchange.circuit()), inputCount: 3, layers: [2, 1], stepCount: 3,
            sampleCount: 2, seed: 42)
        let rule = LocalRule(estimator: .postselected, passCount: 2, shotCount: 4, mitigation: .richardson)
        let here = try test.learn(rule).update.ledger
        #expect(try test.learn(rule, runner: Self.runner(1)).update.ledger == here)
    }
}
