/// Options of `sqsnn train` for one of the models of Fig. 2(c), and where they come from.
public struct RivalRecipe: Sendable, Hashable {
    public let options: [String: String]
    /// Where they were found, and what they were judged by.
    public let source: String

    /// The same for all models: the settings of the paper's program.
    static let paper = RivalRecipe(
        options: ["recipe": "paper"], source: "recipe paper, the same for all models")

    /// The best that was found for a kind of model, with the same number of trials for each.
    static func best(_ model: String) -> RivalRecipe {
        guard let options = found[model] else { preconditionFailure("every model has been searched") }
        return RivalRecipe(
            options: ["recipe": "standard"].merging(options) { $1 },
            source:
                "sqsnn search Examples/searches/rivals.json: Fashion-MNIST, judged by training images held out"
        )
    }

    /// The same for all models on recordings of events: none was searched for them yet.
    static let ofEvents = RivalRecipe(
        options: ["recipe": "standard"], source: "recipe standard, the same for all models; not searched")

    /// Beside the recipe `standard`: of SQS and QLIF neurons the trial with the defaults was the best.
    private static let found: [String: [String: String]] = [
        "sqs": [:],
        "lif": [
            "batch": "32", "decay": "0.8772", "epochs": "16", "learn-decay": "false",
            "learn-threshold": "true", "learning-rate": "0.0001313", "neurons-per-class": "5",
            "reset": "subtract", "schedule": "cosine", "spike-surrogate": "arctan",
            "surrogate-width": "3.607", "temperature": "12.6", "threshold": "0.4756",
            "weight-gain": "0.6455",
        ],
        "qlif": [:],
        "qnn": [
            "angle-deviation": "0.5017", "angle-mean": "-0.3471", "angle-rate-factor": "4.91",
            "batch": "32", "embedding": "x", "entangler": "basic", "epochs": "16", "layers": "1",
            "learning-rate": "0.0001313", "qubits": "4", "schedule": "cosine",
            "weight-gain": "0.6455",
        ],
    ]
}
