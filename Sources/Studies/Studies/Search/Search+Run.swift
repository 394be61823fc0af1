import Campaigns
import Compute
import Files
import Runs
import SpikeDatasets

extension Search {
    /// The training images of a data set.
    public struct Images: Sendable {
        let train: LabelledDataset
        let digests: [String: String]

        /// Test images are left out.
        public init(_ data: DatasetSplits<LabelledDataset>) {
            train = data.train
            digests = data.digests
        }

        /// Images of an epoch in a rung.
        func trainingCount(_ rung: SearchSpace.Rung, validation: Int) -> Int {
            min(rung.limit ?? Int.max, train.count - validation)
        }
    }

    /// How far a search is.
    public struct Progress: Sendable {
        /// Images trained on, epoch by epoch, those of earlier runs and other processes included.
        public let images: Int
        /// Whether some trainings of the rung are not done.
        public let hasWork: Bool
        /// What was just done, as in `lif trial 3, rung 1, seed 1 81.25 %`.
        public let note: String?
    }

    /// What ``run(in:images:parallelism:isInterrupted:onProgress:)`` is given.
    public var dataKeys: Set<DataKey> {
        Set(subjects.flatMap { $0.trials.compactMap(\.configuration?.dataKey) })
    }

    /// Images that the whole search trains on, epoch by epoch, as far as can be told before it.
    public func imageCount(_ images: [DataKey: Images]) -> Int {
        subjects.reduce(0) { sum, subject in
            let sources = Set(subject.trials.compactMap(\.configuration?.dataKey)).compactMap { images[$0] }
            return zip(space.rungSizes, space.rungs).reduce(sum) { sum, rung in
                let count = sources.map { $0.trainingCount(rung.1, validation: space.validation) }.max()
                return sum + rung.0 * space.seeds * rung.1.epochs * (count ?? 0)
            }
        }
    }

    /// Trains what the folder does not hold, rung by rung.
    ///
    /// - Parameters:
    ///   - folder: made where it is not there.
    ///   - images: those of ``dataKeys``.
    ///   - parallelism: how many networks are trained at a time, each on one thread; without effect on the results.
    ///   - isInterrupted: asked after every batch; those at work are then given up.
    ///   - onProgress: called after each training, from any thread but never twice at a time.
    /// - Returns: nil where it was stopped.
    /// - Throws: ``SearchError`` for the folder of another search and for data of too few images; `CampaignError` and `FileError`
    ///   where the folder is another's, cannot be read or written, or a training had not the memory.
    public func run(
        in folder: String, images: [DataKey: Images], parallelism: Parallelism,
        isInterrupted: @escaping @Sendable () -> Bool = { false },
        onProgress: @escaping @Sendable (Progress) -> Void = { _ in }
    ) throws -> SearchReport? {
        try check(images)
        let folder = SearchFolder(path: folder)
        try folder.claim(for: space)
        var standings = subjects.map(SearchStanding.init)
        let sizes = space.rungSizes
        var done = 0
        for (number, rung) in space.rungs.enumerated() {
            let entries = standings.enumerated().flatMap { subject, standing in
                standing.going.map { Entry(subject: subject, trial: $0) }
            }
            let before = done
            let imageCount = entries.reduce(0) { sum, entry in
                let source = subjects[entry.subject].trials[entry.trial].configuration.flatMap {
                    images[$0.dataKey]
                }
                let count = source?.trainingCount(rung, validation: space.validation) ?? 0
                return sum + space.seeds * rung.epochs * count
            }
            let scores = try scores(
                of: entries, rung: number, in: folder.path, images, parallelism, isInterrupted
            ) { progress in
                // Cells that are equal count once.
                let share = Double(progress.finishedCount) / Double(max(progress.cellCount, 1))
                onProgress(
                    Progress(
                        images: before + Int((share * Double(imageCount)).rounded()),
                        hasWork: progress.finishedCount < progress.cellCount,
                        note: progress.latest.map(Self.note)))
            }
            guard let scores else { return nil }
            done += imageCount
            for (entry, score) in zip(entries, scores) {
                standings[entry.subject].add(score, to: entry.trial)
            }
            guard number + 1 < sizes.count else { continue }
            for subject in standings.indices { standings[subject].keep(sizes[number + 1]) }
        }
        return try folder.write(standings, of: self)
    }

    /// A trial of a subject, by their indices.
    private struct Entry {
        let subject: Int
        let trial: Int
    }

    /// Trains some trials for a rung.
    ///
    /// - Returns: one score a trial; nil where it was stopped.
    private func scores(
        of entries: [Entry], rung number: Int, in folder: String, _ images: [DataKey: Images],
        _ parallelism: Parallelism, _ isInterrupted: @escaping @Sendable () -> Bool,
        onProgress: @escaping @Sendable (Campaign<SearchCell>.Progress) -> Void
    ) throws -> [SearchScore]? {
        let (rung, seedCount) = (space.rungs[number], space.seeds)
        let cells = entries.flatMap { entry in
            (1...seedCount).map { cell(entry, rung: number, seed: UInt64($0), images) }
        }
        let outcome = try Campaign(kind: Self.campaignKind, cells: cells).run(
            in: folder, parallelism: parallelism,
            onProgress: { progress in
                onProgress(progress)
                return !isInterrupted()
            },
            work: { cell in
                guard let images = images[cell.configuration.dataKey] else {
                    preconditionFailure("the images of every trial are given")
                }
                return try cell.result(on: images.train, isInterrupted: isInterrupted)
            })
        if let error = outcome.error { throw error }
        let results = outcome.results.compactMap(\.self)
        guard results.count == cells.count else { return nil }
        return entries.indices.map { index in
            SearchScore(rung, results[index * seedCount..<(index + 1) * seedCount])
        }
    }

    private static func note(_ latest: (cell: SearchCell, result: SearchCell.Result)) -> String {
        let outcome = latest.result.accuracy.map { String(printf: "%.2f %%", 100 * $0) } ?? "failed"
        return "\(latest.cell.name) \(outcome)"
    }

    private func cell(
        _ entry: Entry, rung number: Int, seed: UInt64, _ images: [DataKey: Images]
    ) -> SearchCell {
        let subject = subjects[entry.subject]
        let trial = subject.trials[entry.trial]
        guard var configuration = trial.configuration(in: space.rungs[number], seed: seed) else {
            preconditionFailure("a trial that goes on has a configuration")
        }
        // Which release began a trial has no effect on it.
        configuration.version = ""
        configuration.datasetDigests = images[configuration.dataKey]?.digests ?? [:]
        return SearchCell(
            name: "\(subject.name) trial \(trial.number), rung \(number + 1), seed \(seed)",
            configuration: configuration, passes: space.passes)
    }

    /// Refuses data sets that have not the images that are held out and some to train on.
    private func check(_ images: [DataKey: Images]) throws {
        for (key, images) in images.sorted(by: { $0.key.dataset < $1.key.dataset }) {
            guard space.validation < images.train.count else {
                throw SearchError.images(
                    dataset: key.dataset,
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
