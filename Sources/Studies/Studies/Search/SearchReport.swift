import Files
import Runs

/// What a search came to: the object that `sqsnn search --json` prints, and `report.json` in its folder.
public struct SearchReport: Sendable, Codable {
    /// The best options that were found.
    public struct Best: Sendable, Codable {
        public let trial: Int
        /// On the validation images, mean over the seeds, 0…1.
        public let accuracy: Double
        /// All options of `sqsnn train`, by name without dashes.
        public let options: [String: String]
        /// The training of the last rung again, with seed 1.
        public let command: String
        /// File in the search's folder with the recipe, which `--recipe` takes; the neuron's own settings and the data set are not in
        /// it.
        public let recipe: String
    }

    /// One trial.
    public struct Trial: Sendable, Codable {
        /// From 1.
        public let trial: Int
        /// Options that differ from trial to trial.
        public let options: [String: String]
        /// A score for each rung that it was in.
        public let rungs: [SearchScore]
        /// Why it came to nothing.
        public let failure: String?
    }

    /// One model on one data set.
    public struct Subject: Sendable, Codable {
        public let name: String
        /// nil where no trial did better than nothing.
        public let best: Best?
        /// Best first; those that came to nothing last.
        public let trials: [Trial]
    }

    /// The file in the search's folder that has all trials as comma-separated values.
    public static let tableName = SearchFolder.tableName

    public var schema = "sqsnn.search-report/1"
    /// SHA-256 of the space as one line of JSON.
    public let spaceDigest: String
    /// Training images that were held out.
    public let validation: Int
    /// Trainings of a trial in each rung.
    public let seeds: Int
    /// Epochs that each model was given on each data set.
    public let epochs: Int
    public let subjects: [Subject]

    init(_ search: Search, _ standings: [SearchStanding]) {
        spaceDigest = search.spaceDigest
        validation = search.space.validation
        seeds = search.space.seeds
        epochs = search.space.epochsOfSubject
        subjects = standings.map { standing in
            let ranking = standing.ranking
            return Subject(
                name: standing.subject.name,
                best: Best(standing, search.space),
                trials: ranking.map { index in
                    let trial = standing.subject.trials[index]
                    return Trial(
                        trial: trial.number, options: trial.drawn, rungs: standing.scores[index],
                        failure: standing.failure(of: index))
                })
        }
    }
}

extension SearchReport.Best {
    fileprivate init?(_ standing: SearchStanding, _ space: SearchSpace) {
        guard let best = standing.best(of: space), let accuracy = best.score.accuracy else { return nil }
        trial = best.trial.number
        self.accuracy = accuracy
        let options = best.trial.options(in: best.rung)
        self.options = options
        // The data set and the model first, then by name.
        let first = ["dataset", "model"].filter { options[$0] != nil }
        let names = first + options.keys.filter { !first.contains($0) }.sorted()
        command =
            (["sqsnn", "train"] + names.flatMap { ["--\($0)", options[$0] ?? ""] })
            .map(\.shellWord).joined(separator: " ")
        recipe = SearchFolder.recipeName(of: standing.subject.name)
    }
}
