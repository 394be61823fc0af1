import Compute
import DeviceNoise
import QuantumCircuits
import SpikeDatasets
import SpikeTrains
import Networks
import Neurons
import Testing

@testable import Learning
@testable import Runs

struct GraphTrainingTests {
    /// The synthetic images' inputs and classes, a recurrent population between them.
    private static func configuration(_ change: (inout Recipe) -> Void = { _ in }) throws -> RunConfiguration
    {
        let circuit = try Ansatz.exchange.circuit()
        let images = SyntheticImages.make(1)
        var configuration = RunConfiguration(
            dataset: "synthetic", neuron: SQS(circuit), seed: 5, recipe: SyntheticImages.recipe)
        configuration.graph = try NetworkGraph(
            input: .init(neuronCount: images.inputCount),
            nodes: [
                .init("hidden", model: SQS(circuit), neuronCount: 20),
                .init("out", model: SQS(circuit), neuronCount: 2 * images.classCount),
            ],
            edges: [
                .init("input", "hidden"),
                .init("hidden", "hidden", .random(probability: 0.2, seed: 3), delay: 1),
                .init("hidden", "out"),
            ])
        change(&configuration.recipe)
        return configuration
    }

    private static func trained(_ configuration: RunConfiguration, threads: Int) throws -> Trainer {
        let images = SyntheticImages.make(64)
        var trainer = try configuration.networkTrainer(for: images, threads: threads)
        for _ in 0..<2 { _ = try trainer.trainEpoch(on: images) }
        return trainer
    }

    @Test("a recurrent network learns: its loss falls, and it does not depend on threads")
    func learns() throws {
        let images = SyntheticImages.make(64)
        var trainer = try Self.configuration { $0.epochCount = 6 }.networkTrainer(for: images, threads: 2)
        var losses: [Double] = []
        for _ in 0..<6 { losses.append(try #require(try trainer.trainEpoch(on: images)).loss) }
        #expect(losses[5] < 0.9 * losses[0])
        let configuration = try Self.configuration()
        #expect(
            try Self.trained(configuration, threads: 1).weightsDigest
                == Self.trained(configuration, threads: 3).weightsDigest)
    }

    @Test(
        "credit through own spikes: quantum neurons carry densities, weights are others, and the same for any number of threads"
    )
    func ownSpikes() throws {
        let credited = try Self.configuration { $0.creditsOwnSpikes = true }
        let trainer = try Self.trained(credited, threads: 1)
        #expect(
            trainer.network.graph.nodes.allSatisfy { ($0.model as? SQS)?.noise == NoiseModel.none })
        #expect(try trainer.weightsDigest == Self.trained(credited, threads: 3).weightsDigest)
        // The same densities without the credit.
        var plain = try Self.configuration()
        plain.noise = RunConfiguration.DeviceNoise(name: "none", model: .none)
        let other = try Self.trained(plain, threads: 1)
        #expect(trainer.weightsDigest != other.weightsDigest)
    }

    @Test(
        "credit through own spikes is refused beside the local rule, and where a neuron has no likelihood of its spikes"
    )
    func ownSpikesRefused() throws {
        var recipe = Recipe.local
        recipe.creditsOwnSpikes = true
        #expect(recipe.problem?.hasPrefix("credits_own_spikes is true, expected false") == true)
        var configuration = try Self.configuration { $0.creditsOwnSpikes = true }
        configuration.graph = nil
        configuration.neuron = AnyNeuronModel(try LIF())
        let error = #expect(throws: LearningError.self) {
            try configuration.networkTrainer(for: SyntheticImages.make(8), threads: 1)
        }
        #expect(error?.description.contains("found population") == true)
    }

    @Test("recurrent layers are the graph with each hidden population onto itself, a step later")
    func recurrentLayers() throws {
        let model = SQS(try Ansatz.exchange.circuit())
        var recipe = SyntheticImages.recipe
        (recipe.hiddenCounts, recipe.neuronsPerClass, recipe.recurrent) = ([7, 5], 2, true)
        let graph = try recipe.graph(inputCount: 9, classCount: 3, model: model)
        #expect(
            graph.edges == [
                .init("input", "hidden 1"), .init("hidden 1", "hidden 1", delay: 1),
                .init("hidden 1", "hidden 2"), .init("hidden 2", "hidden 2", delay: 1),
                .init("hidden 2", "output"),
            ])
        #expect(graph.nodes.map(\.neuronCount) == [7, 5, 6])
        let plain = try [nil, false].map { isRecurrent in
            recipe.recurrent = isRecurrent
            return try recipe.graph(inputCount: 9, classCount: 3, model: model)
        }
        #expect(plain.allSatisfy { $0.edges.allSatisfy { $0.delay == 0 } })
    }

    @Test("where only the readout is trained, everything before it keeps its parameters")
    func readout() throws {
        let configuration = try Self.configuration { $0.trained = .readout }
        let before = try configuration.networkTrainer(for: SyntheticImages.make(1), threads: 1).network
        for limit in [nil, 0.5] {
            var limited = configuration
            limited.recipe.gradientNormLimit = limit
            let after = try Self.trained(limited, threads: 2).network
            #expect(after.projections[..<2] == before.projections[..<2])
            #expect(after.populations[0] == before.populations[0])
            #expect(after.projections[2] != before.projections[2])
            #expect(after.populations[1] != before.populations[1])
        }
    }

    @Test("truncation changes what is learnt, and a window of all steps does not")
    func truncation() throws {
        let whole = try Self.trained(Self.configuration(), threads: 1).weightsDigest
        let steps = SyntheticImages.recipe.stepCount
        #expect(
            try Self.trained(Self.configuration { $0.truncation = steps }, threads: 1).weightsDigest == whole)
        #expect(try Self.trained(Self.configuration { $0.truncation = 1 }, threads: 1).weightsDigest != whole)
    }

    @Test("a recurrent network comes back from its checkpoint")
    func checkpoint() throws {
        let configuration = try Self.configuration()
        let trainer = try Self.trained(configuration, threads: 1)
        var restored = try configuration.networkTrainer(for: SyntheticImages.make(1), threads: 1)
        try restored.restore(trainer.checkpoint())
        #expect(restored.network == trainer.network)
        #expect(restored.weightsDigest == trainer.weightsDigest)
    }

    @Test("outputs that are no multiple of the classes are refused, and inputs that are not the data's")
    func misfit() throws {
        var configuration = try Self.configuration()
        let circuit = try Ansatz.exchange.circuit()
        let images = SyntheticImages.make(1)
        func graph(inputs: Int, outputs: Int) throws -> NetworkGraph {
            try NetworkGraph(
                input: .init(neuronCount: inputs),
                nodes: [.init("out", model: SQS(circuit), neuronCount: outputs)],
                edges: [.init("input", "out")])
        }
        configuration.graph = try graph(inputs: images.inputCount, outputs: images.classCount + 1)
        #expect(
            throws: RunError.outputsOfClasses(
                found: images.classCount + 1, classes: images.classCount)
        ) { try configuration.networkTrainer(for: images, threads: 1) }
        configuration.graph = try graph(inputs: images.inputCount + 1, outputs: images.classCount)
        #expect(throws: LearningError.self) { try configuration.networkTrainer(for: images, threads: 1) }
    }

    /// Two poolings, one of them before a full projection.
    private static func pooledConfiguration() throws -> RunConfiguration {
        var configuration = try configuration()
        let model = SQS(try Ansatz.exchange.circuit())
        configuration.graph = try NetworkGraph(
            input: .init(neuronCount: 36),
            nodes: [
                .init("maps", model: model, neuronCount: 4 * 4 * 12),
                .init("more", model: model, neuronCount: 12 * 16),
                .init("out", model: model, neuronCount: 2 * SyntheticImages.make(1).classCount),
            ],
            edges: [
                .init("input", "maps", .convolution(.init(height: 6, width: 6, kernelSize: 3, features: 12))),
                .init(
                    "maps", "more",
                    .convolution(
                        .init(height: 2, width: 2, inputFeatures: 12, kernelSize: 1, features: 48)),
                    pooling: .init(height: 4, width: 4, features: 12, size: 2)),
                .init("more", "out", pooling: .init(height: 2, width: 2, features: 48, size: 2)),
            ])
        return configuration
    }

    @Test("a pooled network learns: its loss falls, and it does not depend on threads")
    func learnsPooled() throws {
        let images = SyntheticImages.make(64)
        var configuration = try Self.pooledConfiguration()
        configuration.recipe.epochCount = 10
        configuration.recipe.learningRate = 0.003
        var trainer = try configuration.networkTrainer(for: images, threads: 2)
        var losses: [Double] = []
        for _ in 0..<10 { losses.append(try #require(try trainer.trainEpoch(on: images)).loss) }
        #expect(losses[9] < 0.85 * losses[0], "\(losses)")
        #expect(
            try Self.trained(configuration, threads: 1).weightsDigest
                == Self.trained(configuration, threads: 3).weightsDigest)
    }

    /// The ceiling counts every list at its longest, so it is above what random input takes.
    @Test("working memory stays below its ceiling, and comes near it", arguments: [nil, 2])
    func memory(truncation: Int?) throws {
        for configuration in try [
            Self.configuration(), Self.configuration { $0.regularization = 0.1 }, Self.pooledConfiguration(),
        ] {
            let trainer = try configuration.networkTrainer(for: SyntheticImages.make(1), threads: 2)
            let network = trainer.network
            let simulator = NetworkSimulator(
                network, stepCount: 5, parallelism: Parallelism(threadCount: 2), truncation: truncation,
                precision: .fixed16)
            simulator.compile(network)
            var input = SpikeRaster(sampleCount: 40, stepCount: 5, neuronCount: network.inputCount)
            for sample in 0..<40 {
                for step in 0..<5 { input[sample, step, sample % network.inputCount] = true }
            }
            let regularizes = configuration.recipe.regularization != 0
            simulator.run(
                network, input: input, sampleIndices: Array(0..<40), seed: 1, epoch: 0,
                regularizes: regularizes)
            var state = OptimizerState(.adam(), network: network)
            state.updateCount = 1
            var updated = network
            let update = ParameterUpdate(
                &updated, &state, optimizer: .adam(), learningRate: 0.01, angleRateFactor: 1,
                gradientScale: 1,
                kernels: InstructionSet.current.kernels)
            _ = simulator.reverse(
                network,
                outputErrors: .perSample([Float](repeating: 0.1, count: 40 * network.outputCount)),
                surrogate: .straightThrough, regularization: regularizes ? 0.1 : 0, receiver: update)
            let size = SimulatorSize(
                network.graph, stepCount: 5, threadCount: 2, truncation: truncation, precision: .fixed16)
            let ceiling = size.memoryCeiling(sampleCount: Count(40), regularizes: regularizes).value
            #expect(simulator.memoryInUse <= ceiling)
            #expect(Double(simulator.memoryInUse) > 0.5 * Double(ceiling))
        }
    }
}
