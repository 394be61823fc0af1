import Neurons
import SpikeDatasets
import Networks
import QuantumCircuits
import Testing

@testable import Learning
@testable import Runs

/// What a user can get wrong ends in a `LearningError`, never in a crash and never in silence.
struct TrainerErrorTests {
    @Test("a data set without images is refused, in training and in evaluation")
    func emptyDataset() throws {
        var trainer = try SyntheticImages.trainer()
        let empty = SyntheticImages.make(0)
        #expect(throws: LearningError.emptyDataset("synthetic")) { try trainer.trainEpoch(on: empty) }
        #expect(throws: LearningError.emptyDataset("synthetic")) { try trainer.evaluate(on: empty) }
    }

    @Test("a data set of another shape is refused, in training and in evaluation")
    func wrongShape() throws {
        var trainer = try SyntheticImages.trainer()
        let wide = try ImageDataset(
            name: "wide", width: 7, height: 6, classNames: ["a", "b", "c"],
            pixels: [UInt8](repeating: 0, count: 42), labels: [2])
        let wideError = LearningError.datasetShape(
            name: "wide", inputs: 42, classes: 3, expectedInputs: 36, expectedClasses: 3)
        #expect(throws: wideError) { try trainer.trainEpoch(on: wide) }
        #expect(throws: wideError) { try trainer.evaluate(on: wide) }
        #expect(throws: wideError) { try trainer.activity(on: .images(wide)) }
        let many = SyntheticImages.make(8, classCount: 4)
        let manyError = LearningError.datasetShape(
            name: "synthetic", inputs: 36, classes: 4, expectedInputs: 36, expectedClasses: 3)
        #expect(throws: manyError) { try trainer.trainEpoch(on: many) }
        #expect(throws: manyError) { try trainer.evaluate(on: many) }
        #expect(wideError.description.contains("42 inputs"))
    }

    @Test("a recipe without steps, batches or output neurons is refused", arguments: 0..<3)
    func badRecipe(field: Int) throws {
        let network = try SyntheticImages.trainer().network
        var recipe = SyntheticImages.recipe
        switch field {
        case 0: recipe.stepCount = 0
        case 1: recipe.batchSize = 0
        default: recipe.neuronsPerClass = 0
        }
        let error = #expect(throws: LearningError.self) {
            try Trainer(network: network, recipe: recipe, seed: 1, threads: 1)
        }
        #expect(error?.category == .usage)
    }

    @Test("output neurons that cannot be shared out among classes are refused")
    func outputs() throws {
        let network = try SyntheticImages.trainer().network
        var recipe = SyntheticImages.recipe
        recipe.neuronsPerClass = 5
        #expect(throws: LearningError.outputs(found: 12, perClass: 5)) {
            try Trainer(network: network, recipe: recipe, seed: 1, threads: 1)
        }
    }

    @Test("values that make no sense are refused by name")
    func recipeValues() throws {
        let network = try SyntheticImages.trainer().network
        for rate in [1e30, -1, .infinity, .nan] {
            var recipe = SyntheticImages.recipe
            recipe.learningRate = rate
            let error = #expect(throws: LearningError.self) {
                try Trainer(network: network, recipe: recipe, seed: 1, threads: 1)
            }
            #expect(error?.description.contains("learning_rate") == true)
        }
    }

    /// The largest rate a recipe may have.
    @Test("a learning rate that blows the parameters up is reported as divergence", arguments: [nil, 1.0])
    func divergence(limit: Double?) throws {
        var recipe = SyntheticImages.recipe
        recipe.learningRate = 1e6
        recipe.gradientNormLimit = limit
        var trainer = try SyntheticImages.trainer(recipe)
        #expect(throws: LearningError.diverged(epoch: 1)) {
            try trainer.trainEpoch(on: SyntheticImages.make(70))
        }
    }

    @Test("parameters that are not finite numbers are reported as divergence", arguments: [0, 1])
    func notANumber(layer: Int) throws {
        for value in [Float.nan, .infinity, -.infinity, 1e30] {
            var network = try SyntheticImages.trainer().network
            network.withProjection(layer) { $0[3, 2] = value }
            var angled = try SyntheticImages.trainer().network
            angled.withPopulation(layer) { $0[parameters: 2] = [0, value, 0, 0, 0] }
            for broken in [network, angled] {
                var trainer = try Trainer(
                    network: broken, recipe: SyntheticImages.recipe, seed: 1, threads: 1)
                #expect(throws: LearningError.diverged(epoch: 1)) {
                    try trainer.trainEpoch(on: SyntheticImages.make(70))
                }
            }
        }
    }

    @Test("means of the angles are as many as the angles of some neuron")
    func angleMeans() throws {
        var configuration = RunConfiguration(
            dataset: "usps", neuron: SQS(try Ansatz.exchange.circuit()), seed: 1, recipe: .usps)
        configuration.recipe.angleMeans = [0.1, 0.2, 0.3]
        let error = #expect(throws: LearningError.self) {
            try configuration.runTrainer(inputCount: 4, classCount: 2, threads: 1)
        }
        #expect(
            error?.description
                == "recipe: angle_means has 3 numbers, expected 5, one for each angle")
        configuration.recipe.angleMeans = [0.1, 0.2, 0.3, 0.4, 0.5]
        _ = try configuration.runTrainer(inputCount: 4, classCount: 2, threads: 1)
    }
}
