import Campaigns
import Compute

/// What memory is worth: every model on every task, at every spike budget, with several seeds.
///
/// Finished cells are kept in a folder, and a study that is run again trains only those that are missing there.
public struct MemoryStudy: Sendable {
    public let tasks: [TemporalTask]
    public let models: [CandidateModel]
    /// Spikes of the population a step; nil for no limit.
    public let spikeBudgets: [Double?]
    /// Seeds 1 … of every cell.
    public let seedCount: Int
    public let recipe: StudyRecipe

    public init(
        tasks: [TemporalTask], models: [CandidateModel], spikeBudgets: [Double?], seedCount: Int,
        recipe: StudyRecipe
    ) {
        self.tasks = tasks
        self.models = models
        self.spikeBudgets = spikeBudgets
        self.seedCount = seedCount
        self.recipe = recipe
    }

    /// All cells, seed by seed: a study that is stopped early has some seeds of everything.
    public var campaign: Campaign<StudyCell> {
        let cells = (1...seedCount).flatMap { seed in
            tasks.flatMap { task in
                spikeBudgets.flatMap { budget in
                    models.map {
                        StudyCell(
                            task: task, model: $0, spikeBudget: budget, seed: UInt64(seed), recipe: recipe)
                    }
                }
            }
        }
        return Campaign(kind: "memory-study", cells: cells, formerNames: ["cells"])
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
