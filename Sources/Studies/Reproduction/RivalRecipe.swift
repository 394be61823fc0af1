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

    /// The best that was found for a kind of model on recordings of events, with the same number of trials for each; on data that nothing
    /// was searched on, the same for all.
    static func ofEvents(_ model: String, dataset: String) -> RivalRecipe {
        let isReal = dataset == "n-mnist"
        guard isReal || dataset.hasPrefix("mnist-dvs"), let found = (isReal ? onNMNIST : onMNISTDVS)[model]
        else {
            return RivalRecipe(
                options: ["recipe": "standard"],
                source: "recipe standard, the same for all models; not searched")
        }
        return RivalRecipe(
            options: ["recipe": "standard"].merging(found) { $1 },
            source: isReal
                ? "sqsnn search Examples/searches/events.json: N-MNIST, judged by training recordings held out"
                : "sqsnn search Examples/searches/events-80.json: simulated MNIST-DVS, judged by training recordings held out"
        )
    }

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

    /// At T = 20, 40 epochs.
    private static let onNMNIST: [String: [String: String]] = [
        "sqs": [
            "angle-deviation": "0.2447", "angle-mean": "-0.3479", "angle-rate-factor": "2.199",
            "batch": "64", "epochs": "40", "gradient-norm-limit": "1000", "learning-rate": "0.002671",
            "neurons-per-class": "10", "schedule": "constant", "surrogate": "bernoulli-variance",
            "temperature": "13.64", "transforms": "random-shift=1", "weight-gain": "0.6",
        ],
        "lif": [
            "batch": "32", "decay": "0.8057", "epochs": "40", "gradient-norm-limit": "1",
            "learn-decay": "false", "learn-threshold": "false", "learning-rate": "0.002628",
            "neurons-per-class": "5", "reset": "subtract", "schedule": "constant",
            "spike-surrogate": "arctan", "surrogate-width": "2.698", "temperature": "11.3",
            "threshold": "0.3634", "transforms": "random-shift=1", "weight-gain": "0.3191",
        ],
        "qlif": [
            "batch": "64", "beta": "907.7", "epochs": "40", "gradient-norm-limit": "1",
            "learning-rate": "0.002866", "neurons-per-class": "10", "schedule": "cosine",
            "surrogate-width": "0.7635", "temperature": "15.61", "threshold": "0.4184",
            "transforms": "random-shift=2", "variant": "paper", "weight-gain": "1.044",
        ],
    ]

    /// At T = 80, 8 epochs; the same trial was the best of all three.
    private static let onMNISTDVS: [String: [String: String]] = {
        let common = [
            "batch": "64", "epochs": "8", "gradient-norm-limit": "1", "learning-rate": "0.002628",
            "neurons-per-class": "5", "schedule": "constant", "temperature": "11.3", "weight-gain": "1.039",
        ]
        let own = [
            "sqs": [
                "angle-deviation": "0.324", "angle-mean": "-0.162", "angle-rate-factor": "0.5498",
                "surrogate": "straight-through",
            ],
            "lif": [
                "decay": "0.8057", "learn-decay": "false", "learn-threshold": "false", "reset": "subtract",
                "spike-surrogate": "arctan", "surrogate-width": "2.698", "threshold": "0.3634",
            ],
            "qlif": [
                "beta": "176.9", "surrogate-width": "0.6874", "threshold": "0.2469", "variant": "paper",
            ],
        ]
        return own.mapValues { common.merging($0) { $1 } }
    }()
}
