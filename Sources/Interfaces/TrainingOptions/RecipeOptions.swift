import CommandParsing
import Learning
import Neurons
import Runs

/// The options that change one setting of the recipe each.
package enum RecipeOptions {
    package static let arguments: [ArgumentDescription] =
        numbers.map(\.argument) + counts.map(\.argument) + words

    /// Puts what was asked for into a recipe, whose own check follows.
    package static func apply(_ arguments: ParsedArguments, to recipe: inout Recipe) throws {
        for number in numbers {
            if let value = try arguments.number(number.name, in: number.range) {
                recipe[keyPath: number.field] = value
            }
        }
        for count in counts {
            if let value = try arguments.integer(count.name, in: count.range) {
                recipe[keyPath: count.field] = value
            }
        }
        if let limit = try arguments.number("gradient-norm-limit", in: Recipe.gradientNormLimits) {
            recipe.gradientNormLimit = limit
        }
        if let shards = try arguments.integer("gradient-shards", in: TrainingPlan.shardCounts) {
            recipe.gradientShards = shards
        }
        if let isRecurrent = try arguments.truth("recurrent") { recipe.recurrent = isRecurrent }
        if let credits = try arguments.truth("credit-own-spikes") { recipe.creditsOwnSpikes = credits }
        if let choice = try arguments.choice("encoding", of: EncodingKind.self) { recipe.encoding = choice }
        if let choice = try arguments.choice("surrogate", of: Surrogate.self) { recipe.surrogate = choice }
        if let choice = try arguments.choice("loss", of: Recipe.LossKind.self) { recipe.loss = choice }
        if let choice = try arguments.choice("optimizer", of: Recipe.OptimizerKind.self) {
            recipe.optimizer = choice
        }
        if let choice = try arguments.choice("schedule", of: LearningRateSchedule.self) {
            recipe.schedule = choice
        }
        if let choice = try PrecisionOption.value(arguments) { recipe.precision = choice }
    }

    private struct Setting<Value: Comparable & Sendable>: Sendable {
        let name: String
        let placeholder: String
        let help: String
        let range: ClosedRange<Value>
        let field: WritableKeyPath<Recipe, Value> & Sendable

        var argument: ArgumentDescription {
            .option(name: name, value: placeholder, help: help, default: "the recipe's")
        }
    }

    private static let numbers: [Setting<Double>] =
        [
            Setting(
                name: "learning-rate", placeholder: "RATE", help: "Learning rate of the optimiser.",
                range: Recipe.learningRates, field: \.learningRate),
            Setting(
                name: "temperature", placeholder: "TAU", help: "Softmax loss: factor on the rates.",
                range: Recipe.temperatures, field: \.temperature),
            Setting(
                name: "regularization", placeholder: "LAMBDA",
                help: "Strength of the sparsity regulariser (3).",
                range: Recipe.regularizations, field: \.regularization),
            Setting(
                name: "intensity-ceiling", placeholder: "P",
                help: "Rate encoding: largest firing probability of an input.",
                range: Recipe.intensityCeilings, field: \.intensityCeiling),
            Setting(
                name: "weight-gain", placeholder: "GAIN",
                help: "Weights begin uniform within this over the root of their number of inputs.",
                range: Recipe.weightGains, field: \.weightGain),
        ] + ofAngles

    private static let ofAngles: [Setting<Double>] = [
        Setting(
            name: "angle-mean", placeholder: "RADIANS", help: "Mean of the angles at first.",
            range: Recipe.angleMeanRange, field: \.angleMean),
        Setting(
            name: "angle-deviation", placeholder: "RADIANS",
            help: "Standard deviation of the angles at first.",
            range: Recipe.angleDeviations, field: \.angleDeviation),
        Setting(
            name: "angle-rate-factor", placeholder: "F",
            help: "Factor on the learning rate of a neuron's own numbers, such as its angles.",
            range: Recipe.angleRateFactors, field: \.angleRateFactor),
    ]

    /// Names of the options that say something of numbers that a neuron does not have.
    package static func names(besides model: any NeuronModel) -> [String] {
        let groups = model.parameterGroups
        if groups.contains(where: { $0.name == ParameterGroup.anglesName }) { return [] }
        return ofAngles.map(\.name).filter { groups.isEmpty || $0 != "angle-rate-factor" }
    }

    private static let counts: [Setting<Int>] = [
        Setting(
            name: "neurons-per-class", placeholder: "K", help: "Output neurons a class.",
            range: Recipe.classSizes, field: \.neuronsPerClass)
    ]

    private static let surrogates = Surrogate.allCases.map(\.rawValue)

    private static let words: [ArgumentDescription] = [
        .option(
            name: "recurrent", value: "true|false",
            help: "Whether each hidden layer has synapses onto itself, a step later.",
            default: "the recipe's, false"),
        .option(
            name: "credit-own-spikes", value: "true|false",
            help: "Surrogate gradients: whether a spike is told what it does to its own neuron's memory.",
            default: "the recipe's, false"),
        .option(
            name: "gradient-norm-limit", value: "NORM", help: "Longest gradient of a batch.",
            default: "the recipe's"),
        .option(
            name: "gradient-shards", value: "S",
            help: "Parts of a batch that ranks share out; the weights depend on S, not on the ranks.",
            default: "the recipe's, or as many as ranks"),
        .option(
            name: "encoding", value: "rate|latency", help: "How intensities become spikes.",
            default: "the recipe's"),
        .option(
            name: "surrogate", value: "NAME",
            help: "Derivative of a spike on the way back: \(surrogates.joined(separator: ", ")).",
            default: "the recipe's", suggestions: surrogates),
        .option(
            name: "loss", value: Recipe.LossKind.allCases.map(\.rawValue).joined(separator: "|"),
            help: "Loss of the output rates, or of the times of the first spikes.",
            default: "the recipe's"),
        .option(
            name: "optimizer", value: "adam|sgd", help: "Optimiser.", default: "the recipe's"),
        .option(
            name: "schedule", value: "constant|cosine", help: "Learning rate over the run.",
            default: "the recipe's"),
        PrecisionOption.argument(default: "the recipe's"),
    ]
}
