import Campaigns
import Compute
import Files
import Runs
import SpikeDatasets
import Synchronization

/// Several models on several data sets with several seeds, all trained and measured by one machinery.
///
/// Each run is a cell of a campaign: a comparison that was interrupted goes on where it stopped, and models, data sets and seeds can
/// be added to its folder.
public struct Comparison: Sendable {
    /// Of the report's files, and in its messages.
    public let name: String
    public let datasets: [ComparedDataset]
    /// Data set by data set, in the order of the entries.
    public let contenders: [Contender]
    public let seeds: [UInt64]
    /// Single-shot passes of each run over the images that it is measured on.
    public let repetitions: Int
    /// Whether the report has the differences of all pairs.
    private let comparesPairs: Bool

    public static let seedCounts = 1...1000
    public static let repetitionCounts = 1...1000
    /// Entries at most, and data sets.
    static let largestCount = 100
    /// Bytes of an entry's name at most.
    static let longestName = 200

    /// - Parameters:
    ///   - seedCount: runs of each model on each data set, with the seeds 1, 2, …; within ``seedCounts``.
    ///   - repetitions: within ``repetitionCounts``.
    ///   - comparesPairs: whether the report has the differences of all pairs, corrected for their number.
    ///   - configuration: makes a configuration of options of `sqsnn train`, by name without dashes, and refuses those that there are not.
    /// - Throws: ``ComparisonError`` for entries that cannot be compared.
    public init(
        name: String, entries: [ComparisonEntry], datasets: [ComparedDataset], seedCount: Int,
        repetitions: Int, comparesPairs: Bool = true,
        configuration: @escaping ([String: String]) throws -> RunConfiguration
    ) throws {
        for (noun, count, range) in [
            ("entries", entries.count, 1...Self.largestCount),
            ("data sets", datasets.count, 1...Self.largestCount), ("seeds", seedCount, Self.seedCounts),
            ("repetitions", repetitions, Self.repetitionCounts),
        ] where !range.contains(count) {
            throw ComparisonError.comparison(
                "\(noun): found \(count), expected \(range.lowerBound) to \(range.upperBound)")
        }
        if let twice = datasets.first(where: { dataset in datasets.count { $0.name == dataset.name } > 1 }) {
            throw ComparisonError.comparison("datasets: found \(twice.name) twice, expected every one once")
        }
        self.name = name
        self.datasets = datasets
        seeds = (1...seedCount).map { UInt64($0) }
        self.repetitions = repetitions
        self.comparesPairs = comparesPairs
        let list = ContenderList(entries: entries, configuration: configuration)
        contenders = try datasets.flatMap { try list.contenders(on: $0) }
        let heldOut = Set(contenders.map { $0.configuration.validationCount ?? 0 }).sorted()
        guard heldOut.count == 1 else {
            throw ComparisonError.comparison(
                "entries: found different numbers of images held out (option validation: "
                    + "\(heldOut.map { "\($0)" }.joined(separator: ", "))), expected as many for all")
        }
    }

    /// SHA-256 of all that decides the result but the program's version. The files of a data set are known by its name, whose digests
    /// the catalogue checks.
    public func inputsDigest() throws -> String {
        let cells = cells { _ in [:] }
        return SHA256Digest.hex(of: try JSONDocument.encode(cells))
    }

    /// What ``run(in:data:parallelism:isInterrupted:onProgress:)`` is given.
    public var dataKeys: Set<DataKey> { Set(contenders.map(\.configuration.dataKey)) }

    /// Runs of the whole comparison; those with the same settings count once.
    public var runCount: Int { Set(cells { _ in [:] }.map(\.configuration)).count }

    /// Seed by seed: a comparison that is stopped early has some seeds of everything.
    private func cells(_ digests: (DataKey) -> [String: String]) -> [ComparisonCell] {
        seeds.flatMap { seed in
            contenders.map {
                ComparisonCell(
                    $0, seed: seed, repetitions: repetitions, digests: digests($0.configuration.dataKey))
            }
        }
    }
}

extension Comparison {
    /// How far a comparison is.
    public struct Progress: Sendable {
        /// Of ``Comparison/runCount``.
        public let finishedCount: Int
        /// What was just done, as in `LIF on mnist, seed 1, epoch 3`.
        public let note: String?
    }

    /// What came of running a comparison.
    public struct Outcome: Sendable {
        /// nil where it was stopped.
        public let report: ComparisonReport?
        /// What to throw when everything else is done; nil where no run failed.
        public let error: CampaignError?
    }

    /// Trains what is not in the folder yet, and reports.
    ///
    /// - Parameters:
    ///   - data: those of ``dataKeys``.
    ///   - parallelism: runs at a time, each on one thread; without effect on the results but for the times.
    ///   - isInterrupted: asked after every batch; what is at work then is not kept.
    ///   - onProgress: called from any thread but never twice at a time.
    /// - Throws: ``ComparisonError/otherComparison(_:entry:differences:)``, `CampaignError` and `FileError` where the folder is another's,
    ///   or cannot be read or written.
    public func run(
        in folder: String, data: [DataKey: DatasetSplits<LabelledDataset>], parallelism: Parallelism,
        isInterrupted: @escaping @Sendable () -> Bool = { false },
        onProgress: @escaping @Sendable (Progress) -> Void = { _ in }
    ) throws -> Outcome {
        for contender in contenders {
            guard let data = data[contender.configuration.dataKey] else {
                preconditionFailure("the data of every contender are given")
            }
            _ = try contender.configuration.parts(ofTraining: data.train)
        }
        try ContenderFile.claim(folder, kind: Self.campaignKind, contenders)
        let campaign = Campaign(
            kind: Self.campaignKind, cells: cells { data[$0]?.digests ?? [:] })
        let finished = Mutex(0)
        @Sendable func tell(_ note: String?, finished count: Int? = nil) {
            finished.withLock { finished in
                finished = count ?? finished
                onProgress(Progress(finishedCount: finished, note: note))
            }
        }
        let outcome = try campaign.run(
            in: folder, parallelism: parallelism,
            onProgress: { progress in
                tell(progress.latest?.cell.name, finished: progress.finishedCount)
                return !isInterrupted()
            },
            work: { cell in
                guard let data = data[cell.configuration.dataKey] else { return nil }
                return try cell.result(data: data, isStopped: isInterrupted) { epoch in
                    tell("\(cell.name), epoch \(epoch)")
                }
            })
        let doneCount = outcome.results.count { $0 != nil }
        // Cells with the same settings fail together.
        let isWhole = !isInterrupted() || doneCount == outcome.results.count
        return Outcome(
            report: isWhole ? try report(outcome.results, data) : nil, error: outcome.error)
    }

    static let campaignKind = "comparison"

    private func report(
        _ results: [ComparisonCell.Result?], _ data: [DataKey: DatasetSplits<LabelledDataset>]
    ) throws -> ComparisonReport {
        let rows = contenders.enumerated().map { index, contender in
            let runs = seeds.indices.map { results[$0 * contenders.count + index] }
            return ComparisonReport.Row(contender, Array(zip(seeds, runs)))
        }
        let validationCount = contenders.first?.configuration.validationCount
        return ComparisonReport(
            name: name, measured: validationCount == nil ? .test : .validation, seedCount: seeds.count,
            repetitions: repetitions, inputs: try inputsDigest(),
            datasets: datasets.compactMap { dataset in
                // Whatever is made of its samples, they are divided alike.
                data.first { $0.key.dataset == dataset.name }.map {
                    ComparisonReport.Dataset(name: dataset.name, $0.value, validationCount: validationCount)
                }
            }, rows: rows, comparesPairs: comparesPairs)
    }
}
