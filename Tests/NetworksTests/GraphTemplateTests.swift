import Neurons
import QuantumCircuits
import Testing

@testable import Networks

struct GraphTemplateTests {
    // By hand: 28 − 4 = 24, half of it 12; 12 − 4 = 8, half of it 4. 25 · 12 + 25 · 12 · 64 + 4 · 4 · 64 · 10 weights, of QLIF
    // neurons two each, which have no parameters of their own.
    @Test("qscnn is two convolutions of 5 × 5, each pooled 2 × 2, and full synapses onto the outputs")
    func qscnn() throws {
        let graph = try GraphTemplate.qscnn.graph(
            height: 28, width: 28, outputCount: 10, model: try QLIF())
        #expect(graph.input.neuronCount == 784)
        #expect(graph.nodes.map(\.neuronCount) == [24 * 24 * 12, 8 * 8 * 64, 10])
        #expect(
            graph.edges == [
                .init(
                    "input", "convolution 1",
                    .convolution(.init(height: 28, width: 28, kernelSize: 5, features: 12))),
                .init(
                    "convolution 1", "convolution 2",
                    .convolution(
                        .init(height: 12, width: 12, inputFeatures: 12, kernelSize: 5, features: 64)),
                    pooling: .init(height: 24, width: 24, features: 12, size: 2)),
                .init(
                    "convolution 2", "output", pooling: .init(height: 8, width: 8, features: 64, size: 2)),
            ])
        #expect(graph.outputs == ["output"])
        #expect(
            graph.parameterCount(graph.projectionSizes()).value
                == 2 * (25 * 12 + 25 * 12 * 64 + 4 * 4 * 64 * 10))
    }

    // 16 − 4 = 12, 6, 2, 1 place is left.
    @Test("the least image has one place left; a smaller one is refused, whichever side it is")
    func least() throws {
        let model = SQS(try Ansatz.exchange.circuit(ioQubits: 2, memoryQubits: 1))
        let graph = try GraphTemplate.qscnn.graph(height: 16, width: 16, outputCount: 4, model: model)
        #expect(graph.nodes.map(\.neuronCount) == [12 * 12 * 12, 2 * 2 * 64, 4])
        #expect(graph.input.channelCount == 2)
        for (height, width) in [(15, 28), (28, 15), (1, 1)] {
            #expect(
                throws: NetworkError.graph(
                    place: "graph qscnn",
                    problem:
                        "found images of \(height) × \(width), expected at least 16 × 16; take another data "
                        + "set, or layers with --hidden")
            ) {
                try GraphTemplate.qscnn.graph(height: height, width: width, outputCount: 4, model: model)
            }
        }
    }
}
