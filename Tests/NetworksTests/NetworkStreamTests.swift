import QuantumCircuits
import SpikeTrains
import Neurons
import Testing

@testable import Networks

struct NetworkStreamTests {
    /// The models of the other tests, and one more real and one more complex instrument with more memory.
    static func models() throws -> [any NeuronModel] {
        SmallNetwork.models + [
            SQS(try Ansatz.exchange.circuit(ioQubits: 1, memoryQubits: 2)),
            SQS(try Ansatz.partialSwap.circuit(ioQubits: 1, memoryQubits: 2)),
            MemorylessSQS(try Ansatz.exchange.circuit(ioQubits: 1, memoryQubits: 2)),
        ]
    }

    /// The expected spikes are those of a run of the whole raster. Of its few thousand random numbers none lies within
    /// rounding of its firing probability.
    @Test(
        "step by step, every layer spikes as in a run of all steps", arguments: try models(),
        SumPrecision.allCases)
    func equalsRun(model: any NeuronModel, precision: SumPrecision) throws {
        let small = try SmallNetwork(model, counts: [70, 9], sampleCount: 3, stepCount: 12)
        let expected = try small.network.run(small.input, seed: 7, repetition: 2, precision: precision)
        let stream = try NetworkStream(
            small.network, seed: 7, repetition: 2, sample: 0, precision: precision)
        for sample in 0..<3 {
            if sample > 0 { stream.reset(sample: sample) }
            #expect(!stream.hasFired(0), "nothing has happened yet")
            for step in 0..<12 {
                // The order in which inputs are named does not matter.
                try stream.step(small.input.activeNeurons(sample: sample, step: step).reversed())
                for (layer, raster) in expected.enumerated() {
                    let fired = (0..<raster.neuronCount).filter { stream.hasFired($0, population: layer) }
                    #expect(fired == raster.activeNeurons(sample: sample, step: step))
                }
            }
            #expect(stream.stepCount == 12)
            let counts = (0..<9).map { neuron in (0..<12).count { expected[1][sample, $0, neuron] } }
            #expect(stream.spikeCounts == counts)
        }
    }

    @Test("an input that the network does not have is refused, and the step is not taken")
    func wrongInput() throws {
        let network = try SmallNetwork(SmallNetwork.exchange, counts: [3], sampleCount: 1, stepCount: 1)
            .network
        let (stream, other) = try (NetworkStream(network, seed: 1), NetworkStream(network, seed: 1))
        for number in [-1, 20] {
            #expect(throws: NetworkError.input(number, expected: 20)) { try stream.step([3, number]) }
        }
        #expect(stream.stepCount == 0)
        for _ in 0..<5 {
            try stream.step([1])
            try other.step([1])
        }
        #expect(stream.spikeCounts == other.spikeCounts)
    }
}
