import Diagnostics
import QuantumCircuits
import SpikeDatasets
import SpikingNetworks
import SpikingNeurons

/// Everything that a training run is determined by, as `run.json` holds it.
///
/// Two runs with equal configurations give equal spikes and weights, bit for bit, on the same machine with the
/// same build.
public struct RunConfiguration: Sendable, Hashable, Codable {
    /// Which neuron the populations are made of.
    public enum ModelName: String, Sendable, Hashable, Codable, CaseIterable {
        case sqs
        case lastSpikeFeedback = "last-spike-feedback"
        case memoryless
    }

    public static let currentSchema = "sqsnn.run/1"

    public var schema = RunConfiguration.currentSchema
    /// Version of this software.
    public var version = Software.version
    public var dataset: String
    /// Training images used, from the first; nil for all.
    public var trainingLimit: Int?
    public var model: ModelName
    /// Name of the circuit; its gates are in ``gates``. Without effect on `last-spike-feedback`.
    public var ansatz: String
    public var memoryQubits: Int
    /// The circuit itself, so that the run does not depend on a file or a later catalogue.
    public var gates: [Gate]
    /// The graph, if one was given: then the neurons are its, and `model`, `ansatz`, `memoryQubits`, `gates` and the
    /// recipe's layers are without effect.
    public var graph: NetworkGraph?
    public var seed: UInt64
    public var recipe: Recipe
    /// SHA-256 of the data files' uncompressed contents, by file name.
    public var datasetDigests: [String: String] = [:]

    public init(
        dataset: String, trainingLimit: Int? = nil, model: ModelName = .sqs, circuit: Circuit, seed: UInt64,
        recipe: Recipe
    ) {
        self.dataset = dataset
        self.trainingLimit = trainingLimit
        self.model = model
        ansatz = circuit.name
        memoryQubits = circuit.memoryQubits
        gates = circuit.gates
        self.seed = seed
        self.recipe = recipe
    }

    /// The neuron that the configuration names.
    ///
    /// - Throws: `CircuitError` for gates that are no circuit.
    public func neuronModel() throws -> NeuronModel {
        let circuit = try Circuit(name: ansatz, ioQubits: 1, memoryQubits: memoryQubits, gates: gates)
        return switch model {
        case .sqs: .quantum(circuit)
        case .memoryless: .memoryless(circuit)
        case .lastSpikeFeedback: .lastSpikeFeedback
        }
    }

    /// A trainer at the beginning of the run.
    ///
    /// - Parameter threads: without effect on the result.
    public func trainer(for dataset: ImageDataset, threads: Int) throws -> Trainer {
        var recipe = recipe
        let network: Network
        if let graph {
            network = recipe.network(graph, seed: seed)
            guard network.outputCount % dataset.classCount == 0 else {
                throw LearningError.outputsOfClasses(
                    found: network.outputCount, classes: dataset.classCount)
            }
            recipe.neuronsPerClass = network.outputCount / dataset.classCount
        } else {
            network = try recipe.network(
                inputCount: dataset.inputCount, classCount: dataset.classCount, model: neuronModel(),
                seed: seed)
        }
        let trainer = try Trainer(network: network, recipe: recipe, seed: seed, threads: threads)
        try trainer.check(dataset)
        return trainer
    }

    /// The fields in which two configurations differ, with their values, for a message.
    public func differences(from other: RunConfiguration) throws -> [String] {
        let (own, others) = (try JSONDocument.fields(of: self), try JSONDocument.fields(of: other))
        return Set(own.keys).union(others.keys).sorted().compactMap { key in
            let (left, right) = (own[key] ?? "none", others[key] ?? "none")
            if left == right { return nil }
            let isShort = max(left.count, right.count) <= 40
            return isShort ? "\(key) is \(left), not \(right)" : "\(key) differs"
        }
    }
}
