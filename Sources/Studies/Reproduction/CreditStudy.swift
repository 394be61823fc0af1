import LocalLearning
import QuantumCircuits
import Learning
import Networks
import Neurons

/// What the feedback that hidden neurons get credit for is worth: USPS 1 against 7 through 16 hidden neurons, whose spikes reach
/// the outputs in the same step or in the next.
///
/// Weights start four times as large as in the recipe: small ones fire so rarely that Adam, which takes steps of one size
/// whatever the gradient, improves hidden neurons even by noise, merely by making them larger.
public enum CreditStudy {
    public static func curves(estimator: GradientEstimator, delay: Int) throws -> [LearningCurve] {
        let circuit = try Ansatz.exchange.circuit()
        let graph = try NetworkGraph(
            input: .init("pixels", neuronCount: 256),
            nodes: [
                .init("hidden", model: SQS(circuit), neuronCount: 16),
                .init("output", model: SQS(circuit), neuronCount: 2),
            ],
            edges: [.init("pixels", "hidden"), .init("hidden", "output", delay: delay)],
            outputs: ["output"])
        func curve(_ name: String, _ credit: CreditAssignment, trained: TrainedParameters = .all)
            -> LearningCurve
        {
            var recipe = Recipe.local
            recipe.weightGain = 4
            recipe.trained = trained
            recipe.local?.estimator = estimator
            recipe.local?.credit = credit
            var configuration = RunConfiguration(
                dataset: "usps-1v7", neuron: SQS(circuit), seed: 1, recipe: recipe)
            configuration.graph = graph
            return LearningCurve(name: name, configuration: configuration)
        }
        return [
            curve("return-to-go", .returnToGo), curve("same-step", .sameStep),
            curve("frozen hidden layer", .returnToGo, trained: .readout),
        ]
    }
}
