import Compute
import Foundation
import QuantumCircuits
import SpikeDatasets
import Runs
import SpikeTrains
import Networks
import Neurons

/// The network and the input that the scenarios run on: one hidden layer, and random Bernoulli spikes or images.
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
    private let neuron: AnyNeuronModel
    /// Of all neurons, with one channel.
    public var model: any NeuronModel { neuron.model }
    /// Images that are the input, under ``intensityCeiling``; nil for random spikes.
    public private(set) var images: ImageDataset?

    /// Largest probability of a spike where the input is images: Fashion-MNIST then has a density of about 0.2.
    public static let intensityCeiling = 0.5

    /// - Throws: ``BenchmarkError/channels(ansatz:found:)``.
    public init(model: any NeuronModel) throws(BenchmarkError) {
        guard model.channelCount == 1 else {
            throw .channels(ansatz: model.circuit?.name ?? model.kind, found: model.channelCount)
        }
        neuron = AnyNeuronModel(model)
    }

    /// Of stochastic quantum neurons.
    public init(circuit: Circuit) throws(BenchmarkError) { try self.init(model: SQS(circuit)) }

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

    /// The settings of a training step on this workload: Adam at a constant rate, one output neuron a class.
    var recipe: Recipe {
        var recipe = Recipe.standard
        recipe.name = "benchmark"
        recipe.stepCount = stepCount
        recipe.batchSize = batchSize
        recipe.hiddenCounts = [hiddenCount]
        recipe.neuronsPerClass = 1
        recipe.schedule = .constant
        return recipe
    }

    func network() throws -> Network {
        try recipe.network(
            inputCount: inputCount, classCount: outputCount, model: model, seed: Self.seed)
    }

    /// Identities of the samples of one repetition in the random streams: fresh ones for each.
    func sampleIndices(repetition: Int) -> [Int] {
        Array(repetition * batchSize..<(repetition + 1) * batchSize)
    }

    /// Samples of the data set in one repetition.
    private func indices(_ repetition: Int, of images: ImageDataset) -> [Int] {
        sampleIndices(repetition: repetition).map { $0 % images.count }
    }

    /// Input spikes, other ones for each repetition.
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
        case inputs, hidden, outputs, steps, batch, dataset, density, threads, model, ansatz
        case memoryQubits = "memory_qubits"
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
        try container.encode(model.kind, forKey: .model)
        try container.encodeIfPresent(model.circuit?.name, forKey: .ansatz)
        try container.encodeIfPresent(model.circuit?.memoryQubits, forKey: .memoryQubits)
    }
}
