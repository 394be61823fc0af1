import Campaigns
import Compute
import Foundation
import Runs
import SpikeDatasets

extension Search {
    /// The training images of a data set.
    public struct Images: Sendable {
        let train: ImageDataset
        let digests: [String: String]

        /// Test images are left out.
        public init(_ data: DatasetSplits<ImageDataset>) {
            train = data.train
            digests = data.digests
        }
    }

    /// How far a search is.
    public struct Progress: Sendable {
        /// Epochs trained, those of earlier runs and other processes included.
        public let epochs: Int
        /// Whether some trainings of the rung are not done.
        public let hasWork: Bool
        /// What was just done, as in `lif trial 3, rung 1, seed 1 81.25 %`.
        public let note: String?
    }

    /// Names of the data sets that ``run(in:images:parallelism:isInterrupted:onProgress:)`` is given.
    public var datasets: Set<String> {
        Set(subjects.flatMap { $0.trials.compactMap(\.configuration?.dataset) })
    }

    /// Trains what the folder does not hold, rung by rung.
    ///
    /// - Parameters:
    ///   - folder: made where it is not there.
    ///   - images: by name of the data set.
    ///   - parallelism: how many networks are trained at a time, each on one thread; without effect on the results.
    ///   - isInterrupted: asked after every batch; those at work are then given up.
    ///   - onProgress: called after each training, from any thread but never twice at a time.
    /// - Returns: nil where it was stopped.
    /// - Throws: ``SearchError`` for the folder of another search and for data of too few images; `CampaignError` and `FileError`
    ///   where the folder is another's, cannot be read or written, or a training had not the memory.
    public func run(
        in folder: String, images: [String: Images], parallelism: Parallelism,
        isInterrupted: @escaping @Sendable () -> Bool = { false },
        onProgress: @escaping @Sendable (Progress) -> Void = { _ in }
    ) throws -> SearchReport? {
        try check(images)
        let folder = SearchFolder(path: folder)
        try folder.claim(for: space)
        var standings = subjects.map(SearchStanding.init)
        let sizes = space.rungSizes
        var doneEpochs = 0
        for (number, rung) in space.rungs.enumerated() {
            let entries = standings.enumerated().flatMap { subject, standing in
                standing.going.map { (subject: subject, trial: $0) }
            }
            let cells = try entries.flatMap { entry in
                try (1...space.seeds).map { seed in
                    try cell(entry, rung: number, seed: UInt64(seed), images)
                }
            }
            let before = doneEpochs
            let campaign = Campaign(kind: Self.campaignKind, cells: cells)
            let outcome = try campaign.run(
                in: folder.path, parallelism: parallelism,
                onProgress: { progress in
                    // Cells that are equal count once.
                    let share = Double(progress.finishedCount) / Double(max(progress.cellCount, 1))
                    let epochs = Int((share * Double(cells.count * rung.epochs)).rounded())
                    onProgress(
                        Progress(
                            epochs: before + epochs, hasWork: progress.finishedCount < progress.cellCount,
                            note: progress.latest.map(Self.note)))
                    return !isInterrupted()
                },
                work: { cell in
                    guard let images = images[cell.configuration.dataset] else {
                        preconditionFailure("images of every data set")
                    }
                    return try cell.result(on: images.train, isInterrupted: isInterrupted)
                })
            if let error = outcome.error { throw error }
            let results = outcome.results.compactMap(\.self)
            guard results.count == cells.count else { return nil }
            doneEpochs += cells.count * rung.epochs
            for (index, entry) in entries.enumerated() {
                let first = index * space.seeds
                standings[entry.subject].add(
                    SearchScore(rung, results[first..<first + space.seeds]), to: entry.trial)
            }
            guard number + 1 < sizes.count else { continue }
            for subject in standings.indices { standings[subject].keep(sizes[number + 1]) }
        }
        return try folder.write(standings, of: self)
    }

    private static func note(_ latest: (cell: SearchCell, result: SearchCell.Result)) -> String {
        let outcome = latest.result.accuracy.map { String(format: "%.2f %%", 100 * $0) } ?? "failed"
        return "\(latest.cell.name) \(outcome)"
    }

    private func cell(
        _ entry: (subject: Int, trial: Int), rung number: Int, seed: UInt64, _ images: [String: Images]
    ) throws -> SearchCell {
        let subject = subjects[entry.subject]
        let trial = subject.trials[entry.trial]
        guard var configuration = trial.configuration(in: space.rungs[number], seed: seed) else {
            preconditionFailure("a trial that goes on has a configuration")
        }
        // Which release began a trial has no effect on it.
        configuration.version = ""
        configuration.datasetDigests = images[configuration.dataset]?.digests ?? [:]
        return SearchCell(
            name: "\(subject.name) trial \(trial.number), rung \(number + 1), seed \(seed)",
            configuration: configuration, passes: space.passes)
    }

    /// Refuses data sets that have not the images that are held out and some to train on.
    private func check(_ images: [String: Images]) throws {
        for (name, images) in images.sorted(by: { $0.key < $1.key }) {
            guard space.validation < images.train.count else {
                throw SearchError.images(
                    dataset: name,
                    problem: "found \(images.train.count) training images, expected more than the "
                        + "\(space.validation) that are held out; lower 'validation'")
            }
        }
    }
}

extension SearchTrial {
    /// What is trained in a rung; nil for options that do not go together.
    func configuration(in rung: SearchSpace.Rung, seed: UInt64) -> RunConfiguration? {
        guard var configuration else { return nil }
        configuration.recipe.epochCount = rung.epochs
        configuration.trainingLimit = rung.limit
        configuration.seed = seed
        return configuration
    }

    /// The options that do the same with `sqsnn train`.
    func options(in rung: SearchSpace.Rung) -> [String: String] {
        var options = options
        options["epochs"] = "\(rung.epochs)"
        options["limit"] = rung.limit.map(String.init)
        return options
    }
}
