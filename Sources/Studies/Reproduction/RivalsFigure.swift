import Runs
import Studies

/// Fig. 2(c) and Fig. S2 of arXiv:2506.21324: networks of stochastic quantum spiking neurons and their rivals with as many parameters on
/// three sets of images, T = 5, 1000 hidden SQS neurons, ten runs. Both figures are of the same runs.
public enum RivalsFigure: String, Sendable, CaseIterable {
    /// Accuracy, and spikes a step over the whole network.
    case accuracyAndSpikes = "fig2c"
    /// Spikes a neuron and step.
    case spikesPerNeuron = "figS2"

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

    /// The models, the one first that the others are matched to.
    private static let models: [(name: String, kind: String, hasSteps: Bool)] = [
        ("SQSNN", "sqs", true),
        ("SNN", "lif", true),
        ("QLIF-SNN", "qlif", true),
        ("QNN", "qnn", false),
    ]

    /// The models of the figure.
    ///
    /// - Parameters:
    ///   - ansatz: of the SQS neurons under the paper's recipe.
    ///   - changes: options of `sqsnn train` that are the same for all, in place of the recipes'.
    public static func entries(
        _ trainings: [Training], ansatz: String, changes: [String: String] = [:]
    ) -> [ComparisonEntry] {
        trainings.flatMap { training in
            models.map { model in
                let recipe = training == .paper ? .paper : RivalRecipe.best(model.kind)
                var options = recipe.options
                options["model"] = model.kind
                if model.hasSteps { options["steps"] = "\(stepCount)" }
                if model.name == models[0].name { options["hidden"] = "\(hiddenCount)" }
                if training == .paper, model.kind == "sqs" { options["ansatz"] = ansatz }
                options.merge(changes) { $1 }
                return ComparisonEntry(
                    model.name, options: options, group: training.group,
                    match: model.name == models[0].name ? nil : .entry(models[0].name),
                    source: recipe.source)
            }
        }
    }
}
