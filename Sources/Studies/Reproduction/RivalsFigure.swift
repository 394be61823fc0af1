import Runs
import Studies

/// Fig. 2(c) and Fig. S2 of arXiv:2506.21324: networks of stochastic quantum spiking neurons and their rivals with as many parameters on
/// three sets of images, T = 5, 1000 hidden SQS neurons, ten runs. Both figures are of the same runs; a third holds the SQS neurons of
/// these runs against controls.
public enum RivalsFigure: String, Sendable, CaseIterable {
    /// Accuracy, and spikes a step over the whole network.
    case accuracyAndSpikes = "fig2c"
    /// Spikes a neuron and step.
    case spikesPerNeuron = "figS2"
    /// The SQS neurons of Fig. 2(c) beside as many neurons without quantum memory, trained by the same recipe.
    case controls

    /// What the models are trained by.
    public enum Training: String, Sendable, CaseIterable {
        /// One recipe for all: that of the paper's program.
        case paper
        /// Of each model the best that was found for it: `RivalRecipe/best`.
        case best

        /// What tables and figures call the models trained so.
        public var group: String { "\(rawValue) recipe" }
    }

    /// The paper's sets. Of KMNIST there is only a part to be had: its test images, divided anew.
    public static let datasets = ["mnist", "fashion-mnist", "kmnist-8k2k"]
    public static let (stepCount, hiddenCount, seedCount) = (5, 1000, 10)

    private struct Model {
        let name: String
        let kind: String
        /// Of which the recipe is.
        var recipe: String?
        var hasSteps = true
    }

    /// The one first that the others are as large as.
    private var models: [Model] {
        let first = Model(name: "SQSNN", kind: "sqs")
        switch self {
        case .accuracyAndSpikes, .spikesPerNeuron:
            return [
                first, Model(name: "SNN", kind: "lif"), Model(name: "QLIF-SNN", kind: "qlif"),
                Model(name: "QNN", kind: "qnn", hasSteps: false),
            ]
        case .controls:
            return [
                first, Model(name: "no memory", kind: "memoryless", recipe: "sqs"),
                Model(name: "last spike fed back", kind: "last-spike-feedback", recipe: "sqs"),
            ]
        }
    }

    /// Where the caller does not say.
    public var trainings: [Training] { self == .controls ? [.best] : Training.allCases }

    /// The models of the figure.
    ///
    /// - Parameters:
    ///   - ansatz: of the SQS neurons under the paper's recipe.
    ///   - changes: options of `sqsnn train` that are the same for all, in place of the recipes'.
    public func entries(
        _ trainings: [Training], ansatz: String, changes: [String: String] = [:]
    ) -> [ComparisonEntry] {
        trainings.flatMap { training in
            models.map { model in
                let recipe = training == .paper ? .paper : RivalRecipe.best(model.recipe ?? model.kind)
                // Controls are as many neurons; rivals as many trainable numbers.
                let isFirst = model.name == models[0].name
                var options = recipe.options
                options["model"] = model.kind
                if model.hasSteps { options["steps"] = "\(Self.stepCount)" }
                if isFirst || self == .controls { options["hidden"] = "\(Self.hiddenCount)" }
                if training == .paper, model.kind == "sqs" || model.kind == "memoryless" {
                    options["ansatz"] = ansatz
                }
                options.merge(changes) { $1 }
                return ComparisonEntry(
                    model.name, options: options, group: training.group,
                    match: isFirst || self == .controls ? nil : .entry(models[0].name),
                    source: recipe.source)
            }
        }
    }
}
