import Foundation
import QuantumCircuits
import Neurons
import TestSupport
import Testing

struct ReferenceNeuronTests {
    /// All patterns of N channels over T steps, `[history][step][channel]`.
    private static func histories(steps: Int, channels: Int) -> [[[Int]]] {
        (0..<(1 << (steps * channels))).map { bits in
            (0..<steps).map { step in
                (0..<channels).map { bits >> (step * channels + $0) & 1 }
            }
        }
    }

    @Test(
        "the probabilities of all spike histories sum to 1 within 1e-12",
        arguments: [(1, 1, 6), (1, 2, 5), (1, 3, 4), (2, 1, 3), (2, 2, 2), (2, 3, 2)])
    func normalisation(io: Int, memory: Int, steps: Int) throws {
        for seed in UInt64(0)..<2 {
            let (circuit, angles) = try RandomCircuit.make(ioQubits: io, memoryQubits: memory, seed: seed)
            let neuron = try ReferenceNeuron(SQS(circuit), parameters: angles)
            let currents = RandomCircuit.currents(stepCount: steps, channels: io, seed: seed)
            var sum = 0.0
            for history in Self.histories(steps: steps, channels: io) {
                do {
                    sum += exp(try neuron.run(currents: currents, spikes: history).logLikelihood)
                } catch NeuronError.input(let place, _) where place.hasPrefix("spikes") {
                    continue  // A history of probability 0.
                }
            }
            #expect(abs(sum - 1) < 1e-12, "seed \(seed)")
        }
    }

    /// Spikes that are the likelier ones, so that none is impossible.
    private static func likelySpikes(_ neuron: ReferenceNeuron, currents: [[Double]]) throws -> [[Int]] {
        var spikes: [[Int]] = []
        for step in currents.indices {
            let silent = [Int](repeating: 0, count: neuron.channelCount)
            // The probabilities of a step do not depend on its own spikes, but these must be possible.
            let candidates = Self.histories(steps: 1, channels: neuron.channelCount).map { $0[0] }
            let best = candidates.max { left, right in
                func probability(_ pattern: [Int]) -> Double {
                    let run = try? neuron.run(
                        currents: Array(currents[...step]), spikes: spikes + [pattern])
                    return run?.stepProbability[step] ?? 0
                }
                return probability(left) < probability(right)
            }
            spikes.append(best ?? silent)
        }
        return spikes
    }

    @Test("a current of 0 or less applies no gate and has no gradient")
    func noGate() throws {
        let neuron = try ReferenceNeuron(
            SQS(Ansatz.exchange.circuit(ioQubits: 1, memoryQubits: 1)), parameters: [1, 2, 3, 4, 5])
        let spikes = [[0], [1], [1]]
        let negative = try neuron.run(currents: [[-0.4], [0.3], [-2]], spikes: spikes)
        #expect(try neuron.run(currents: [[0], [0.3], [0]], spikes: spikes) == negative)
        let gradient = try neuron.logLikelihoodGradient(currents: [[-0.4], [0.3], [0]], spikes: spikes)
        #expect(gradient.currents[0] == [0])
        #expect(gradient.currents[1] != [0])
        #expect(gradient.currents[2] == [0])
    }

    /// At angles π the three CRX are a swap, up to phases: fact 3 of the design.
    @Test("the exchange circuit at angles π is a one-step delay line")
    func delayLine() throws {
        let neuron = try ReferenceNeuron(
            SQS(Ansatz.exchange.circuit(ioQubits: 1, memoryQubits: 1)), parameters: [.pi, .pi, .pi, 0, 0])
        let currents = [[1.0], [0], [1], [1], [0]]
        let delayed = [[0], [1], [0], [1], [1]]
        let response = try neuron.run(currents: currents, spikes: delayed)
        for probability in response.stepProbability { #expect(abs(probability - 1) < 1e-12) }
    }

    @Test("a memoryless neuron answers each step as if it were the first")
    func memoryless() throws {
        let (circuit, angles) = try RandomCircuit.make(ioQubits: 1, memoryQubits: 2, seed: 7)
        let neuron = try ReferenceNeuron(MemorylessSQS(circuit), parameters: angles)
        let currents = RandomCircuit.currents(stepCount: 5, channels: 1, seed: 7)
        let spikes = try Self.likelySpikes(neuron, currents: currents)
        let whole = try neuron.run(currents: currents, spikes: spikes)
        for step in currents.indices {
            let alone = try ReferenceNeuron(SQS(circuit), parameters: angles)
                .run(currents: [currents[step]], spikes: [spikes[step]])
            #expect(alone.stepProbability[0] == whole.stepProbability[step])
        }
    }

    /// Expected values from `Tests/Golden/models.json`.
    @Test("the last-spike-feedback neuron agrees with its golden values")
    func lastSpikeFeedback() throws {
        struct Models: Decodable {
            struct Case: Decodable {
                struct Angles: Decodable { let entangling, input, memory: Double }
                struct Expected: Decodable { let stepProbability: [Double] }
                let angles: Angles
                let currents: [Double]
                let spikes: [Int]
                let expected: Expected
            }
            let lastSpikeFeedback: [Case]
        }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let cases = try decoder.decode(Models.self, from: Golden.data("models.json")).lastSpikeFeedback
        #expect(cases.count == 4)
        for golden in cases {
            let neuron = try ReferenceNeuron(
                LastSpikeFeedback(),
                parameters: [golden.angles.entangling, golden.angles.input, golden.angles.memory])
            let response = try neuron.run(
                currents: golden.currents.map { [$0] }, spikes: golden.spikes.map { [$0] })
            for (found, expected) in zip(response.stepProbability, golden.expected.stepProbability) {
                #expect(abs(found - expected) < 1e-10)
            }
        }
    }

    @Test("angles that do not fit the model are refused")
    func angles() throws {
        #expect(throws: NeuronError.self) { try ReferenceNeuron(LastSpikeFeedback(), parameters: [1, 2]) }
        let circuit = try Ansatz.exchange.circuit(ioQubits: 1, memoryQubits: 1)
        #expect(throws: CircuitError.angleCount(circuit: "exchange", found: 4, expected: 5)) {
            try ReferenceNeuron(SQS(circuit), parameters: [1, 2, 3, 4])
        }
    }
}
