import Diagnostics
import Digests
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
        /// Of the local rule, how gradients were found; nil for surrogate gradients.
        public var estimator: String?
        public var mitigation: String?
        /// Name of the circuit, and of the noise that it had.
        public var circuit: String
        public var noise: String?
        /// Images of an iteration.
        public var batch: Int
        /// After each iteration, the first before any: mean over the seeds and its 95 % interval, which covers what the seed
        /// decides (initial parameters, order, spikes, shots), not which images are those of the test.
        public var accuracy: [MeanInterval]
        /// 1.96 standard deviations of the last accuracy over the choice of the test images, √(p (1 − p)/n).
        public var halfWidthOfTestImages: Double
        /// Of one run: mean over the seeds.
        public var secondsPerIteration: Double
        public var circuitsPerIteration: Int
        public var shotsPerIteration: Int

        enum CodingKeys: String, CodingKey {
            case name, estimator, mitigation, circuit, noise, batch, accuracy
            case halfWidthOfTestImages = "half_width_of_test_images"
            case secondsPerIteration = "seconds_per_iteration"
            case circuitsPerIteration = "circuits_per_iteration"
            case shotsPerIteration = "shots_per_iteration"
        }
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

        enum CodingKeys: String, CodingKey {
            case schema, figure, dataset, seeds, iterations, inputs, curves
            case testImages = "test_images"
        }
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
        return try Self.digest(
            Inputs(
                configurations: configurations, seeds: seeds, iterations: iterationCount,
                repetitions: LearningCurve.repetitions))
    }

    private static func digest(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return SHA256Digest.hex(of: Array(try encoder.encode(value)))
    }

    /// Of every configuration a file of its own, so that another choice of options overwrites nothing.
    private func file(_ curve: LearningCurve, _ seed: UInt64) throws -> String {
        let name = curve.name.lowercased().map { $0.isLetter || $0.isNumber ? $0 : "-" }
        let digest = try Self.digest(curve.configuration).prefix(8)
        return "\(path)/curves/\(String(name))-\(digest)-\(iterationCount)-\(seed).json"
    }

    /// The run that a file holds; nil where there is none of the same configuration.
    private func stored(_ curve: LearningCurve, _ seed: UInt64, _ data: DatasetSplits<ImageDataset>) throws
        -> LearningCurve.Run?
    {
        guard let bytes = FileManager.default.contents(atPath: try file(curve, seed)),
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
                if let run = try stored(curve, seed, data) {
                    runs.append(run)
                    continue
                }
                let run = try curve.run(
                    seed: seed, iterationCount: iterationCount, data: data, threads: threads
                ) { progress(curve, seed, $0) }
                guard let run else { return nil }
                let encoder = JSONEncoder()
                encoder.outputFormatting = [.sortedKeys]
                try AtomicFile.write(Array(encoder.encode(run)), to: try file(curve, seed))
                runs.append(run)
            }
            reports.append(report(curve, runs, testCount: data.test.count))
        }
        let report = Report(
            figure: name, dataset: curves.first?.configuration.dataset ?? "",
            testImages: data.test.count, seeds: seeds.count, iterations: iterationCount,
            inputs: try inputsDigest(), curves: reports)
        try write(report)
        return report
    }

    private func report(_ curve: LearningCurve, _ runs: [LearningCurve.Run], testCount: Int) -> CurveReport {
        let updates = runs.count * iterationCount
        let ledgers = runs.compactMap(\.ledger?.total)
        let configuration = curve.configuration
        let accuracy = (0...iterationCount).map { iteration in
            MeanInterval(runs.map { $0.accuracies[iteration] }, range: 0...1)
        }
        let last = accuracy[iterationCount].mean
        return CurveReport(
            name: curve.name, estimator: configuration.recipe.local?.estimator.rawValue,
            mitigation: configuration.recipe.local?.mitigation.rawValue, circuit: configuration.ansatz,
            noise: configuration.noise?.name, batch: configuration.recipe.batchSize, accuracy: accuracy,
            halfWidthOfTestImages: 1.96 * (last * (1 - last) / Double(testCount)).squareRoot(),
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
