import Campaigns
import Compute
import Files

/// What memory is worth: every model on every task, at every spike budget, with several seeds.
///
/// Finished cells are kept in a folder, and a study that is run again trains only those that are missing there.
public struct MemoryStudy: Sendable {
    public let tasks: [TemporalTask]
    public var models: [CandidateModel]
    /// Neurons of an `exchange` network; all others have as many parameters.
    public let sizes: [Int]
    /// Spikes of the population a step; nil for no limit.
    public let spikeBudgets: [Double?]
    /// Seeds 1 … of every cell.
    public let seedCount: Int
    /// How models are trained for which nothing else was found.
    public let recipe: StudyRecipe
    /// How models are trained, by name.
    public var recipes: [String: StudyRecipe] = [:]

    public init(
        tasks: [TemporalTask], models: [CandidateModel], sizes: [Int]? = nil, spikeBudgets: [Double?],
        seedCount: Int, recipe: StudyRecipe
    ) {
        self.tasks = tasks
        self.models = models
        self.sizes = sizes ?? [recipe.referenceNeuronCount]
        self.spikeBudgets = spikeBudgets
        self.seedCount = seedCount
        self.recipe = recipe
    }

    /// All cells, seed by seed: a study that is stopped early has some seeds of everything.
    public var campaign: Campaign<StudyCell> {
        let cells = (1...seedCount).flatMap { seed in
            tasks.flatMap { task in
                sizes.flatMap { size in
                    spikeBudgets.flatMap { budget in
                        models.map { model in
                            var recipe = recipes[model.name] ?? recipe
                            recipe.referenceNeuronCount = size
                            return StudyCell(
                                task: task, model: model, spikeBudget: budget, seed: UInt64(seed),
                                recipe: recipe)
                        }
                    }
                }
            }
        }
        return Campaign(kind: "memory-study", cells: cells, formerNames: ["cells"])
    }

    /// The settings of each model's training, a line each.
    public var recipeLines: [String] {
        [
            "",
            "Settings of the training, found on other tasks: learning rate, deviation of angles, gain of weights",
        ]
            + TextTable.numberLines(
                models.compactMap { model in
                    recipes[model.name].map {
                        [model.name, "\($0.learningRate)", "\($0.angleDeviation)", "\($0.weightGain)"]
                    }
                })
    }

    /// Trains the cells that the folder does not hold.
    ///
    /// - Parameters:
    ///   - parallelism: how many cells are trained at a time, each on one thread; without effect on the results.
    ///   - onProgress: as of `Campaign`.
    /// - Throws: `CampaignError` or `FileError` where the folder cannot be read or written.
    public func run(
        in folder: String, parallelism: Parallelism,
        onProgress: @escaping @Sendable (Campaign<StudyCell>.Progress) -> Bool = { _ in true }
    ) throws -> Campaign<StudyCell>.Outcome {
        try campaign.run(in: folder, parallelism: parallelism, onProgress: onProgress) { try $0.result() }
    }
}
