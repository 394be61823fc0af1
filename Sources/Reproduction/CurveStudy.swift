import Diagnostics
import Foundation
import SpikeDatasets
import SpikeLearning

/// The curves of a figure over several seeds, kept in a folder: every finished run in a file of its own, so that a study that
/// was interrupted goes on where it stopped.
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
        /// After each iteration, the first before any: mean over the seeds and its 95 % interval.
        public var accuracy: [MeanInterval]
        /// Of one run: mean over the seeds.
        public var secondsPerIteration: Double
        public var circuitsPerIteration: Int
        public var shotsPerIteration: Int

        enum CodingKeys: String, CodingKey {
            case name, accuracy
            case secondsPerIteration = "seconds_per_iteration"
            case circuitsPerIteration = "circuits_per_iteration"
            case shotsPerIteration = "shots_per_iteration"
        }
    }

    public struct Report: Sendable, Codable {
        public var schema = "sqsnn.curves/1"
        public var figure: String
        public var dataset: String
        public var seeds: Int
        public var iterations: Int
        public var curves: [CurveReport]
    }

    private func file(_ curve: LearningCurve, _ seed: UInt64) -> String {
        // Scalar by scalar: a letter may hide a slash in one `Character`.
        let scalars = curve.name.lowercased().unicodeScalars.map {
            $0.properties.isAlphabetic || $0.properties.numericType != nil ? $0 : "-"
        }
        let name = String(String.UnicodeScalarView(scalars))
        return "\(path)/curves/\(name)-\(iterationCount)-\(seed).json"
    }

    /// The run that a file holds; nil where there is none of the same configuration.
    private func stored(_ curve: LearningCurve, _ seed: UInt64, _ data: DatasetSplits<ImageDataset>)
        -> LearningCurve.Run?
    {
        guard let bytes = FileManager.default.contents(atPath: file(curve, seed)),
            let run = try? JSONDecoder().decode(LearningCurve.Run.self, from: bytes),
            run.schema == LearningCurve.Run.currentSchema, run.accuracies.count == iterationCount + 1
        else { return nil }
        var expected = curve.configuration
        expected.seed = seed
        expected.datasetDigests = data.digests
        expected.recipe.epochCount = run.configuration.recipe.epochCount
        return run.configuration == expected ? run : nil
    }

    /// Runs what is not in the folder yet, and reports.
    ///
    /// - Parameter progress: called after every iteration with the curve, the seed and the iterations done; return `false` to
    ///   stop.
    /// - Returns: nil if it was stopped.
    public func run(
        data: DatasetSplits<ImageDataset>, threads: Int,
        progress: (LearningCurve, UInt64, Int) -> Bool
    ) throws -> Report? {
        try FileManager.default.createDirectory(
            atPath: path + "/curves", withIntermediateDirectories: true)
        var reports: [CurveReport] = []
        for curve in curves {
            var runs: [LearningCurve.Run] = []
            for seed in seeds {
                if let run = stored(curve, seed, data) {
                    runs.append(run)
                    continue
                }
                let run = try curve.run(
                    seed: seed, iterationCount: iterationCount, data: data, threads: threads
                ) { progress(curve, seed, $0) }
                guard let run else { return nil }
                let encoder = JSONEncoder()
                encoder.outputFormatting = [.sortedKeys]
                try AtomicFile.write(Array(encoder.encode(run)), to: file(curve, seed))
                runs.append(run)
            }
            reports.append(report(curve, runs))
        }
        let report = Report(
            figure: name, dataset: curves.first?.configuration.dataset ?? "", seeds: seeds.count,
            iterations: iterationCount, curves: reports)
        try write(report)
        return report
    }

    private func report(_ curve: LearningCurve, _ runs: [LearningCurve.Run]) -> CurveReport {
        let updates = runs.count * iterationCount
        let ledgers = runs.compactMap(\.ledger?.total)
        return CurveReport(
            name: curve.name,
            accuracy: (0...iterationCount).map { iteration in
                MeanInterval(runs.map { $0.accuracies[iteration] }, range: 0...1)
            },
            secondsPerIteration: runs.reduce(0) { $0 + $1.seconds } / Double(updates),
            circuitsPerIteration: ledgers.reduce(0) { $0 + $1.circuits } / updates,
            shotsPerIteration: ledgers.reduce(0) { $0 + $1.shots } / updates)
    }

    /// The report, and its numbers as a table for other programs.
    private func write(_ report: Report) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        try AtomicFile.write(Array(encoder.encode(report)), to: "\(path)/\(name).json")
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
