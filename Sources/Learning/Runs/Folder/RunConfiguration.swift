import Baselines
import Compute
import DeviceNoise
import Files
import Learning
import LocalLearning
import QuantumBackends
import QuantumCircuits
import SpikeDatasets
import Networks
import Neurons

/// Everything that a training run is determined by, as `run.json` holds it.
///
/// Two runs with equal configurations give equal spikes and weights, bit for bit, on the same machine with the
/// same build.
public struct RunConfiguration: Sendable, Hashable, Codable {
    /// The noise of a device, and what to call it.
    public struct DeviceNoise: Sendable, Hashable, Codable {
        /// As in `eagle × 5`.
        public var name: String
        /// The noise itself, so that the run does not depend on a file or a later catalogue.
        public var model: NoiseModel

        public init(name: String, model: NoiseModel) {
            self.name = name
            self.model = model
        }

        /// The noise of a device of the catalogue, or in a device file, `scale` times as strong.
        ///
        /// - Throws: `NoiseError` for a device that there is not, figures that cannot be, and factors out of range.
        public init(loading nameOrPath: String, scale: Double = 1) throws {
            let name = try Device.load(nameOrPath).name
            self.name = scale == 1 ? name : "\(name) × \(String(printf: "%g", scale))"
            model = try NoiseModel.load(nameOrPath).scaled(by: scale)
        }
    }

    public static let currentSchema = "sqsnn.run/1"

    public var schema = RunConfiguration.currentSchema
    /// Version of this software.
    public var version = Software.version
    public var dataset: String
    /// How the events of recordings become spikes; nil of images.
    public var input: EventInput?
    /// Training images used, from the first; nil for all.
    public var trainingLimit: Int?
    /// Training images held out, from the last: the run trains on the others, and is measured on these in place of the test images;
    /// nil for none.
    public var validationCount: Int?
    /// Which neuron the populations are made of, with all that its model has, so that the run does not depend on a file or a later
    /// catalogue.
    public var neuron: AnyNeuronModel
    /// The device that the neurons run on; nil for one without noise. Of model `sqs` only; of a graph, all `sqs` neurons,
    /// in place of noise of their own.
    public var noise: DeviceNoise?
    /// The backend that runs the circuits of the local rule; nil where they are simulated here.
    public var backend: String?
    /// The graph, if one was given: then the neurons are its, and `neuron` and the recipe's layers are without effect.
    public var graph: NetworkGraph?
    /// The QNN, if one was asked for: a model without spikes, in whose place `neuron`, and of the recipe steps, layers, encoding, surrogate and
    /// loss, are without effect.
    public var qnn: QNN?
    public var seed: UInt64
    public var recipe: Recipe
    /// SHA-256 of the data files' uncompressed contents, by file name.
    public var datasetDigests: [String: String] = [:]

    public init(
        dataset: String, trainingLimit: Int? = nil, neuron: any NeuronModel, seed: UInt64, recipe: Recipe
    ) {
        self.dataset = dataset
        self.trainingLimit = trainingLimit
        self.neuron = AnyNeuronModel(neuron)
        self.seed = seed
        self.recipe = recipe
    }

    /// The neuron that the configuration names, on its device.
    ///
    /// - Throws: ``RunError/noise(model:)`` for noise where there are no qubits that have it.
    public func neuronModel() throws -> any NeuronModel {
        guard let noise else { return neuron.model }
        guard neuron.model.circuit != nil, let model = neuron.model.running(on: noise.model) else {
            throw RunError.noise(model: neuron.model.kind)
        }
        return model
    }

    /// The entry of the catalogue that the data set has.
    ///
    /// - Throws: `DatasetError` for an unknown one.
    public func catalogEntry() throws(DatasetError) -> CatalogEntry {
        try DatasetCatalog.entry(named: dataset)
    }

    /// A graph of a template's shape, of the configured neurons, for the images and classes of the data set.
    ///
    /// - Throws: `DatasetError` for an unknown data set, `NetworkError` for one whose images are too small.
    public func graph(_ template: GraphTemplate) throws -> NetworkGraph {
        let entry = try catalogEntry()
        let shape = try entry.inputShape(input)
        guard shape.planeCount == 1 else {
            throw DatasetError.input(
                dataset: dataset,
                problem: "has inputs for ON and for OFF events, expected one plane of pixels for graph "
                    + "\(template.rawValue); merge or select polarities")
        }
        return try template.graph(
            height: shape.height, width: shape.width,
            outputCount: entry.classNames.count * recipe.neuronsPerClass, model: neuron.model)
    }

    /// Name of the neuron's circuit; nil where it has none.
    public var ansatz: String? { qnn == nil ? neuron.model.circuit?.name : nil }

    /// The word of files and command lines for what is trained.
    public var modelKind: String { qnn == nil ? neuron.model.kind : QNN.kind }

    /// What a person reads of what is trained, as in `sqs (exchange)`.
    public var modelTitle: String { qnn?.title ?? (graph == nil ? neuron.model.title : "graph") }

    /// What cannot be in the configuration of a run, wherever it is from.
    var problem: JSONDocument.Problem? {
        if schema != Self.currentSchema {
            return .init(place: "schema", problem: "found \(schema), expected \(Self.currentSchema)")
        }
        if let trainingLimit, trainingLimit < 1 {
            return .init(place: "training_limit", problem: "found \(trainingLimit), expected at least 1")
        }
        if let validationCount, validationCount < 1 {
            return .init(
                place: "validation_count", problem: "found \(validationCount), expected at least 1")
        }
        if let problem = recipe.problem { return .init(place: "recipe", problem: problem) }
        do {
            _ = try neuronModel()
        } catch {
            return .init(place: "noise", problem: "\(error)")
        }
        return qnnProblem.map { .init(place: "qnn", problem: $0) }
    }

    /// What a QNN cannot have beside it, nil if there is nothing.
    private var qnnProblem: String? {
        guard qnn != nil else { return nil }
        let beside = [
            ("noise", noise != nil), ("a backend", backend != nil), ("a graph", graph != nil),
            ("the local rule", recipe.local != nil), ("a trained readout alone", recipe.trained == .readout),
        ]
        return beside.first { $0.1 }.map { "found \($0.0) beside it, expected none: it has no neurons" }
    }

    /// The graph that is trained on a data set, and the recipe as it is then: without making the network.
    ///
    /// - Throws: as ``check(for:)``.
    func plan(inputCount: Int, classCount: Int) throws -> (graph: NetworkGraph, recipe: Recipe) {
        let (graph, recipe) = try structure(inputCount: inputCount, classCount: classCount)
        if let backend, let problem = try backendProblem(graph) {
            throw RunError.backend(backend, problem: problem)
        }
        try recipe.checkSizes(graph)
        try recipe.localCounts(graph, threadCount: 1)?.check()
        return (graph, recipe)
    }

    /// The graph alone, and the recipe with as many neurons a class as the graph has.
    ///
    /// - Throws: `NetworkError`, `LearningError` and ``RunError`` for what cannot be, or not for so many classes.
    func structure(inputCount: Int, classCount: Int) throws -> (graph: NetworkGraph, recipe: Recipe) {
        if let problem = recipe.problem { throw LearningError.recipe(problem) }
        let signal = input?.signal ?? .spikes
        guard let given = self.graph else {
            let graph = try recipe.graph(
                inputCount: inputCount, signal: signal, classCount: classCount, model: neuronModel())
            return (try credited(graph), recipe)
        }
        guard given.input.signal == signal else {
            throw LearningError.recipe(
                "graph: found an input of \(given.input.signal.rawValue), expected \(signal.rawValue) as the data has "
                    + "(series, where --series is currents); change \"signal\" of its input")
        }
        let graph = try noise.map { try given.running(on: $0.model) } ?? given
        let count = graph.nodes[graph.outputIndex].neuronCount
        guard count % classCount == 0 else {
            throw RunError.outputsOfClasses(found: count, classes: classCount)
        }
        var recipe = recipe
        recipe.neuronsPerClass = count / classCount
        return (try credited(graph), recipe)
    }

    /// A graph whose neurons carry what the recipe's credit is taken along.
    private func credited(_ graph: NetworkGraph) throws -> NetworkGraph {
        recipe.creditsOwnSpikes == true ? try graph.carryingDensities() : graph
    }

    /// A trainer at the beginning of the run.
    ///
    /// - Parameter threads: without effect on the result.
    /// - Throws: `MemoryError` where the machine has not the memory that the trainer holds.
    public func trainer(for dataset: LabelledDataset, threads: Int) throws -> any ModelTrainer {
        try runTrainer(for: dataset, threads: threads)
    }

    /// The same of a spiking network.
    ///
    /// - Throws: ``RunError/notSpiking(_:model:)`` of a model without spikes.
    public func networkTrainer(for dataset: LabelledDataset, threads: Int) throws -> Trainer {
        try spiking(runTrainer(for: dataset, threads: threads))
    }

    /// The same for samples of a shape.
    package func networkTrainer(inputCount: Int, classCount: Int, threads: Int) throws -> Trainer {
        try spiking(runTrainer(inputCount: inputCount, classCount: classCount, threads: threads))
    }

    private func spiking(_ trainer: any RunTrainer) throws -> Trainer {
        guard let trainer = trainer as? Trainer else {
            throw RunError.notSpiking("run", model: modelKind)
        }
        return trainer
    }

    func runTrainer(for dataset: LabelledDataset, threads: Int) throws -> any RunTrainer {
        let trainer = try runTrainer(
            inputCount: dataset.inputCount, classCount: dataset.classCount, threads: threads)
        try trainer.check(dataset)
        return trainer
    }

    /// A trainer for data of a shape.
    ///
    /// - Throws: `MemoryError` where the machine has not the memory that the trainer holds, ``LearningError`` for what does not
    ///   go together.
    package func runTrainer(inputCount: Int, classCount: Int, threads: Int) throws -> any RunTrainer {
        if let qnn {
            return try qnnTrainer(qnn, inputCount: inputCount, classCount: classCount, threads: threads)
        }
        let (graph, recipe) = try plan(inputCount: inputCount, classCount: classCount)
        try ProcessMemory.require(
            recipe.trainerBytes(graph), for: "the network with its optimiser", remedy: Trainer.memoryRemedy)
        let network = try recipe.network(graph, seed: seed)
        // What training comes to is its own affair; what it begins with is the recipe's.
        guard network.parametersAreWithin(Trainer.largestParameter) else {
            throw RunError.initialParameters
        }
        return try Trainer(
            network: network, recipe: recipe, isOnBackend: backend != nil, seed: seed, threads: threads)
    }

    /// Refuses what cannot be run on a data set, before anything is made or read.
    ///
    /// - Throws: `NetworkError`, `LearningError`, `LocalRuleError` and ``RunError`` for what does not go together.
    public func check(for dataset: CatalogEntry) throws {
        let inputCount = try dataset.inputShape(input).inputCount
        if qnn == nil {
            _ = try plan(inputCount: inputCount, classCount: dataset.classNames.count)
        } else if dataset.isTemporal {
            throw LearningError.recipe("model \(QNN.kind): found samples over time, expected images")
        } else if let qnnProblem {
            throw LearningError.recipe("model \(QNN.kind): \(qnnProblem)")
        }
    }

    private func qnnTrainer(_ qnn: QNN, inputCount: Int, classCount: Int, threads: Int) throws -> QNNTrainer {
        if let problem = recipe.problem { throw LearningError.recipe(problem) }
        let bytes = QNNTrainer.trainerBytes(
            qnn, inputCount: inputCount, classCount: classCount, recipe.plan.optimizer)
        try ProcessMemory.require(bytes, for: "the QNN with its optimiser", remedy: QNNTrainer.memoryRemedy)
        return try QNNTrainer(
            qnn, inputCount: inputCount, classCount: classCount, plan: recipe.plan, seed: seed,
            weightGain: recipe.weightGain, angleMean: recipe.angleMean,
            angleDeviation: recipe.angleDeviation, threads: threads)
    }

    /// Refuses a run that the machine has not the memory for, before any of it is taken.
    func checkMemory(for dataset: LabelledDataset, threads: Int) throws {
        try ProcessMemory.require(
            bytes(inputCount: dataset.inputCount, classCount: dataset.classCount, threads: threads),
            for: "training", remedy: qnn == nil ? Trainer.memoryRemedy : QNNTrainer.memoryRemedy)
    }

    /// Bytes that a run takes beyond its data at most.
    func bytes(inputCount: Int, classCount: Int, threads: Int) throws -> Count {
        if let qnn {
            return QNNTrainer.trainerBytes(
                qnn, inputCount: inputCount, classCount: classCount, recipe.plan.optimizer)
                + QNNTrainer.trainingBytes(
                    qnn, inputCount: inputCount, classCount: classCount, recipe.plan, threadCount: threads)
        }
        let (graph, recipe) = try plan(inputCount: inputCount, classCount: classCount)
        return try recipe.trainerBytes(graph)
            + recipe.trainingBytes(graph, threadCount: threads, isOnBackend: backend != nil)
    }

    /// The backend that is configured, with the journal of its jobs; nil where circuits are simulated here.
    ///
    /// - Parameters:
    ///   - opened: one that is open already.
    ///   - journal: path; one that is there is gone on with.
    ///   - isInterrupted: asked about once a second while counts are waited for.
    /// - Throws: `BackendError` for a backend that there is not, `JournalError` for a journal that is not its.
    package func openBackend(
        _ opened: (any CircuitBackend)? = nil, journal: String, isInterrupted: @escaping () -> Bool
    ) throws -> BackendRun? {
        try backend.map { name in
            try BackendRun(
                opened ?? BackendCatalogue.backend(named: name), journal: journal,
                isInterrupted: isInterrupted)
        }
    }

    /// Whether ``openBackend(_:journal:isInterrupted:)`` can begin.
    ///
    /// - Throws: as there.
    package func checkBackend() throws { try backend.map(BackendCatalogue.check) }

    /// Why a backend cannot run what is configured, nil if it can.
    private func backendProblem(_ graph: NetworkGraph) throws -> String? {
        guard let rule = recipe.local else {
            return "surrogate gradients need a simulator; expected --learning local"
        }
        if let problem = rule.problemOnBackend { return problem }
        for node in graph.nodes {
            if let problem = node.model.problemOnBackend {
                return "population \(node.name) \(problem)"
            }
        }
        return graph.isCyclic
            ? "the graph has cycles, whose neurons would take turns at every step; expected one without" : nil
    }

    /// The fields in which two configurations differ, with their values, for a message.
    public func differences(from other: RunConfiguration) throws -> [String] {
        try JSONDocument.differenceTexts(self, other)
    }
}

extension NeuronModel {
    /// Why a backend cannot run the neuron for the local rule, nil if it can.
    fileprivate var problemOnBackend: String? {
        guard circuit != nil else { return "is \(kind), which has no circuit; expected model sqs" }
        guard let neuron = self as? SQS else {
            return
                "is \(kind); expected model sqs, and estimator memoryless if its gradient is to know nothing of the past"
        }
        return neuron.noise == nil ? nil : "has noise, which is the backend's own affair; leave --noise out"
    }
}

extension RunConfiguration {
    private enum CodingKeys: CodingKey {
        case schema, version, dataset, input, trainingLimit, validationCount, neuron, noise, backend,
            graph, qnn, seed, recipe, datasetDigests
    }

    /// Fields of release 0.1.0, which kept those of the neuron beside the others.
    private enum OldFields: CodingKey { case model, ansatz, memoryQubits, gates }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        schema = try container.decode(String.self, forKey: .schema)
        version = try container.decode(String.self, forKey: .version)
        dataset = try container.decode(String.self, forKey: .dataset)
        input = try container.decodeIfPresent(EventInput.self, forKey: .input)
        trainingLimit = try container.decodeIfPresent(Int.self, forKey: .trainingLimit)
        validationCount = try container.decodeIfPresent(Int.self, forKey: .validationCount)
        neuron =
            try container.decodeIfPresent(AnyNeuronModel.self, forKey: .neuron) ?? Self.oldNeuron(decoder)
        noise = try container.decodeIfPresent(DeviceNoise.self, forKey: .noise)
        backend = try container.decodeIfPresent(String.self, forKey: .backend)
        graph = try container.decodeIfPresent(NetworkGraph.self, forKey: .graph)
        qnn = try container.decodeIfPresent(QNN.self, forKey: .qnn)
        seed = try container.decode(UInt64.self, forKey: .seed)
        recipe = try container.decode(Recipe.self, forKey: .recipe)
        datasetDigests = try container.decode([String: String].self, forKey: .datasetDigests)
    }

    private static func oldNeuron(_ decoder: any Decoder) throws -> AnyNeuronModel {
        let container = try decoder.container(keyedBy: OldFields.self)
        let kind = try container.decode(String.self, forKey: .model)
        let gates = try container.decode([Gate].self, forKey: .gates)
        let (name, memoryQubits) = (
            try container.decode(String.self, forKey: .ansatz),
            try container.decode(Int.self, forKey: .memoryQubits)
        )
        do {
            // The circuit was there whatever the model.
            let circuit = try Circuit(name: name, ioQubits: 1, memoryQubits: memoryQubits, gates: gates)
            switch kind {
            case SQS.kind: return AnyNeuronModel(SQS(circuit))
            case MemorylessSQS.kind: return AnyNeuronModel(MemorylessSQS(circuit))
            case LastSpikeFeedback.kind: return AnyNeuronModel(LastSpikeFeedback())
            default:
                throw DecodingError.dataCorruptedError(
                    forKey: .model, in: container,
                    debugDescription: "found '\(kind)', expected sqs, last-spike-feedback or memoryless")
            }
        } catch let error as CircuitError {
            throw DecodingError.dataCorruptedError(
                forKey: .gates, in: container, debugDescription: error.description)
        }
    }
}
