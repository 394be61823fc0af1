import DeviceNoise
import QuantumCircuits
import Neurons
import TestSupport
import Testing

@testable import LocalLearning

struct ExactGradientTests {
    private static func models() throws -> [any NeuronModel] {
        var models: [any NeuronModel] = [
            SQS(try Ansatz.exchange.circuit()), MemorylessSQS(try Ansatz.exchange.circuit()),
            SQS(try Ansatz.exchange.circuit(memoryQubits: 2)), LastSpikeFeedback(),
            SQS(try Ansatz.exchange.circuit(), noise: try NoiseModel.load("eagle").scaled(by: 3)),
            SQS(
                try Ansatz.memoryControlled.circuit(ioQubits: 2, memoryQubits: 1),
                noise: try NoiseModel.load("eagle")),
        ]
        for (io, memory, seed) in [(1, 1, 3), (2, 1, 4), (1, 2, 5), (2, 0, 6), (3, 1, 7)] {
            models.append(
                SQS(
                    try RandomCircuit.make(ioQubits: io, memoryQubits: memory, seed: UInt64(seed)).circuit))
        }
        return models
    }

    @Test("the exact estimator is the reference's gradient of the log-likelihood, for every neuron")
    func agreesWithReference() throws {
        for (index, model) in try Self.models().enumerated() {
            let test = try LocalCase(model, seed: UInt64(index + 1))
            let gradient = try test.learn(LocalRule(estimator: .exact, passCount: 2)).gradient
            let found = gradient.values(ofPopulation: 0)
            let expected = try test.referenceGradient()
            let scale = expected.map(abs).max() ?? 0
            #expect(found.count == expected.count)
            for (entry, pair) in zip(found, expected).enumerated() {
                #expect(
                    abs(pair.0 - pair.1) <= 2e-3 * max(scale, 1),
                    "model \(index), entry \(entry): \(pair.0), expected \(pair.1)")
            }
        }
    }

    @Test("the update tells the log-likelihood of the outputs that the reference has")
    func logLikelihood() throws {
        let test = try LocalCase(SQS(try Ansatz.exchange.circuit()), layers: [3])
        let update = try test.learn(LocalRule(estimator: .exact, passCount: 1)).update
        let (population, projection) = (test.network.populations[0], test.network.projections[0])
        var expected = 0.0
        for sample in 0..<test.input.sampleCount {
            for neuron in 0..<population.neuronCount {
                let currents = (0..<test.stepCount).map { step in
                    [
                        test.input.activeNeurons(sample: sample, step: step).reduce(0.0) {
                            $0 + Double(projection[$1, neuron])
                        }
                    ]
                }
                expected += try ReferenceNeuron(
                    population.model, parameters: population[parameters: neuron].map { Double($0) }
                ).run(
                    currents: currents,
                    spikes: (0..<test.stepCount).map { [test.targets[sample, $0, neuron] ? 1 : 0] }
                ).logLikelihood
            }
        }
        expected /= Double(test.input.sampleCount)
        #expect(abs(update.logLikelihood - expected) < 1e-3)
        #expect(update.ledger == ShotLedger())
    }
}
