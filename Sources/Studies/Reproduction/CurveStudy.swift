import Files
import Foundation
import SpikeDatasets
import Learning

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
        return try Self.digest(
            Inputs(
                configurations: configurations, seeds: seeds, iterations: iterationCount,
                repetitions: LearningCurve.repetitions))
    }

    private static func digest(_ value: some Encodable) throws -> String {
        SHA256Digest.hex(of: try JSONDocument.encode(value))
    }

    /// Of every configuration a file of its own, so that another choice of options overwrites nothing.
    private func file(_ curve: LearningCurve, _ seed: UInt64) throws -> String {
        // Scalar by scalar: a letter may hide a slash in one `Character`.
        let scalars = curve.name.lowercased().unicodeScalars.map {
            $0.properties.isAlphabetic || $0.properties.numericType != nil ? $0 : "-"
        }
        let name = String(String.UnicodeScalarView(scalars))
        let digest = try Self.digest(curve.configuration).prefix(8)
        return "\(path)/curves/\(name)-\(digest)-\(iterationCount)-\(seed).json"
    }

    /// The run that a file holds; nil where there is none.
    ///
    /// - Throws: ``RunError`` for a file that is none, and one of other settings, which is not written over.
    private func stored(
        _ curve: LearningCurve, _ seed: UInt64, _ data: DatasetSplits<ImageDataset>
    ) throws -> LearningCurve.Run? {
        let file = try file(curve, seed)
        guard FileManager.default.fileExists(atPath: file) else { return nil }
        let bytes = try InputFile.read(file)
        let run: LearningCurve.Run
        do throws(JSONDocument.Problem) {
            run = try JSONDocument.decode(LearningCurve.Run.self, from: bytes, .oldNames)
            if let problem = run.problem(iterationCount: iterationCount) { throw problem }
        } catch {
            throw RunError.malformed(file, place: error.place, problem: error.problem)
        }
        var expected = curve.configuration
        expected.seed = seed
        expected.datasetDigests = data.digests
        // What was not asked for.
        expected.recipe.epochCount = run.configuration.recipe.epochCount
        expected.version = run.configuration.version
        let differences = try run.configuration.differences(from: expected)
        guard differences.isEmpty else { throw RunError.otherConfiguration(file, differences: differences) }
        return run
    }

    /// Runs what is not in the folder yet, and reports.
    ///
    /// - Parameter progress: called after every iteration with the curve, the seed and the iterations done; return `false` to
    ///   stop.
    /// - Returns: nil if it was stopped.
    /// - Throws: ``RunError`` for a file of other settings, `FileError` where another process writes in the folder.
    public func run(
        data: DatasetSplits<ImageDataset>, threads: Int,
        progress: (LearningCurve, UInt64, Int) -> Bool
    ) throws -> Report? {
        let made = try Folder.make(path + "/curves")
        let lock = try FolderLock(path)
        // If nothing came of it.
        defer { lock.remove(made) }
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
                try AtomicFile.write(JSONDocument.encode(run), to: try file(curve, seed))
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
            mitigation: configuration.recipe.local?.mitigation.rawValue, circuit: configuration.ansatz ?? "",
            noise: configuration.noise?.name, batch: configuration.recipe.batchSize, accuracy: accuracy,
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
