import FoundationEssentials
import Learning
import Networks
import SpikeTrains

extension Trainer {
    /// Training on images as a recipe says.
    ///
    /// - Parameters:
    ///   - network: with `classCount × recipe.neuronsPerClass` outputs.
    ///   - threads: by default one for each core.
    /// - Throws: `LearningError` for what does not fit together.
    public init(
        network: Network, recipe: Recipe, seed: UInt64,
        threads: Int = ProcessInfo.processInfo.activeProcessorCount
    ) throws {
        try self.init(network: network, recipe: recipe, isOnBackend: false, seed: seed, threads: threads)
    }

    init(network: Network, recipe: Recipe, isOnBackend: Bool, seed: UInt64, threads: Int) throws {
        if let problem = recipe.problem { throw LearningError.recipe(problem) }
        try recipe.checkSizes(network.graph)
        guard network.outputCount % recipe.neuronsPerClass == 0 else {
            throw LearningError.outputs(found: network.outputCount, perClass: recipe.neuronsPerClass)
        }
        let classes = try RateDecoder(
            classCount: network.outputCount / recipe.neuronsPerClass,
            neuronsPerClass: recipe.neuronsPerClass)
        try self.init(
            network: network, plan: recipe.plan, anyObjective: recipe.objective(classes, for: network),
            rule: recipe.rule(isOnBackend: isOnBackend), seed: seed, threads: threads)
    }
}
