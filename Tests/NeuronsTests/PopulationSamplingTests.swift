import DeviceNoise
import Compute
import Foundation
import QuantumCircuits
import Testing

@testable import Neurons

/// Expected values: exact enumeration of all spike histories with the reference neuron.
struct PopulationSamplingTests {
    /// Models with the number of their histories 2^(N T) = 16.
    static let cases: [(model: any NeuronModel, stepCount: Int)] = {
        guard let exchange = try? Ansatz.exchange.circuit(), let swap = try? Ansatz.partialSwap.circuit(),
            let wide = try? Ansatz.exchange.circuit(ioQubits: 2, memoryQubits: 2),
            let device = try? NoiseModel(NoisyCase.device)
        else { return [] }
        return [
            (SQS(exchange), 4), (SQS(swap), 4), (SQS(wide), 2), (MemorylessSQS(exchange), 4),
            (LastSpikeFeedback(), 4), (SQS(exchange, noise: device), 4), (SQS(wide, noise: device), 2),
        ]
    }()

    /// 64 neurons with the same angles and currents, 1,000 samples: 64,000 draws of a history.
    @Test("the frequency of every spike history is its probability, within 5σ", arguments: 0..<7)
    func frequencies(index: Int) throws {
        let (model, stepCount) = Self.cases[index]
        let test = PopulationCase(
            model, name: "sampling", neuronCount: 64, sampleCount: 1000, stepCount: stepCount, seed: 4
        ).withOneNeuronForAll()
        let run = PopulationRun(test, SimulatorEngine(test))
        let bits = stepCount * test.channelCount
        var counts = [Int](repeating: 0, count: 1 << bits)
        for sample in 0..<test.sampleCount {
            for neuron in 0..<test.neuronCount {
                let spikes = run.spikes(sample: sample, neuron: neuron).joined()
                counts[spikes.reduce(0) { $0 << 1 | $1 }] += 1
            }
        }
        let draws = Double(test.sampleCount * test.neuronCount)
        let reference = try test.reference(0)
        var sum = 0.0
        for history in counts.indices {
            let spikes = (0..<stepCount).map { step in
                (0..<test.channelCount).map { history >> (bits - 1 - step * test.channelCount - $0) & 1 }
            }
            // A history of probability 0 is refused by the reference.
            let response = try? reference.run(currents: test.currents[0][0], spikes: spikes)
            let probability = response.map { exp($0.logLikelihood) } ?? 0
            sum += probability
            let deviation = (draws * probability * (1 - probability)).squareRoot()
            let count = Double(counts[history])
            #expect(
                abs(count - draws * probability) <= 5 * deviation + 1e-6 * draws,
                "history \(spikes): \(count) of \(draws), expected probability \(probability)")
        }
        #expect(abs(sum - 1) < 1e-12)
    }
}
