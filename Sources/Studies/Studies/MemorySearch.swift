import Campaigns
import Compute
import Glibc

/// The settings of every model's training, found by equal effort: the same trials for each, on tasks that the study does not judge by.
public struct MemorySearch: Sendable {
    /// As they are asked for.
    private let asked: [CandidateModel]
    /// Their variants, which are tried.
    public let models: [CandidateModel]
    /// The first trial is the recipe itself; 0 for no search.
    public let trialCount: Int
    public let recipe: StudyRecipe

    /// What settings are judged by: the mean accuracy on these.
    public static let tasks: [TemporalTask] = [.delay(4), .recall(3), .recallOnGo(4), .match(2)]
    /// Seeds of each, none of them the study's.
    public static let seeds: ClosedRange<UInt64> = 1_000_001...1_000_002

    /// - Throws: ``StudyError/unknownModel(_:reason:)`` where a model has variants, and nothing is tried.
    public init(models: [CandidateModel], trialCount: Int, recipe: StudyRecipe) throws(StudyError) {
        asked = models
        var variants: [CandidateModel] = []
        for model in models {
            let own = try model.variants
            guard own.count == 1 || trialCount > 0 else {
                throw .unknownModel(model.name, reason: "found no search that could find the best basis")
            }
            variants += own.filter { !variants.contains($0) && (own.count == 1 || !models.contains($0)) }
        }
        self.models = variants
        self.trialCount = trialCount
        self.recipe = recipe
    }

    /// The settings that are tried: learning rate, spread of the angles and gain of the weights, each uniform in its logarithm.
    public var recipes: [StudyRecipe] {
        (0..<trialCount).map { trial in
            var tried = recipe
            guard trial > 0 else { return tried }
            var random = RandomStream(seed: 1, purpose: .analysis, population: 6).generator(sample: trial)
            func draw(_ low: Double, _ high: Double) -> Double {
                // Three digits, as a person would write it.
                let value = low * pow(high / low, Double.random(in: 0..<1, using: &random))
                let scale = pow(10, 2 - floor(log10(value)))
                return (value * scale).rounded() / scale
            }
            tried.learningRate = draw(0.01, 0.2)
            tried.angleDeviation = draw(0.3, 3)
            tried.weightGain = draw(0.5, 4)
            return tried
        }
    }

    public var campaign: Campaign<StudyCell> {
        let cells = recipes.flatMap { recipe in
            Self.tasks.flatMap { task in
                Self.seeds.flatMap { seed in
                    models.map { StudyCell(task: task, model: $0, seed: seed, recipe: recipe) }
                }
            }
        }
        return Campaign(kind: "memory-study", cells: cells, formerNames: ["cells"])
    }

    /// What was found: the models of the study, of variants the best one, each with its settings.
    ///
    /// The highest mean accuracy counts; of equal ones the model and the settings that were tried first.
    ///
    /// - Parameter results: of ``campaign``'s cells.
    /// - Returns: nil where some are missing.
    public func chosen(_ results: [CellResult?]) -> (
        models: [CandidateModel], recipes: [String: StudyRecipe]
    )? {
        guard trialCount > 0 else { return (asked, [:]) }
        var sums: [String: [StudyRecipe: Double]] = [:]
        for (cell, result) in zip(campaign.cells, results) {
            guard let result else { return nil }
            sums[cell.model.name, default: [:]][cell.recipe, default: 0] += result.accuracy
        }
        var models: [CandidateModel] = []
        var chosen: [String: StudyRecipe] = [:]
        for model in asked {
            guard let variants = try? model.variants else { return nil }
            var best: (model: CandidateModel, recipe: StudyRecipe, sum: Double)?
            for variant in variants {
                for recipe in recipes {
                    guard let sum = sums[variant.name]?[recipe] else { continue }
                    if sum > best?.sum ?? -1 { best = (variant, recipe, sum) }
                }
            }
            guard let best else { return nil }
            if !models.contains(best.model) { models.append(best.model) }
            chosen[best.model.name] = best.recipe
        }
        return (models, chosen)
    }
}
