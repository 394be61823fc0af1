import DeviceNoise
import QuantumCircuits
import Neurons
import TestSupport
import Testing

@testable import LocalLearning

/// Estimates from shots against exact gradients, at five standard errors; seeds are fixed, so no test is a matter of luck.
struct ShotEstimateTests {
    /// Means over independent updates.
    private static func mean(_ rule: LocalRule, _ test: LocalCase, updates: Int) throws -> VectorMean {
        var mean = VectorMean()
        for seed in 1...updates {
            mean.add(try test.learn(rule, seed: UInt64(seed)).gradient.values(ofPopulation: 0))
        }
        return mean
    }

    private static func circuits() throws -> [any NeuronModel] {
        [
            SQS(try Ansatz.exchange.circuit()),
            SQS(try RandomCircuit.make(ioQubits: 1, memoryQubits: 1, seed: 3).circuit),
            SQS(try RandomCircuit.make(ioQubits: 2, memoryQubits: 1, gateCount: 8, seed: 4).circuit),
            SQS(try Ansatz.exchange.circuit(), noise: try NoiseModel.load("eagle")),
        ]
    }

    @Test("perturbations and exact shifts with many shots agree with the exact gradient")
    func agreesWithExact() throws {
        // Frequencies of 5,000 shots: 1/p̂ and log p̂ are off by about 1/(2 · 5,000 p) relatively.
        let rule = LocalRule(
            estimator: .conditional, shift: .exact, passCount: 1, synapsePerturbations: 8,
            perturbationSize: 0.02, shotCount: 5_000)
        for (index, model) in try Self.circuits().enumerated() {
            let test = try LocalCase(
                model, inputCount: 4, stepCount: 3, sampleCount: 2, isDriven: true,
                seed: UInt64(index + 11))
            let exact = try test.learn(LocalRule(estimator: .exact, passCount: 1)).gradient
            let expected = exact.values(ofPopulation: 0)
            let mean = try Self.mean(rule, test, updates: 32)
            let scale = max(expected.map(abs).max() ?? 0, 1)
            #expect(mean.deviation(from: expected, allowance: 0.01 * scale) < 5, "circuit \(index)")
        }
    }

    @Test(
        "the two-term shift is exact where an angle is used once, and biased for controlled rotations and reuse"
    )
    func twoTermBias() throws {
        let rule = LocalRule(
            estimator: .conditional, shift: .twoTerm, passCount: 1, synapsePerturbations: 1,
            shotCount: 10_000)
        func deviation(_ test: LocalCase, of angles: Range<Int>) throws -> Double {
            let expected = try test.learn(LocalRule(estimator: .exact, passCount: 1)).gradient
                .values(ofPopulation: 0)
            var mean = VectorMean()
            let first = expected.count - test.network.populations[0].neuronCount * angles.upperBound
            for seed in 1...12 {
                let values = try test.learn(rule, seed: UInt64(seed)).gradient.values(ofPopulation: 0)
                mean.add(Array(values[first...]))
            }
            return mean.deviation(from: Array(expected[first...]), allowance: 0.002)
        }
        // One step, rotations only: every use of an angle is its only one.
        let rotations = try Circuit(
            name: "rotations", ioQubits: 1, memoryQubits: 1,
            gates: [
                Gate(.rx, 0, parameter: 0), Gate(.rxx, 0, 1, parameter: 1), Gate(.ry, 0, parameter: 2),
            ])
        let once = try LocalCase(SQS(rotations), layers: [1], stepCount: 1, seed: 3)
        #expect(try deviation(once, of: 0..<3) < 5)
        // The same with memory over several steps: a use at an earlier step counts too.
        let reused = try LocalCase(SQS(rotations), layers: [1], stepCount: 4, seed: 3)
        #expect(try deviation(reused, of: 0..<3) > 20)
        // One step, but a controlled rotation that takes coherence from its control before that turns on.
        let coherence = try Circuit(
            name: "coherence", ioQubits: 1, memoryQubits: 1,
            gates: [Gate(.crx, 0, 1, parameter: 0), Gate(.rx, 0, parameter: 1)])
        var controlled = try LocalCase(
            SQS(coherence), inputCount: 2, layers: [1], stepCount: 1, isDriven: true, seed: 4)
        controlled.network.withPopulation(0) { $0[parameters: 0] = [1.5, 1.2] }
        #expect(try deviation(controlled, of: 0..<2) > 10)
    }

    @Test("post-selected shots, which a device can run, agree with the exact gradient")
    func postselected() throws {
        let rule = LocalRule(
            estimator: .postselected, shift: .exact, passCount: 1, synapsePerturbations: 8,
            perturbationSize: 0.02, shotCount: 40_000)
        let test = try LocalCase(
            SQS(try Ansatz.exchange.circuit()), inputCount: 4, stepCount: 3, sampleCount: 2,
            isDriven: true, seed: 21)
        let expected = try test.learn(LocalRule(estimator: .exact, passCount: 1)).gradient
            .values(ofPopulation: 0)
        let mean = try Self.mean(rule, test, updates: 16)
        let scale = max(expected.map(abs).max() ?? 0, 1)
        #expect(mean.deviation(from: expected, allowance: 0.01 * scale) < 5)
    }

    @Test("fresh circuits of one step give the gradient of a neuron without memory")
    func memoryless() throws {
        let circuit = try Ansatz.exchange.circuit()
        let rule = LocalRule(
            estimator: .memoryless, shift: .exact, passCount: 1, synapsePerturbations: 8,
            perturbationSize: 0.02, shotCount: 5_000)
        func test(_ model: any NeuronModel) throws -> LocalCase {
            try LocalCase(
                model, inputCount: 4, stepCount: 3, sampleCount: 2, isDriven: true, seed: 22)
        }
        let (test, control) = (try test(SQS(circuit)), try test(MemorylessSQS(circuit)))
        let expected = try control.learn(LocalRule(estimator: .exact, passCount: 1)).gradient
            .values(ofPopulation: 0)
        let mean = try Self.mean(rule, test, updates: 24)
        let scale = max(expected.map(abs).max() ?? 0, 1)
        #expect(mean.deviation(from: expected, allowance: 0.01 * scale) < 5)
    }

    @Test("zero-noise extrapolation brings the gradient of a noisy device nearer to the ideal one")
    func mitigation() throws {
        let circuit = try Ansatz.exchange.circuit()
        // Gate noise alone: folding does not scale errors of the readout.
        var parameters = NoiseParameters()
        parameters.oneQubitGates = GateNoise(depolarizing: 0.002)
        parameters.twoQubitGates = GateNoise(depolarizing: 0.02)
        let noise = try NoiseModel(parameters)
        let noisy = try LocalCase(SQS(circuit, noise: noise), inputCount: 4, stepCount: 2, seed: 23)
        let ideal = try LocalCase(SQS(circuit), inputCount: 4, stepCount: 2, seed: 23)
        let expected = try ideal.learn(LocalRule(estimator: .exact, passCount: 1)).gradient
            .values(ofPopulation: 0)
        func distance(_ mitigation: ShotMitigation) throws -> Double {
            let rule = LocalRule(
                estimator: .conditional, shift: .exact, passCount: 1, synapsePerturbations: 16,
                perturbationSize: 0.05, shotCount: 5_000, mitigation: mitigation)
            let mean = try Self.mean(rule, noisy, updates: 32).mean
            // Of the angles, whose estimates are the sharper.
            let first = expected.count - noisy.network.populations[0].neuronCount * 5
            return zip(mean, expected).dropFirst(first).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
                .squareRoot()
        }
        let raw = try distance(.none)
        // Richardson's multiplies the shots' noise by 4.4, and its factor 2 is 2.3 where only gates on two qubits err so much.
        for (mitigation, part) in [(ShotMitigation.linear, 0.6), (.richardson, 0.9)] {
            let mitigated = try distance(mitigation)
            #expect(mitigated < part * raw, "\(mitigation): \(mitigated) against \(raw)")
        }
    }

    @Test("a floor above the probabilities biases the estimate of the synapses towards 0")
    func floorBias() throws {
        let test = try LocalCase(
            SQS(try Ansatz.exchange.circuit()), inputCount: 4, stepCount: 2, sampleCount: 4,
            isDriven: true, seed: 25)
        let exact = try test.learn(LocalRule(estimator: .exact, passCount: 1)).gradient
            .values(ofPopulation: 0).prefix(8)
        /// The part of the exact gradient that is found on average.
        func found(_ floor: Double) throws -> Double {
            let rule = LocalRule(
                estimator: .conditional, passCount: 1, synapsePerturbations: 16, perturbationSize: 0.01,
                shotCount: 20_000, probabilityFloor: floor)
            let mean = try Self.mean(rule, test, updates: 8).mean.prefix(8)
            let overlap = zip(mean, exact).reduce(0) { $0 + $1.0 * $1.1 }
            return overlap / exact.reduce(0) { $0 + $1 * $1 }
        }
        let (low, high) = (try found(1e-3), try found(0.5))
        #expect(abs(low - 1) < 0.15)
        #expect(high < 0.8)
    }

    @Test("gradients do not depend on the number of threads", arguments: GradientEstimator.allCases)
    func threads(_ estimator: GradientEstimator) throws {
        let test = try LocalCase(
            SQS(try Ansatz.exchange.circuit()), inputCount: 70, layers: [5, 2], delay: 1, stepCount: 5,
            sampleCount: 9)
        let rule = LocalRule(estimator: estimator, shift: .exact, passCount: 3)
        let one = try test.learn(rule, threads: 1)
        let two = try test.learn(rule, threads: 2)
        for node in 0..<2 {
            #expect(
                one.gradient.values(ofPopulation: node) == two.gradient.values(ofPopulation: node))
        }
        #expect(one.update.ledger == two.update.ledger)
    }
}
