import Baselines
import DeviceNoise
import CommandParsing
import Files
import QuantumCircuits
import QuantumBackends
import SpikeDatasets
import Learning
import Runs
import Networks
import Neurons

/// The options that determine a training run.
package struct RunOptions {
    package static let arguments: [ArgumentDescription] =
        ofNetwork + RecipeOptions.arguments + LocalOptions.arguments

    private static let ofNetwork: [ArgumentDescription] =
        [
            .option(
                name: "dataset", value: "NAME", help: "Data set; see 'sqsnn data list'.",
                default: "fashion-mnist",
                suggestions: DatasetCatalog.names)
        ] + EventInputOptions.arguments + ModelOptions.ofAll + [
            NoiseOptions.noise,
            NoiseOptions.scale,
            .option(
                name: "device", value: "NAME|FILE", help: "The same as --noise.",
                suggestions: Device.catalogue.map(\.name)),
            .option(
                name: "backend", value: "NAME",
                help:
                    "Local rule: where its circuits run, see 'sqsnn backend list'; the accuracy is simulated without noise.",
                default: "simulated here", suggestions: BackendCatalogue.names),
            .option(
                name: "graph", value: "NAME|FILE",
                help:
                    "Network over a graph, in place of --hidden: qscnn, two convolutions with pooling, made for the data set of "
                    + "neurons of --model, or a file with neurons of its own, see 'sqsnn network'.",
                suggestions: GraphTemplate.allCases.map(\.rawValue)),
            .option(
                name: "recipe", value: "NAME|FILE",
                help:
                    "Settings of the training: \(Recipe.catalogue.map(\.name).joined(separator: ", ")), or a JSON file; see "
                    + "'sqsnn recipe'. The options below change one setting each.",
                default: "standard; with --learning local, local for USPS 1 against 7, else local-ten",
                suggestions: Recipe.catalogue.map(\.name)),
            .option(
                name: "hidden", value: "N[,N…]", help: "Neurons of the hidden layers; 0 for none.",
                default: "the recipe's"),
            .option(
                name: "match-parameters", value: "COUNT|RUN",
                help:
                    "Widen or narrow the hidden layers, all by one factor, until the network has as nearly as possible so many "
                    + "trainable parameters, or as many as that of a run in a folder.",
                default: "layers as they are"),
            .option(name: "steps", value: "T", help: "Time steps, 1 to 1000.", default: "the recipe's"),
            .option(
                name: "truncation", value: "K", help: "Cut gradients after every K steps, 1 to 1000.",
                default: "the recipe's, none"),
            .option(
                name: "train", value: "all|readout",
                help: "Train all parameters, or those of the output population only.",
                default: "the recipe's, all"),
            .option(name: "epochs", value: "E", help: "Epochs, 1 to 30000.", default: "the recipe's"),
            .option(name: "batch", value: "B", help: "Images a batch.", default: "the recipe's"),
            .option(name: "seed", value: "SEED", help: "Seed of all random numbers.", default: "1"),
            .option(
                name: "limit", value: "N", help: "Train on the first N images only.", default: "all of them"),
            .option(
                name: "validation", value: "N",
                help: "Hold the last N training images out, and measure on them in place of the test images.",
                default: "none"),
        ]

    private let arguments: ParsedArguments

    package init(_ arguments: ParsedArguments) throws {
        self.arguments = arguments
        // Everything that can be wrong without looking at data is checked before any work.
        _ = try settings(over: base())
        _ = try parameterTarget()
    }

    /// Options of 'sqsnn train' that a file gives, by name without dashes.
    ///
    /// - Throws: `UsageError` for options that there are not, and what the options themselves are refused for.
    package init(named options: [String: String]) throws {
        try self.init(ParsedArguments(options: options, declarations: Self.arguments))
    }

    /// The configuration of a new run, whose parts go together.
    ///
    /// - Parameter isOfDataset: whether it is for its data set, and not for samples of another shape.
    package func configuration(isOfDataset: Bool = true) throws -> RunConfiguration {
        let configuration = try applied(to: base())
        if isOfDataset {
            try configuration.check(for: DatasetCatalog.entry(named: configuration.dataset))
        }
        return configuration
    }

    /// What `--match-parameters` comes to in a new run; nil where it is not given.
    package func match() throws -> ParameterMatch? { try matched(settings(over: base())) }

    private func matched(_ configuration: RunConfiguration) throws -> ParameterMatch? {
        try parameterTarget().map {
            try configuration.matched(to: $0, for: DatasetCatalog.entry(named: configuration.dataset))
        }
    }

    private func parameterTarget() throws -> Int? {
        guard let found = arguments.string("match-parameters") else { return nil }
        guard found.isEmpty || Double(found) != nil else {
            return try RunFolder(path: found).parameterCount()
        }
        guard let count = Int(found), count > 0 else {
            throw UsageError.invalidValue(
                argument: "--match-parameters", found: found,
                expected: "a whole number of at least 1, or the folder of a run")
        }
        return count
    }

    private func base() throws -> RunConfiguration {
        RunConfiguration(
            dataset: "fashion-mnist", neuron: SQS(try Ansatz.exchange.circuit()), seed: 1,
            recipe: try defaultRecipe())
    }

    private func defaultRecipe() throws -> Recipe {
        guard try arguments.choice("learning", of: LocalOptions.Learning.self) == .local else {
            return .standard
        }
        return arguments.string("dataset", default: "").hasPrefix("usps-1v7") ? .local : .localOfTen
    }

    /// A configuration with the options that were given in place of its own.
    package func applied(to base: RunConfiguration) throws -> RunConfiguration {
        let configuration = try settings(over: base)
        return try matched(configuration)?.configuration ?? configuration
    }

    /// With the layers as they are, before they are matched.
    private func settings(over base: RunConfiguration) throws -> RunConfiguration {
        var configuration = base
        if let name = arguments.string("dataset") {
            configuration.dataset = try DatasetCatalog.entry(named: name).name
        }
        configuration.input = try EventInputOptions.input(
            arguments, of: configuration.catalogEntry(), over: configuration.input)
        configuration.qnn = try ModelOptions.qnn(arguments, over: configuration.qnn)
        if configuration.qnn == nil {
            configuration.neuron = AnyNeuronModel(
                try ModelOptions.neuron(arguments, over: configuration.neuron.model))
        } else {
            try refuseSpiking()
        }
        let model = configuration.neuron.model
        if arguments.isGiven("surrogate"),
            type(of: model).settings.contains(where: { $0.name == "surrogate_width" })
        {
            throw UsageError.contradiction(
                "--surrogate beside model \(model.kind), which has a surrogate of its own; leave it out, or set "
                    + "--surrogate-width")
        }
        if !arguments.isGiven("graph"),
            let name = RecipeOptions.names(besides: model).first(where: arguments.isGiven)
        {
            throw UsageError.contradiction("--\(name) beside model \(model.kind), which has no angles")
        }
        if let noise = try NoiseOptions.noise(arguments) { configuration.noise = noise }
        if let name = arguments.string("device") {
            if arguments.isGiven("noise") {
                throw UsageError.contradiction("--device beside --noise, which says the same")
            }
            configuration.noise = try RunConfiguration.DeviceNoise(loading: name)
        }
        if let name = arguments.string("backend") { configuration.backend = name }
        if let name = arguments.string("recipe") { configuration.recipe = try Recipe.load(name) }
        if let seed = try arguments.integer("seed", in: 0...Int.max) { configuration.seed = UInt64(seed) }
        if let limit = try arguments.integer("limit", in: 1...Int.max) { configuration.trainingLimit = limit }
        if let count = try arguments.integer("validation", in: 1...Int.max) {
            configuration.validationCount = count
        }
        try change(&configuration.recipe)
        _ = try configuration.neuronModel()
        if let nameOrPath = arguments.string("graph") {
            configuration.graph = try graph(nameOrPath, for: configuration)
        }
        return configuration
    }

    /// Refuses options of spiking networks beside a model that is none.
    private func refuseSpiking() throws(UsageError) {
        let names = [
            "graph", "hidden", "recurrent", "steps", "encoding", "intensity-ceiling", "neurons-per-class",
            "surrogate",
            "loss",
            "temperature", "regularization", "truncation", "train", "precision", "noise", "noise-scale",
            "device",
            "backend", "learning",
        ]
        for name in names where arguments.isGiven(name) {
            throw UsageError.contradiction("--\(name) beside model \(QNN.kind), which has no spikes")
        }
    }

    private func graph(_ nameOrPath: String, for configuration: RunConfiguration) throws -> NetworkGraph {
        let template = GraphTemplate(rawValue: nameOrPath)
        for name in (template == nil ? ModelOptions.names : []) + ["hidden", "recurrent"]
        where arguments.isGiven(name) {
            throw UsageError.contradiction("--\(name) beside --graph, whose neurons it has")
        }
        if let template { return try configuration.graph(template) }
        guard InputFile.isMeant(nameOrPath) else {
            let names = GraphTemplate.allCases.map(\.rawValue)
            throw UsageError.invalidValue(
                argument: "--graph", found: nameOrPath,
                expected: "\(names.joined(separator: ", ")) or a graph file"
                    + spellingHint(nameOrPath, among: names))
        }
        return try NetworkGraph.load(nameOrPath)
    }

    private func change(_ recipe: inout Recipe) throws {
        if let steps = try arguments.integer("steps", in: Recipe.stepCounts) { recipe.stepCount = steps }
        if let epochs = try arguments.integer("epochs", in: Recipe.epochCounts) { recipe.epochCount = epochs }
        if let batch = try arguments.integer("batch", in: Recipe.batchSizes) { recipe.batchSize = batch }
        if let steps = try arguments.integer("truncation", in: Recipe.stepCounts) {
            recipe.truncation = steps
        }
        if let trained = try arguments.choice("train", of: TrainedParameters.self) {
            recipe.trained = trained
        }
        if let hidden = arguments.string("hidden") {
            recipe.hiddenCounts = try Self.layerSizes(hidden)
        }
        try RecipeOptions.apply(arguments, to: &recipe)
        try LocalOptions.apply(arguments, to: &recipe)
    }

    private static func layerSizes(_ text: String) throws -> [Int] {
        if text == "0" { return [] }
        return try text.split(separator: ",", omittingEmptySubsequences: false).map {
            guard let count = Int($0), Recipe.layerSizes.contains(count) else {
                throw UsageError.invalidValue(
                    argument: "--hidden", found: text,
                    expected: "numbers of neurons, 1 to 65536, with commas between")
            }
            return count
        }
    }
}
