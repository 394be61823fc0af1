import Campaigns
import Compute
import Files
import Learning
import Runs
import SpikeDatasets
import Synchronization

/// The curves of a figure over several seeds, each seed of each curve a cell of a campaign: a study that was interrupted goes on
/// where it stopped, and curves of other settings can be added to its folder.
public struct CurveStudy: Sendable {
    public let name: String
    public let curves: [LearningCurve]
    public let seeds: [UInt64]
    public let iterationCount: Int
    /// The study's folder.
    public let path: String

    public init(name: String, curves: [LearningCurve], seedCount: Int, iterationCount: Int, path: String) {
        self.name = name
        self.curves = curves
        seeds = (1...seedCount).map { UInt64($0) }
        self.iterationCount = iterationCount
        self.path = path
    }

    /// What came of one curve.
    public struct CurveReport: Sendable, Codable {
        public var name: String
        /// Of the local rule, how gradients were found; nil for surrogate gradients.
        public var estimator: String?
        public var mitigation: String?
        /// Name of the circuit, and of the noise that it had, or of the backend that ran it.
        public var circuit: String
        public var noise: String?
        /// Images of an iteration.
        public var batch: Int
        /// After each iteration, the first before any: mean over the seeds and its 95 % interval, which covers what the seed
        /// decides (initial parameters, order, spikes, shots), not which images are those of the test.
        public var accuracy: [MeanInterval]
        /// 1.96 standard deviations of the last accuracy over the choice of the test images, √(p (1 − p)/n).
        public var halfWidthOfTestImages: Double
        /// Of one run on one thread: mean over the seeds.
        public var secondsPerIteration: Double
        public var circuitsPerIteration: Int
        public var shotsPerIteration: Int
    }

    public struct Report: Sendable, Codable {
        public var schema = "sqsnn.curves/1"
        public var figure: String
        public var dataset: String
        public var testImages: Int
        public var seeds: Int
        public var iterations: Int
        /// ``CurveStudy/inputsDigest()``
        public var inputs: String
        public var curves: [CurveReport]
    }

    /// SHA-256 of all that decides the result but the program's version: configurations, seeds, iterations. The files of a data
    /// set are known by its name, whose digests the catalogue checks.
    public func inputsDigest() throws -> String {
        struct Inputs: Encodable {
            let configurations: [RunConfiguration]
            let seeds: [UInt64]
            let iterations: Int
            let repetitions: Int
        }
        let configurations = curves.map { curve in
            var configuration = curve.configuration
            configuration.version = ""
            return configuration
        }
        let inputs = Inputs(
            configurations: configurations, seeds: seeds, iterations: iterationCount,
            repetitions: LearningCurve.repetitions)
        return SHA256Digest.hex(of: try JSONDocument.encode(inputs))
    }

    private func campaign(_ data: DatasetSplits<LabelledDataset>) -> Campaign<CurveCell> {
        let cells = curves.flatMap { curve in
            seeds.map { CurveCell(curve, seed: $0, iterationCount: iterationCount, data: data) }
        }
        return Campaign(kind: "learning-curves", cells: cells, formerNames: ["curves"])
    }

    /// Iterations of the seeds that the folder holds.
    public func finishedIterations(data: DatasetSplits<LabelledDataset>) throws -> Int {
        try campaign(data).finishedCount(in: path) * iterationCount
    }

    /// Runs what is not in the folder yet, and reports.
    ///
    /// - Parameters:
    ///   - parallelism: how many seeds are trained at a time, each on one thread; without effect on the results.
    ///   - progress: called with the iterations that are done and what was at work, from any thread but never twice at a time; return
    ///     `false` to stop, and what is at work is not kept.
    /// - Returns: nil if it was stopped.
    /// - Throws: `CampaignError` where a seed failed, or the folder is another's; `FileError`.
    public func run(
        data: DatasetSplits<LabelledDataset>, parallelism: Parallelism,
        progress: @escaping @Sendable (_ iterations: Int, _ cell: String?) -> Bool
    ) throws -> Report? {
        // Not once for every seed.
        for curve in curves { try curve.configuration.checkBackend() }
        let campaign = campaign(data)
        // Of the seeds at work.
        let iterations = Mutex<(finished: Int, atWork: [String: Int])>((0, [:]))
        @Sendable func advance(_ cell: String?, to iteration: Int?, finished: Int? = nil) -> Bool {
            iterations.withLock { state in
                if let cell { state.atWork[cell] = iteration }
                state.finished = finished.map { $0 * iterationCount } ?? state.finished
                return progress(state.atWork.values.reduce(state.finished, +), cell)
            }
        }
        let outcome = try campaign.run(
            in: path, parallelism: parallelism,
            onProgress: { advance($0.latest?.cell.name, to: nil, finished: $0.finishedCount) },
            work: { cell in
                try cell.result(data: data, journals: "\(path)/jobs") { advance(cell.name, to: $0) }
            })
        if let error = outcome.error { throw error }
        let results = outcome.results.compactMap(\.self)
        guard results.count == campaign.cells.count else { return nil }
        let report = Report(
            figure: name, dataset: curves.first?.configuration.dataset ?? "",
            testImages: data.test.count, seeds: seeds.count, iterations: iterationCount,
            inputs: try inputsDigest(),
            curves: curves.enumerated().map { index, curve in
                let first = index * seeds.count
                return self.report(
                    curve, Array(results[first..<first + seeds.count]), testCount: data.test.count)
            })
        try write(report)
        return report
    }

    private func report(_ curve: LearningCurve, _ runs: [CurveCell.Result], testCount: Int) -> CurveReport {
        let updates = runs.count * iterationCount
        let ledgers = runs.compactMap(\.ledger?.total)
        let configuration = curve.configuration
        let accuracy = (0...iterationCount).map { iteration in
            MeanInterval(runs.map { $0.accuracies[iteration] }, range: 0...1)
        }
        let last = accuracy[iterationCount].mean
        return CurveReport(
            name: curve.name, estimator: configuration.recipe.local?.estimator.rawValue,
            mitigation: configuration.recipe.local?.mitigation.rawValue, circuit: configuration.ansatz ?? "",
            noise: configuration.noise?.name ?? configuration.backend, batch: configuration.recipe.batchSize,
            accuracy: accuracy,
            halfWidthOfTestImages: 1.96 * (last * (1 - last) / Double(testCount)).squareRoot(),
            secondsPerIteration: runs.reduce(0) { $0 + $1.seconds } / Double(updates),
            circuitsPerIteration: ledgers.reduce(0) { $0 + $1.circuits } / updates,
            shotsPerIteration: ledgers.reduce(0) { $0 + $1.shots } / updates)
    }

    /// The report, and its numbers as a table for other programs.
    private func write(_ report: Report) throws {
        try AtomicFile.write(JSONDocument.encode(report, .indented), to: "\(path)/\(name).json")
        var lines = ["curve,iteration,mean,low,high,seeds"]
        for curve in report.curves {
            for (iteration, accuracy) in curve.accuracy.enumerated() {
                lines.append(
                    "\"\(curve.name)\",\(iteration),\(accuracy.mean),\(accuracy.low),\(accuracy.high),"
                        + "\(accuracy.count)")
            }
        }
        try AtomicFile.write(Array((lines.joined(separator: "\n") + "\n").utf8), to: "\(path)/\(name).csv")
    }
}
