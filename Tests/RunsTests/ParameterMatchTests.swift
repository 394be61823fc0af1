import Files
import Networks
import Neurons
import QuantumCircuits
import SpikeDatasets
import TestSupport
import Testing

@testable import Runs

/// Trainable parameters counted without a network, and the width that comes closest to a number of them.
@Suite("Matched parameters")
struct ParameterMatchTests {
    private static func configuration(
        _ model: any NeuronModel, hidden: [Int], neuronsPerClass: Int = 1
    ) -> RunConfiguration {
        var recipe = Recipe.standard
        recipe.hiddenCounts = hidden
        recipe.neuronsPerClass = neuronsPerClass
        return RunConfiguration(dataset: "mnist", neuron: model, seed: 1, recipe: recipe)
    }

    private static func models() throws -> [any NeuronModel] {
        let exchange = try Ansatz.exchange.circuit()
        return try NeuronModels.all.map { type -> any NeuronModel in
            switch type {
            case let type as any CircuitNeuron.Type: type.init(exchange)
            default: try JSONDocument.decode(type, from: Array("{}".utf8))
            }
        } + [
            SQS(try Ansatz.exchange.circuit(memoryQubits: 3)),
            SQS(try Ansatz.twoWay.circuit(ioQubits: 2, memoryQubits: 1)),
            try LIF(learnsDecay: true), try LIF(learnsDecay: true, learnsThreshold: true),
        ]
    }

    @Test("are counted as in the network that is made, for every model and every depth")
    func everyModel() throws {
        for model in try Self.models() {
            for hidden in [[], [1], [70], [33, 130], [5, 6, 7]] {
                let configuration = Self.configuration(model, hidden: hidden, neuronsPerClass: 3)
                let network = try configuration.recipe.network(
                    inputCount: 36, classCount: 4, model: model, seed: 1)
                #expect(
                    try configuration.parameterCount(inputCount: 36, classCount: 4)
                        == network.parameterCount, "\(model.kind) \(hidden)")
            }
        }
    }

    @Test("are counted as in the network that is made, over a graph with shared, random and listed synapses")
    func graphs() throws {
        let graph = try NetworkGraph(
            input: .init(neuronCount: 36),
            nodes: [
                .init("a", model: SQS(try Ansatz.exchange.circuit()), neuronCount: 32),
                .init("b", model: try LIF(learnsDecay: true), neuronCount: 20),
                .init("c", model: try QLIF(), neuronCount: 8),
            ],
            edges: [
                .init("input", "a", .convolution(.init(height: 6, width: 6, kernelSize: 3, features: 2))),
                .init("a", "b", .random(probability: 0.3, seed: 5)), .init("b", "b", .oneToOne, delay: 1),
                .init("b", "c"),
            ])
        var configuration = Self.configuration(try LIF(), hidden: [10])
        configuration.graph = graph
        #expect(
            try configuration.parameterCount(inputCount: 36, classCount: 4)
                == Network(graph).parameterCount)
        #expect(throws: RunError.outputsOfClasses(found: 8, classes: 3)) {
            try configuration.parameterCount(inputCount: 36, classCount: 3)
        }
    }

    @Test("of 784-1000-10 networks are those worked out by hand")
    func byHand() throws {
        func count(_ model: any NeuronModel, neuronsPerClass: Int = 1) throws -> Int {
            try Self.configuration(model, hidden: [1000], neuronsPerClass: neuronsPerClass)
                .parameterCount(for: DatasetCatalog.entry(named: "mnist"))
        }
        // 784·1000 + 1000·10 weights.
        let weights = 794_000
        // Five angles of the exchange circuit for each of 1010 neurons.
        #expect(try count(SQS(try Ansatz.exchange.circuit())) == weights + 5050)
        #expect(try count(LIF()) == weights)
        // A decay of each neuron.
        #expect(try count(LIF(learnsDecay: true)) == weights + 1010)
        // Two weights for each synapse: of the excitation, and of the leak.
        #expect(try count(QLIF()) == 2 * weights)
        // 784·1000 + 1000·100 weights, five angles for each of 1100 neurons.
        #expect(try count(SQS(try Ansatz.exchange.circuit()), neuronsPerClass: 10) == 889_500)
    }

    /// A LIF network of h hidden neurons has 784 h + 10 h = 794 h weights.
    @Test("the closest width is found, the smaller of two that are equally close")
    func closest() throws {
        let configuration = Self.configuration(try LIF(), hidden: [30])
        func match(_ target: Int) throws -> ParameterMatch {
            try configuration.matched(to: target, for: DatasetCatalog.entry(named: "mnist"))
        }
        for (target, hidden) in [
            (794, 1), (800, 1), (794_000, 1000), (794_396, 1000), (794_397, 1000), (794_398, 1001),
            (794 * 65_536, 65_536), (794 * 65_536 + 1_000_000, 65_536),
        ] {
            let match = try match(target)
            #expect(match.configuration.recipe.hiddenCounts == [hidden] && match.target == target)
            #expect(match.parameterCount == 794 * hidden)
        }
        let found = try match(889_500)
        // 1120 · 794 = 889,280; a width more has 574 too many.
        #expect(found.size == "hidden 1120" && found.parameterCount == 889_280)
        #expect(abs(found.residual + 220.0 / 889_500) < 1e-12)
        var rest = found.configuration
        rest.recipe.hiddenCounts = [30]
        #expect(rest == configuration)
    }

    /// 784·2w + 2w·w + 10 w = 1578 w + 2 w² weights at twice w and w neurons.
    @Test("several hidden layers are scaled by one factor, and keep a neuron each")
    func severalLayers() throws {
        let configuration = Self.configuration(try LIF(), hidden: [100, 50])
        let entry = try DatasetCatalog.entry(named: "mnist")
        let match = try configuration.matched(to: 1578 * 200 + 2 * 40_000, for: entry)
        #expect(match.configuration.recipe.hiddenCounts == [400, 200] && match.residual == 0)
        // 784 + 1 + 10, and 784·2 + 2 + 10.
        let narrow = Self.configuration(try LIF(), hidden: [1000, 3])
        #expect(try narrow.matched(to: 795, for: entry).configuration.recipe.hiddenCounts == [1, 1])
        #expect(try narrow.matched(to: 1580, for: entry).configuration.recipe.hiddenCounts == [2, 1])
    }

    @Test("what has no width, or none that comes close, is refused")
    func refused() throws {
        let entry = try DatasetCatalog.entry(named: "mnist")
        func problem(_ configuration: RunConfiguration, _ target: Int) -> String {
            do {
                let match = try configuration.matched(to: target, for: entry)
                return "found \(match.size)"
            } catch { return "\(error)" }
        }
        let lif = Self.configuration(try LIF(), hidden: [30])
        #expect(
            problem(lif, 755)
                == "--match-parameters: found 755, and the closest network, hidden 1, has 794 parameters, expected one "
                + "within 5 %; give another number, or change what else decides the size")
        #expect(problem(lif, 1191).contains("hidden 1, has 794 parameters"))
        #expect(problem(lif, Int.max).contains("hidden 65536, has 52035584 parameters"))
        #expect(
            problem(Self.configuration(try LIF(), hidden: []), 7840)
                == "--match-parameters: found no hidden layer that could be widened; give one with --hidden")
        var graph = lif
        graph.graph = try lif.recipe.graph(inputCount: 784, classCount: 10, model: LIF())
        #expect(
            problem(graph, 7840)
                == "--match-parameters: found a graph, whose populations have sizes of their own; leave --graph out, or "
                + "the match")
        #expect(problem(Self.configuration(try LIF(), hidden: [0]), 794).contains("hidden_counts is 0"))
    }

    @Test("those of a run are counted from its folder")
    func ofRun() throws {
        #expect(
            try RunFolder(path: Golden.path("runs-0.1/sqs")).parameterCount()
                == RunFolder(path: Golden.path("runs-0.1/sqs")).trainedNetwork(threads: 1).trainer.network
                .parameterCount)
        #expect(throws: RunError.missing("/no/such/run.json")) {
            try RunFolder(path: "/no/such").parameterCount()
        }
    }
}
