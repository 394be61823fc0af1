import Compute
import FoundationEssentials
import Learning
import LocalLearning
import Networks
import Neurons
import QuantumCircuits
import SpikeDatasets
import SpikeTrains

/// The network, the input and the rule that the scenarios run on: one hidden layer, random Bernoulli spikes or images, and
/// surrogate gradients where nothing else is said.
public struct Workload: Sendable, Hashable {
    public var inputCount = 784
    public var hiddenCount = 1000
    public var outputCount = 10
    /// Time steps T.
    public var stepCount = 5
    public var batchSize = 256
    /// Probability of a spike of each input at each step.
    public var density = 0.2
    public var threadCount = ProcessInfo.processInfo.activeProcessorCount
    /// Probability of a synapse from each hidden neuron to each, a step late; nil for none.
    public var recurrence: Double?
    /// The rule of training in place of surrogate gradients.
    public var localRule: LocalRule?
    /// Of the sums over synapses.
    public var precision = SumPrecision.float32
    private let neuron: AnyNeuronModel
    /// Of all neurons.
    public var model: any NeuronModel { neuron.model }
    /// Images that are the input, under ``intensityCeiling``; nil for random spikes.
    public private(set) var images: ImageDataset?

    /// Largest probability of a spike where the input is images: Fashion-MNIST then has a density of about 0.2.
    public static let intensityCeiling = 0.5

    public init(model: any NeuronModel) { neuron = AnyNeuronModel(model) }

    /// Of stochastic quantum neurons.
    public init(circuit: Circuit) { self.init(model: SQS(circuit)) }

    /// Makes the samples of a data set the input, in their order.
    public mutating func takeInput(from images: ImageDataset) {
        self.images = images
        inputCount = images.inputCount
        outputCount = images.classCount
        let sum = images.pixels.reduce(0.0) { $0 + min(Double($1) / 255, Self.intensityCeiling) }
        density = sum / Double(max(1, images.pixels.count))
    }

    static let seed: UInt64 = 1

    var parallelism: Parallelism { Parallelism(threadCount: threadCount) }

    /// Neuron-steps of one batch.
    var neuronSteps: Int { (hiddenCount + outputCount) * stepCount * batchSize }

    var isNoisy: Bool { (model as? SQS)?.noise != nil }

    /// How training goes: Adam at a constant rate.
    var plan: TrainingPlan {
        TrainingPlan(
            stepCount: stepCount, batchSize: batchSize,
            encoder: RateEncoder(checkedCeiling: Self.intensityCeiling), precision: precision)
    }

    /// Layer after layer; more hidden neurons than a population can have are several populations side by side.
    private func graph() throws -> NetworkGraph {
        let largest = NetworkGraph.largestPopulation
        let partCount = (hiddenCount + largest - 1) / largest
        let parts = (0..<partCount).map { part in
            NetworkGraph.Node(
                "hidden \(part + 1)", model: model,
                neuronCount: hiddenCount * (part + 1) / partCount - hiddenCount * part / partCount)
        }
        let names = parts.map(\.name)
        let recurrent = recurrence.map { probability in
            names.flatMap { source in
                names.map {
                    NetworkGraph.Edge(
                        source, $0, .random(probability: probability, seed: Self.seed), delay: 1)
                }
            }
        }
        return try NetworkGraph(
            input: .init(neuronCount: inputCount, channelCount: model.channelCount),
            nodes: parts + [.init("output", model: model, neuronCount: outputCount)],
            edges: names.map { .init("input", $0) } + (recurrent ?? []) + names.map { .init($0, "output") })
    }

    func network() throws -> Network {
        var network = try Network(graph())
        try network.initialize(seed: Self.seed)
        return network
    }

    /// Trains the network to tell classes by one output neuron each.
    func trainer() throws -> Trainer {
        let (network, classes) = (try network(), try RateDecoder(classCount: outputCount))
        if let localRule {
            return try Trainer(
                network: network, plan: plan, localRule: localRule, classes: classes, seed: Self.seed,
                threads: threadCount)
        }
        return try Trainer(
            network: network, plan: plan,
            objective: RateClassification(classes, loss: .softmaxCrossEntropy(temperature: 5)),
            seed: Self.seed, threads: threadCount)
    }

    /// Identities of the samples of one repetition in the random streams: fresh ones for each.
    func sampleIndices(repetition: Int) -> [Int] {
        Array(repetition * batchSize..<(repetition + 1) * batchSize)
    }

    /// Samples of the data set in one repetition.
    private func indices(_ repetition: Int, of images: ImageDataset) -> [Int] {
        sampleIndices(repetition: repetition).map { $0 % images.count }
    }

    /// Input spikes as the network takes them, on every channel.
    func networkInput(repetition: Int) -> SpikeRaster {
        input(repetition: repetition).repeated(channelCount: model.channelCount)
    }

    /// Input spikes of one channel, other ones for each repetition.
    func input(repetition: Int) -> SpikeRaster {
        // Without images, inputs of full intensity fire with the encoder's ceiling.
        let pixels =
            images.map { $0.gather(indices(repetition, of: $0)) }
            ?? [UInt8](repeating: 255, count: batchSize * inputCount)
        return RateEncoder(checkedCeiling: images == nil ? density : Self.intensityCeiling).encodeChecked(
            pixels: pixels, inputCount: inputCount, sampleIndices: sampleIndices(repetition: repetition),
            stepCount: stepCount,
            random: RandomStream(seed: Self.seed, purpose: .encoding), parallelism: parallelism)
    }

    /// The images' labels, or random ones, others for each repetition.
    func labels(repetition: Int) -> [Int] {
        if let images { return indices(repetition, of: images).map { Int(images.labels[$0]) } }
        var random = RandomStream(seed: Self.seed, purpose: .analysis).generator(sample: repetition)
        return (0..<batchSize).map { _ in Int.random(in: 0..<outputCount, using: &random) }
    }
}

extension Workload: Encodable {
    enum CodingKeys: String, CodingKey {
        case inputs, hidden, outputs, steps, batch, dataset, density, threads, precision, model, ansatz,
            channels, recurrence
        case memoryQubits = "memory_qubits"
        case isNoisy = "is_noisy"
        case localRule = "local_rule"
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(inputCount, forKey: .inputs)
        try container.encode(hiddenCount, forKey: .hidden)
        try container.encode(outputCount, forKey: .outputs)
        try container.encode(stepCount, forKey: .steps)
        try container.encode(batchSize, forKey: .batch)
        try container.encode(images?.name ?? "random", forKey: .dataset)
        try container.encode(density, forKey: .density)
        try container.encode(threadCount, forKey: .threads)
        try container.encode(precision, forKey: .precision)
        try container.encode(model.kind, forKey: .model)
        try container.encodeIfPresent(model.circuit?.name, forKey: .ansatz)
        try container.encode(model.channelCount, forKey: .channels)
        try container.encodeIfPresent(model.circuit?.memoryQubits, forKey: .memoryQubits)
        try container.encode(isNoisy, forKey: .isNoisy)
        try container.encodeIfPresent(recurrence, forKey: .recurrence)
        try container.encodeIfPresent(localRule, forKey: .localRule)
    }
}

extension SumPrecision {
    /// Of one number of a row.
    var byteCount: Int {
        switch self {
        case .float32: 4
        case .fixed16: 2
        }
    }
}
