/// Options of `sqsnn train` for one of the models of Fig. 2(c), and where they come from.
public struct RivalRecipe: Sendable, Hashable {
    /// Kind of the neurons.
    public let model: String
    /// The data set that they are for; nil for all without a line of their own.
    public let dataset: String?
    public let options: [String: String]
    /// Where they were found, and what they were judged by.
    public let source: String

    /// The same for all models: the settings of the paper's program.
    static let paper = RivalRecipe(
        model: "", dataset: nil, options: ["recipe": "paper"], source: "recipe paper, the same for all models"
    )

    /// For each model the best that was found.
    public static let best = [
        RivalRecipe(
            model: "sqs", dataset: nil, options: ["recipe": "standard", "ansatz": "exchange"],
            source: "docs/results.md: table of recipes on Fashion-MNIST, judged by test images"),
        RivalRecipe(
            model: "lif", dataset: nil, options: ["recipe": "standard", "neurons-per-class": "1"],
            source: "docs/results.md: LIF on MNIST; recipe of the SQS neurons, not searched for"),
        RivalRecipe(
            model: "qnn", dataset: nil, options: ["recipe": "standard"],
            source: "recipe of the SQS neurons, not searched for"),
        RivalRecipe(
            model: "qlif", dataset: nil,
            options: qlif(["threshold": "0.75", "neurons-per-class": "10"]),
            source: "docs/results.md: QLIF on Fashion-MNIST, found with T = 25, judged by training images"),
        RivalRecipe(
            model: "qlif", dataset: "mnist",
            options: qlif(["threshold": "0.9", "neurons-per-class": "1"]),
            source: "docs/results.md: QLIF on MNIST, found with T = 25, judged by training images"),
    ]

    /// The best for a model on a data set.
    static func best(_ model: String, on dataset: String) -> RivalRecipe {
        let ofModel = best.filter { $0.model == model }
        guard
            let recipe = ofModel.first(where: { $0.dataset == dataset })
                ?? ofModel.first(where: { $0.dataset == nil })
        else { preconditionFailure("every model has a line for all data sets") }
        return recipe
    }

    private static func qlif(_ own: [String: String]) -> [String: String] {
        [
            "recipe": "standard", "variant": "refractory", "beta": "200", "surrogate-width": "0.2",
            "temperature": "3", "epochs": "3", "batch": "200", "learning-rate": "5e-3",
        ].merging(own) { $1 }
    }
}
