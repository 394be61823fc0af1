import Files
import Foundation
import QuantumCircuits
import Neurons
import Testing

@testable import Networks

struct NetworkGraphTests {
    private static let neuron = LastSpikeFeedback()

    private static func refusal(
        _ edges: [NetworkGraph.Edge], nodes: [String] = ["a", "b", "out"], outputs: [String]? = nil
    ) -> NetworkError? {
        #expect(throws: NetworkError.self) {
            try NetworkGraph(
                input: .init(neuronCount: 4), nodes: nodes.map { .init($0, model: neuron, neuronCount: 4) },
                edges: edges, outputs: outputs)
        }
    }

    @Test("a projection that does not fit its ends is refused with its path")
    func edges() {
        let cases: [(NetworkGraph.Edge, String)] = [
            (.init("c", "a"), "unknown population 'c'; expected one of input, a, b, out"),
            (.init("a", "c"), "unknown population 'c'; expected one of input, a, b, out"),
            (.init("a", "input"), "the input takes no spikes; project onto a population"),
            (.init("a", "b", delay: 2), "found delay 2, expected 0 or 1"),
            (
                .init("a", "b", .random(probability: 0, seed: 1)),
                "found probability 0.0, expected a number above 0 and at most 1"
            ),
            (
                .init("a", "b", .explicit([])),
                "found no synapses, expected at least one; list them, or remove it"
            ),
            (
                .init("a", "b", .explicit([.init(0, 0), .init(1, 4)])),
                "synapse 1 (1 → 4): found neuron 4, expected 0 to 3"
            ),
            (
                .init("a", "b", .explicit([.init(2, 3), .init(2, 3)])),
                "synapse 1 (2 → 3): is listed twice; list it once"
            ),
            (
                .init("a", "b", .convolution(.init(height: 2, width: 3, kernelSize: 1, features: 1))),
                "found 2 × 3 × 1 = 6 neurons before the convolution, expected the population's 4"
            ),
            (
                .init("a", "b", .convolution(.init(height: 2, width: 2, kernelSize: 2, features: 3))),
                "found 4 neurons after the convolution, expected 1 × 1 × 3 = 3"
            ),
            (
                .init("a", "b", pooling: .init(height: 2, width: 3, size: 2)),
                "found 2 × 3 × 1 = 6 neurons before the pooling, expected the population's 4"
            ),
            (
                .init("a", "b", pooling: .init(height: 2, width: 2, size: 3)),
                "found pooling of 3 × 3 over a plane of 2 × 2, expected a window that fits; make it smaller"
            ),
            (
                .init("a", "b", pooling: .init(height: 2, width: 2, size: 0)),
                "found size 0 of the pooling, expected 1 to 65536"
            ),
            (
                .init("a", "b", pooling: .init(height: Int.max, width: 2, size: 1)),
                "found height \(Int.max) of the pooling, expected 1 to 65536"
            ),
            (
                .init("a", "b", .oneToOne, pooling: .init(height: 2, width: 2, size: 2)),
                "found 1 neurons before and 4 after one-to-one synapses, expected as many"
            ),
            (
                .init(
                    "a", "b", .convolution(.init(height: 2, width: 2, kernelSize: 1, features: 1)),
                    pooling: .init(height: 2, width: 2, size: 2)),
                "found 2 × 2 × 1 = 4 neurons before the convolution, expected the pooled plane's 1"
            ),
        ]
        for (edge, problem) in cases {
            #expect(
                Self.refusal([.init("input", "a"), edge])
                    == .graph(place: "projections[1] (\(edge.source) → \(edge.target))", problem: problem))
        }
    }

    @Test("neurons of different numbers of channels are not connected")
    func channels() throws {
        let wide = SQS(try Ansatz.exchange.circuit(ioQubits: 2, memoryQubits: 1))
        let error = #expect(throws: NetworkError.self) {
            try NetworkGraph(
                input: .init(neuronCount: 4, channelCount: 2),
                nodes: [
                    .init("wide", model: wide, neuronCount: 2),
                    .init("out", model: Self.neuron, neuronCount: 1),
                ],
                edges: [.init("input", "wide"), .init("wide", "out")])
        }
        #expect(
            error
                == .graph(
                    place: "projections[1] (wide → out)",
                    problem:
                        "found 2 channels before and 1 after the synapses, expected as many, or one before; "
                        + "give both populations the same number of input-output qubits"))
    }

    @Test("an output that feeds something is refused with the path of the projection (9)")
    func outputs() {
        #expect(
            Self.refusal(
                [.init("input", "a"), .init("a", "b", delay: 1), .init("b", "out")], outputs: ["a"])
                == .graph(
                    place: "projections[1] (a → b)",
                    problem: "'a' is an output and feeds nothing (9); read out another population, "
                        + "or remove the projection"))
        #expect(
            Self.refusal([.init("a", "b", delay: 1), .init("b", "out", delay: 1), .init("out", "a")])
                == .graph(
                    place: "outputs",
                    problem:
                        "every population projects onto another, expected one that does not; add an output"
                ))
    }

    @Test("a cycle without delay is refused with its path; with a delay it is a graph")
    func cycles() throws {
        #expect(
            Self.refusal([.init("input", "a"), .init("a", "b"), .init("b", "out"), .init("b", "a")])
                == .graph(
                    place: "projections[3] (b → a)",
                    problem: "closes a cycle without delay, a → b → a; give one of its projections delay 1"))
        #expect(
            Self.refusal([.init("input", "a"), .init("a", "a"), .init("b", "out")])
                == .graph(
                    place: "projections[1] (a → a)",
                    problem: "closes a cycle without delay, a → a; give one of its projections delay 1"))
        let graph = try NetworkGraph(
            input: .init(neuronCount: 4),
            nodes: ["out", "b", "a"].map { .init($0, model: Self.neuron, neuronCount: 4) },
            edges: [.init("input", "a"), .init("a", "b"), .init("b", "out"), .init("b", "a", delay: 1)])
        #expect(graph.isCyclic)
        #expect(graph.outputs == ["out"])
        // b after a within a step, out after both.
        #expect(
            NetworkSchedule(graph).components == [
                .init(nodes: [2, 1], isCyclic: true), .init(nodes: [0], isCyclic: false),
            ])
        #expect(graph.ranks == [3, 2, 1])
    }

    @Test("names are neither empty nor taken")
    func names() {
        #expect(
            Self.refusal([], nodes: ["a", "input"])
                == .graph(
                    place: "populations[1] (input)",
                    problem: "the name is taken; give each population a name of its own"))
        #expect(
            Self.refusal([], nodes: [""])
                == .graph(place: "populations[0] ()", problem: "found an empty name; name it"))
    }

    @Test("a graph is what its file says, and comes back from its file", arguments: try GraphExample.all())
    func file(example: GraphExample) throws {
        let graph = example.network.graph
        let data = try JSONDocument.encode(graph)
        #expect(try JSONDocument.decode(NetworkGraph.self, from: data) == graph)
    }

    @Test("a graph file that cannot be understood is refused with the place")
    func badFiles() throws {
        let head = #"{"schema": "sqsnn.network-graph/1", "input": {"neurons": 2}, "#
        let node = #"{"name": "a", "neurons": 1}"#
        let cases = [
            (#"{"schema": "x"}"#, "schema: found 'x', expected 'sqsnn.network-graph/1'"),
            (
                head + #""populations": [{"name": "a"}], "projections": []}"#,
                "populations[0].neurons: the field is missing"
            ),
            (
                head
                    + #""populations": [{"name": "a", "neurons": 1, "model": "spiking"}], "projections": []}"#,
                "populations[0].model: unknown model 'spiking'; expected one of sqs, last-spike-feedback, memoryless, lif, qlif, hidden-bit, hidden-states"
            ),
            (
                head
                    + #""populations": [\#(node)], "projections": [{"from": "input", "to": "a", "connectivity": "all"}]}"#,
                "projections[0].connectivity: found 'all', expected \"full\", \"one-to-one\", or an object with one of "
                    + "random, convolution, explicit"
            ),
            (
                head + #""populations": [\#(node)], "projections": [{"from": "x", "to": "a"}]}"#,
                "projections[0] (x → a): unknown population 'x'; expected one of input, a"
            ),
            (
                head
                    + #""populations": [\#(node)], "projections": [{"from": "input", "to": "a", "pooling": {"height": 1, "width": 2}}]}"#,
                "projections[0].pooling.size: the field is missing"
            ),
            (
                head
                    + #""populations": [\#(node)], "projections": [{"from": "input", "to": "a", "pooling": {"height": 1, "width": 2, "sise": 1, "size": 1}}]}"#,
                "projections[0].pooling.sise: there is no such field here; expected one of features, height, size, width "
                    + "(did you mean 'size'?)"
            ),
        ]
        let path = FileManager.default.temporaryDirectory.appending(path: "graph-\(UUID()).json").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        for (text, problem) in cases {
            try Data(text.utf8).write(to: URL(filePath: path))
            #expect(throws: NetworkError.file(path: path, problem: problem)) { try NetworkGraph.load(path) }
        }
    }

    /// Expected values: the definition of a convolution, place by place.
    @Test(
        "a convolution connects each place to the square around it, and shares weights", arguments: [1, 2],
        [0, 1])
    func convolution(stride: Int, padding: Int) {
        let convolution = Connectivity.Convolution(
            height: 5, width: 4, inputFeatures: 2, kernelSize: 3, stride: stride, padding: padding,
            features: 3)
        let (height, width) = (convolution.outputHeight, convolution.outputWidth)
        let runs = SynapseRuns(
            .convolution(convolution), inputCount: 5 * 4 * 2, neuronCount: height * width * 3)
        #expect(runs.parameterCount == 3 * 3 * 2 * 3)
        for input in 0..<40 {
            let (y, x, feature) = (input / 8, input / 2 % 4, input % 2)
            for neuron in 0..<height * width * 3 {
                let (row, column, kind) = (neuron / (3 * width), neuron / 3 % width, neuron % 3)
                let (dy, dx) = (y - row * stride + padding, x - column * stride + padding)
                let isSeen = (0..<3).contains(dy) && (0..<3).contains(dx)
                #expect(
                    runs.parameter(input, neuron)
                        == (isSeen ? ((dy * 3 + dx) * 2 + feature) * 3 + kind : nil))
            }
        }
    }

    /// 5σ of the binomial distribution.
    @Test("random synapses have the probability asked for, and follow their seed")
    func random() {
        func runs(_ seed: UInt64) -> SynapseRuns {
            SynapseRuns(.random(probability: 0.1, seed: seed), inputCount: 200, neuronCount: 300)
        }
        #expect(runs(1) == runs(1))
        #expect(runs(1) != runs(2))
        #expect(abs(Double(runs(1).parameterCount) - 6000) < 5 * (60_000 * 0.09).squareRoot())
    }
}
