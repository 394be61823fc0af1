import DeviceNoise
import Compute
import Foundation
import QuantumCircuits
import QuantumBackends
import Neurons

/// Batches and exact probabilities for the tests.
enum Examples {
    static func neuron(
        _ ansatz: Ansatz = .exchange, ioQubits: Int = 1, memoryQubits: Int = 1, stepCount: Int
    ) throws -> NeuronCircuit {
        try NeuronCircuit(
            ansatz.circuit(ioQubits: ioQubits, memoryQubits: memoryQubits), stepCount: stepCount)
    }

    /// Numbers from 0 to 3 that differ from place to place.
    static func numbers(_ count: Int, seed: UInt64) -> [Double] {
        var random = RandomStream(seed: seed, purpose: .analysis).generator()
        return (0..<count).map { _ in Double.random(in: 0.1..<3, using: &random) }
    }

    static func batch(
        _ name: String = "a batch", stepCount: Int = 3, setCount: Int = 4, shots: Int = 5, seed: UInt64 = 1
    ) throws -> CircuitBatch {
        let neuron = try neuron(stepCount: stepCount)
        let sets = (0..<setCount).map { numbers(neuron.parameterCount, seed: UInt64($0)) }
        return try CircuitBatch(
            name: name, tasks: [CircuitTask(neuron, parameterSets: sets, shots: shots)], seed: seed)
    }

    /// Exact probability of every history, in the order of the histories.
    static func probabilities(
        _ neuron: NeuronCircuit, noise: NoiseModel?, parameters: [Double]
    ) throws -> [(history: SpikeHistory, probability: Double)] {
        let circuit = neuron.circuit
        let model: any NeuronModel = noise.map { SQS(circuit, noise: $0) } ?? SQS(circuit)
        let reference = try ReferenceNeuron(model, parameters: Array(parameters.prefix(circuit.parameterCount)))
        let currents = (0..<neuron.stepCount).map { step in
            (0..<neuron.channelCount).map { channel in
                // A current that turns by nothing that can be seen, but is a gate.
                max(1e-15, parameters[circuit.parameterCount + step * neuron.channelCount + channel] / .pi)
            }
        }
        return try (0..<1 << (neuron.stepCount * neuron.channelCount)).map { number in
            let bits = neuron.stepCount * neuron.channelCount
            let spikes = (0..<bits).map { number >> (bits - 1 - $0) & 1 }
            let steps = (0..<neuron.stepCount).map { step in
                Array(spikes[step * neuron.channelCount..<(step + 1) * neuron.channelCount])
            }
            let response = try reference.run(currents: currents, spikes: steps)
            let history = SpikeHistory(
                patterns: steps.map(Instrument.pattern), channelCount: neuron.channelCount)
            return (history, response.stepProbability.reduce(1, *))
        }
    }

    /// The largest |frequency − p| in standard deviations, over all histories; a history that is rarer than once in 10 of all shots' inverse
    /// is joined to the next, so that the normal distribution applies.
    static func largestDeviation(
        _ counts: SpikeCounts, from probabilities: [(history: SpikeHistory, probability: Double)]
    ) -> Double {
        var (largest, joinedProbability, joinedCount) = (0.0, 0.0, 0)
        let shots = Double(counts.shots)
        for (history, probability) in probabilities {
            joinedProbability += probability
            joinedCount += counts.count(startingWith: history)
            guard joinedProbability * shots >= 20, joinedProbability <= 0.999 else { continue }
            let spread = (joinedProbability * (1 - joinedProbability) / shots).squareRoot()
            largest = max(largest, abs(Double(joinedCount) / shots - joinedProbability) / spread)
            (joinedProbability, joinedCount) = (0, 0)
        }
        return largest
    }
}
